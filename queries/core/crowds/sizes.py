"""Which groups are too small to be told one by one, in one table or in several together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from queries.core.value import Cell

Sizes = Mapping[Cell, int]
"""The people of each group in some rows."""


def too_small(
    tables: Sequence[Sizes], least: int, order: Sequence[Cell] = ()
) -> frozenset[Cell] | None:
    """Give the groups to count together, so that in no table a small one shows; None for all.

    The tables are of rows that are told of, or follow from what is told. A group of fewer than
    ``least`` in any of them is too small, and others with it: one alone would be the whole less
    the others, and a few may be a small group together. Those are taken in ``order``, which has
    to be the same for all answers: hidden with another each time, the small one would follow.
    """
    there = {group for table in tables for group, n in table.items() if n}
    hidden = {group for table in tables for group, n in table.items() if 0 < n < least}
    ranks = {group: rank for rank, group in enumerate(order)}
    shown = sorted(there - hidden, key=lambda each: (ranks.get(each, -1), str(each)))

    def together(table: Sizes) -> int:
        return sum(table.get(group, 0) for group in hidden)

    while hidden and (len(hidden) < 2 or any(0 < together(each) < least for each in tables)):
        if not shown:
            return None
        hidden.add(shown.pop(0))
    return frozenset(hidden) if shown or not hidden else None
