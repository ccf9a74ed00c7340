"""When each version of a model was first seen, and how good it was by its age since then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.value import Cell
from queries.measures.counting.expressions import Expression, Sample
from queries.measures.performance.metrics import Metrics
from queries.measures.performance.tally import metrics, tallies

MOST_VERSIONS = 30
"""With more versions than this, none is followed by its age."""
_WEEK = timedelta(days=7)
_BEGINNING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Age:
    """One version in one week since it was first seen, counted from 1.

    ``from_start`` says that it was there when the log began, so that it may be older. ``metrics``
    are those that need no ranks: the one told first, and others that counts give.
    """

    version: Cell
    week: int
    from_start: bool
    metrics: Metrics


def first_seen(log: Log) -> dict[Cell, datetime]:
    """Give when each version had its first row in the whole log. Needs versions and times."""
    first = sa.func.min(log.column("time"))
    rows = log.aggregate({"first": first}, by={"version": log.column("version")})
    return {row["version"]: row["first"] for row in rows if None not in row.values()}


def ages(log: Log, now: datetime, sample: Sample) -> tuple[Age, ...]:
    """Measure each version by its age in weeks; nothing without versions or times.

    A version is as old as its first row in the whole log. Ordered by first row, then age.
    """
    if sample.spans is None or not log.has("version") or not log.has("time"):
        return ()
    version, first = log.column("version"), first_seen(log)
    # Each version is a branch of one expression that every row goes through.
    if not first or len(first) > MOST_VERSIONS:
        return ()
    week: Expression = sa.case(
        *(
            (version == each, log.bucket(at, int(_WEEK.total_seconds())))
            for each, at in first.items()
        )
    )
    by: Mapping[str, Expression] = {"version": version, "week": week}
    start = min(first.values()) + _BEGINNING
    found = [
        Age(key[0], int(str(key[1])) + 1, first[key[0]] < start, metrics(tally))
        for key, tally in tallies(log, now, sample, by).items()
        if key[0] in first and key[1] is not None
    ]
    found.sort(key=lambda age: (first[age.version], str(age.version), age.week))
    return tuple(found)
