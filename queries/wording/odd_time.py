"""A comparable time that was unlike all others, and counts for nothing in what is usual."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core import words
from queries.core.times.spans import Span
from queries.statistics.usual import Usual
from queries.wording.asked import Asked


def odd_time(usual: Usual, spans: Sequence[Span], asked: Asked) -> tuple[str, ...]:
    """Say which one is left out; ``spans`` are the present and those that it is compared with."""
    if usual.left_out is None:
        return ()
    span = spans[1 + usual.left_out]
    said = words.moment(span.start, asked.reading.zone, asked.reading.now, dated=True)
    return (
        f"The comparable time from {said} on was unlike all the others, as on a holiday or in an "
        "outage, and counts for nothing in what is usual.",
    )
