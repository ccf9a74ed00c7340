"""Which counts of groups may be shown, so that those of small groups can't be worked out.

Counts stand in a table with margins, in which every line adds up. Take rows and columns as points
and each withheld count as a line between its row and its column: a withheld count can be solved
for from those shown exactly where its line lies on no closed way (a bridge).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from itertools import chain
from typing import TypeVar

G = TypeVar("G", bound=Hashable)

TOTAL = "in all"
"""Stands for a whole row or column; ``(TOTAL, TOTAL)`` is the grand total, always known."""

Entry = tuple[Hashable, Hashable]
Node = tuple[str, Hashable]


def withheld_groups(sizes: Mapping[G, int], least: int) -> frozenset[G]:
    """Give the groups to withhold, as the number of all rows is known to whoever reads.

    Those smaller than ``least``, and with them the next larger ones, until there are two and
    they are no small group together. Groups without rows need no protection.
    """
    ordered = sorted((n, str(group), group) for group, n in sizes.items() if n)
    if not ordered or ordered[0][0] >= least:
        return frozenset()
    taken, total = 0, 0
    for n, _, _ in ordered:
        # One alone is the whole less the others; a few that are small
        # together are still a small group.
        if taken >= 2 and total >= least and n >= least:
            break
        taken, total = taken + 1, total + n
    return frozenset(group for _, _, group in ordered[:taken])


def withheld(
    counts: Mapping[Entry, int], least: int, unseen: Collection[Entry] = ()
) -> frozenset[Entry]:
    """Give the entries of a table with margins to withhold, those in ``unseen`` among them.

    Margins stand under ``TOTAL``; ``unseen`` are entries that are not shown anyway. Counts below
    ``least`` are withheld, and larger ones with them until none of the small can be solved for
    and no line's withheld counts are a small group together. Zeros are known.
    """
    there = {entry: n for entry, n in counts.items() if n and entry != (TOTAL, TOTAL)}
    small = {entry for entry, n in there.items() if n < least}
    hidden = small | {entry for entry in unseen if entry in there}
    while exposed := _exposed(there, hidden, small, least):
        more = _rectangle(there, hidden, exposed[0]) or _nearest(there, hidden, exposed[0])
        # Nothing is left to protect them with: then the table shows nothing at all.
        if not more:
            return frozenset(there)
        hidden |= more
    return frozenset(hidden)


def with_margins(cells: Mapping[Entry, int]) -> dict[Entry, int]:
    """Add the sums of rows and columns, and of all."""
    counts: dict[Entry, int] = dict(cells)
    for (row, column), n in cells.items():
        for entry in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            counts[entry] = counts.get(entry, 0) + n
    return counts


def _exposed(
    there: Mapping[Entry, int], hidden: set[Entry], small: set[Entry], least: int
) -> list[Entry]:
    """The small entries that can be solved for, or whose line gives a small group together."""
    bridges = _bridges(hidden)
    lines = defaultdict(list)
    for entry in hidden:
        for end in _ends(entry):
            lines[end].append(entry)
    thin = {
        end
        for end, entries in lines.items()
        if not any(_is_margin(entry, end) for entry in entries)
        and sum(there[entry] for entry in entries) < least
    }
    exposed = [each for each in small if each in bridges or thin.intersection(_ends(each))]
    return sorted(exposed, key=lambda entry: (there[entry], str(entry)))


def _rectangle(there: Mapping[Entry, int], hidden: set[Entry], entry: Entry) -> set[Entry]:
    """The fewest requests to withhold so that an entry lies on a closed way of four."""
    row, column = entry
    best: tuple[int, str, set[Entry]] | None = None
    for other_row, other_column in there:
        corners = {(row, other_column), (other_row, column), (other_row, other_column)}
        if other_row == row or other_column == column or not corners <= there.keys():
            continue
        more = corners - hidden
        # Names break ties: which cells are withheld may not change from one answer to the next, as
        # the difference of two answers would tell them.
        found = sum(there[each] for each in more), str(sorted(map(str, more))), more
        if best is None or found[:2] < best[:2]:
            best = found
    return best[2] if best else set()


def _nearest(there: Mapping[Entry, int], hidden: set[Entry], entry: Entry) -> set[Entry]:
    """The smallest entry still shown on a line with this one; else of the whole table."""
    shown = [each for each in there if each not in hidden]
    near = [each for each in shown if each[0] == entry[0] or each[1] == entry[1]]
    chosen = min(near or shown, key=lambda each: (there[each], str(each)), default=None)
    return set() if chosen is None else {chosen}


def _ends(entry: Entry) -> tuple[Node, Node]:
    return ("row", entry[0]), ("column", entry[1])


def _is_margin(entry: Entry, end: Node) -> bool:
    """Whether an entry is the sum of the line at this end."""
    return entry[1] == TOTAL if end[0] == "row" else entry[0] == TOTAL


def _bridges(entries: Collection[Entry]) -> set[Entry]:
    """The entries without which their row and column would not hang together any more."""
    lines: defaultdict[Node, list[tuple[Node, Entry]]] = defaultdict(list)
    for entry in sorted(entries, key=str):
        row, column = _ends(entry)
        lines[row].append((column, entry))
        lines[column].append((row, entry))
    seen: dict[Node, int] = {}
    return set(chain.from_iterable(_from(node, lines, seen) for node in lines if node not in seen))


def _from(
    root: Node, lines: Mapping[Node, list[tuple[Node, Entry]]], seen: dict[Node, int]
) -> Iterator[Entry]:
    """Walk depth first (Tarjan): an entry is a bridge where no other way leads back above it."""
    seen[root] = len(seen)
    low = {root: seen[root]}
    # A stack of our own: tables of a thousand lines would pass Python's limit of recursion.
    way: list[tuple[Node, Entry | None, Iterator[tuple[Node, Entry]]]]
    way = [(root, None, iter(lines[root]))]
    while way:
        node, by, rest = way[-1]
        step = next(rest, None)
        if step is None:
            way.pop()
            if way and by is not None:
                above = way[-1][0]
                low[above] = min(low[above], low[node])
                if low[node] > seen[above]:
                    yield by
        elif step[0] not in seen:
            seen[step[0]] = low[step[0]] = len(seen)
            way.append((step[0], step[1], iter(lines[step[0]])))
        # Not back along the same entry; two different ones between the same
        # lines would be a way round.
        elif step[1] != by:
            low[node] = min(low[node], seen[step[0]])
