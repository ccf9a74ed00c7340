"""What is wrong with each column, the worst first."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import Finding
from queries.quality.told import (
    MOST,
    Told,
    doubled,
    finding,
)


def findings(looked: Told) -> Iterator[Finding]:
    """Tell each column's worst fault first, then requests logged twice, then further faults."""
    for each in looked.broken[: MOST - 1]:
        yield finding(each, each.faults[0], looked)
    if looked.repeated and looked.repeated.value:
        yield doubled(looked, looked.repeated)
    for each in looked.broken:
        for fault in each.faults[1:]:
            yield finding(each, fault, looked)
