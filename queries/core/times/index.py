"""The index of the local day, or of the span, in which a logged time lies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.doors.constructs import Bucket
from queries.core.times.spans import Span, midnight, naive

_DAY = timedelta(days=1)


def span_index(moment: sa.ColumnElement[Any], spans: Sequence[Span]) -> sa.ColumnElement[int]:
    """Index of the first span in which a time lies; NULL outside all of them."""
    whens = [
        (sa.and_(moment >= naive(span.start), moment < naive(span.end)), sa.literal(i))
        for i, span in enumerate(spans)
    ]
    return sa.case(*whens, else_=None) if whens else sa.literal(None, sa.Integer)


def day_index(
    moment: sa.ColumnElement[Any], first: date, last: date, zone: ZoneInfo
) -> sa.ColumnElement[int]:
    """Index of the zone's day in which a time lies, 0 for ``first``; NULL after ``last``.

    A day on which clocks move is 23 or 25 hours long. Days between two such days are
    buckets of 24 hours from one origin, so that a year needs a handful of conditions.
    """
    starts = [midnight(first + i * _DAY, zone) for i in range((last - first).days + 2)]
    whens = []
    begin = 0
    for i in range(1, len(starts)):
        at_end = i == len(starts) - 1
        if at_end or starts[i + 1] - starts[i] != starts[begin + 1] - starts[begin]:
            seconds = round((starts[begin + 1] - starts[begin]).total_seconds())
            index = Bucket(moment, naive(starts[begin]), seconds) + begin
            whens.append((moment < naive(starts[i]), index))
            begin = i
    return sa.case((moment < naive(starts[0]), None), *whens, else_=None)
