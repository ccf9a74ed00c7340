"""A slice that is new, such as a version: held against the others only since it was there."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Condition
from queries.measures.counting.over_time import first_seen
from queries.measures.failures.carriers import Carrier, carriers
from queries.measures.failures.slices import over_time_and_slices


def since_arrival(
    log: Log, carrier: Carrier | None, hit: Condition, span: Span, where: Sequence[Condition]
) -> Carrier | None:
    """Judge the slice that carries a change again, where it has no past and the others do.

    A version that arrived just before everything failed stands apart from the others' whole time,
    in most of which all was well. Since it arrived both may fail alike: then it carries nothing,
    and None is given.
    """
    if carrier is None or not is_new(carrier):
        return carrier
    arrived = first_seen(log, carrier.dimension, span, where).get(str(carrier.value))
    if arrived is None:
        return carrier
    lately = Span(arrived, span.end)
    _, counted = over_time_and_slices(log, [carrier.dimension], hit, [lately], where)
    # Against the other values alone, without a past: before it arrived there is nothing to compare.
    found = (each for each in carriers(counted) if each.value == carrier.value and each.carries)
    return next(found, None)


def is_new(carrier: Carrier) -> bool:
    """Whether a slice has no past though the rest of its dimension has one."""
    return carrier.here.usual.value is None and carrier.elsewhere.usual.value is not None
