"""What is wrong with each column, the worst first."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import Finding
from queries.quality.told import (
    MOST,
    Told,
    doubled,
    finding,
    unknown,
)


def findings(told: Told) -> Iterator[Finding]:
    """Tell each column's worst fault first, then what is wrong with requests, then further faults.

    Of requests some are logged twice, and of some the status says nothing.
    """
    of_requests = []
    if told.repeated and told.repeated.value:
        of_requests.append(doubled(told, told.repeated))
    if told.untold:
        of_requests.append(unknown(told, told.untold))
    for each in told.broken[: MOST - max(1, len(of_requests))]:
        yield finding(each, each.faults[0], told)
    yield from of_requests
    for each in told.broken:
        for fault in each.faults[1:]:
            yield finding(each, fault, told)
