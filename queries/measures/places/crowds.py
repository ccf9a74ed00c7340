"""Which slices by what people are only grouped by may be told, beside all the others."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Condition, Expression
from queries.measures.places.subgroups import Subgroup


def may_be_split(
    log: Log,
    dimensions: Sequence[str],
    spans: Sequence[Span] | None,
    where: Sequence[Condition],
    beside: Sequence[Expression],
) -> list[str]:
    """Give the dimensions by which these rows can be split; the answer says which can't.

    ``beside`` is what is measured of each group.
    """
    found = [name for name in dimensions if log.may_split_by(name, spans, where, beside)]
    if left := [name for name in dimensions if name not in found]:
        named = " and ".join(f"“{name}”" for name in left)
        log.withheld.append(
            f"Not split by {named}: groups of so few, or nearly the same as told before, could "
            "tell of single people."
        )
    return found


def told_of_crowds(
    groups: Sequence[Subgroup], total: Subgroup, crowds: AbstractSet[str], least: int
) -> list[Subgroup]:
    """Leave out the slices from which something of fewer than ``least`` people would follow.

    Of so few hits, or so few that are none, it would be told which people they were; and of pairs
    with a small cell that one would follow from the others.
    """
    few = any(0 < n < least for k, m in (total.now, *total.past) for n in (k, m - k))
    small = {
        each.dimensions
        for each in groups
        if len(each.dimensions) > 1 and any(0 < n < least for _, n in (each.now, *each.past))
    }
    return [
        each
        for each in groups
        if not crowds & {*each.dimensions} or not (few or each.dimensions in small)
    ]
