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


def findings(told: Told) -> Iterator[Finding]:
    """Tell each column's worst fault first, then requests logged twice, then further faults."""
    for each in told.broken[: MOST - 1]:
        yield finding(each, each.faults[0], told)
    if told.repeated and told.repeated.value:
        yield doubled(told, told.repeated)
    for each in told.broken:
        for fault in each.faults[1:]:
            yield finding(each, fault, told)
