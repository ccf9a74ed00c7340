"""Favourable decisions by group: tallies that are safe to show, and the gaps between groups."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from queries.core.crowds.refusals import OTHERS
from queries.core.crowds.suppression import (
    TOTAL,
    Entry,
    with_margins,
    withheld,
    withheld_groups,
)
from queries.core.log import Log
from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.counting.expressions import Condition, Expression, Key, Sample, count_where
from queries.statistics.rates import difference, ratio, wilson

FOUR_FIFTHS = 0.8
"""A group's rate below this share of the highest one is what 29 CFR 1607.4(D) asks to look at."""


@dataclass(frozen=True, slots=True)
class Tally:
    """So many requests, and how many of them were decided favourably."""

    n: int
    favourable: int

    def plus(self, other: Tally) -> Tally:
        """Put two together."""
        return Tally(self.n + other.n, self.favourable + other.favourable)

    @property
    def rate(self) -> Number:
        """The favourable share, with Wilson's interval."""
        return wilson(self.favourable, self.n)


NONE = Tally(0, 0)


@dataclass(frozen=True, slots=True)
class Gap:
    """One group against the reference group, both in the same column (version, day, side).

    ``difference`` is its favourable rate less the reference's (Newcombe), ``ratio`` the quotient
    (Katz).
    """

    group: Key
    column: Cell
    tally: Tally
    difference: Number
    ratio: Number


def group_tallies(
    log: Log,
    by: Mapping[str, Expression],
    favourable: Condition,
    sample: Sample,
    along: Expression | None = None,
) -> dict[tuple[Key, Cell], Tally]:
    """Count by group and, where given, along a column such as the version; else along None.

    One pass. ``sample`` must hold only rows of which the decision is known. Raw: hand it to
    ``shown_along`` before anything of it is said.
    """
    groups = dict(by) | ({} if along is None else {"along": along})
    measures = {"n": sa.func.count(), "favourable": count_where(favourable)}
    rows = log.aggregate(measures, by=groups, spans=sample.spans, where=sample.where)
    return {
        (tuple(row[name] for name in by), row.get("along")): Tally(row["n"], row["favourable"])
        for row in rows
        if row["n"]
    }


def totals(tallied: Mapping[tuple[Key, Cell], Tally]) -> dict[Key, Tally]:
    """Put each group's columns together."""
    found: dict[Key, Tally] = {}
    for (group, _), tally in tallied.items():
        found[group] = found.get(group, NONE).plus(tally)
    return found


def shown_groups(sizes: Mapping[Key, int], least: int) -> frozenset[Entry]:
    """Give what of groups must not be shown, as entries of a table.

    Of one attribute ``(group, TOTAL)``; of two the groups' cells ``(first, second)`` and their
    margins, as both are shown.
    """
    if sizes and len(next(iter(sizes))) == 2:
        cells: dict[Entry, int] = {(one, other): n for (one, other), n in sizes.items()}
        return withheld(with_margins(cells), least)
    return frozenset((group, TOTAL) for group in withheld_groups(sizes, least))


def is_shown(group: Key, kept_back: Collection[Entry]) -> bool:
    """Whether a group of one attribute or of two may be shown."""
    entry: Entry = (group, TOTAL) if len(group) == 1 else (group[0], group[1])
    return entry not in kept_back and OTHERS not in group


def shown_along(
    tallied: Mapping[tuple[Key, Cell], Tally], least: int, groups: Collection[Key]
) -> dict[tuple[Key, Cell], Tally]:
    """Give the tallies along a column that may be shown beside the totals of these ``groups``.

    For gaps by version (as in a rollout)::

        raw = group_tallies(log, {"sex": log.column("sex")}, favourable, sample, version)
        sizes = {group: tally.n for group, tally in totals(raw).items()}
        kept_back = shown_groups(sizes, log.source.smallest_group)
        groups = [group for group in sizes if is_shown(group, kept_back)]
        safe = shown_along(raw, log.source.smallest_group, groups)
        found = gaps(safe, largest(safe))

    The answer may then show ``safe`` and each of ``groups`` in all. It must show no total of a
    column over all groups: those of ``safe`` may be added up instead.
    """
    counts = with_margins({entry: tally.n for entry, tally in tallied.items()})
    unseen = [
        entry
        for entry in counts
        if entry != (TOTAL, TOTAL) and (entry[0] == TOTAL or entry[0] not in groups)
    ]
    hidden = withheld(counts, least, unseen)
    return {entry: tally for entry, tally in tallied.items() if entry not in hidden}


def largest(tallied: Mapping[tuple[Key, Cell], Tally]) -> Key | None:
    """The largest group of all, the first by name among equals; None where there is none."""
    sizes = totals(tallied)
    # The largest is known best: its own luck adds least to each of the gaps.
    return min(sizes, key=lambda group: (-sizes[group].n, str(group)), default=None)


def gaps(
    tallied: Mapping[tuple[Key, Cell], Tally], reference: Key, columns: Sequence[Cell] = ()
) -> tuple[Gap, ...]:
    """Compare every group with the reference group, column by column; the reference left out.

    Only columns in which the reference is there. In the order of ``columns`` where given.
    """
    ordered = list(columns) or list(dict.fromkeys(column for _, column in tallied))
    return tuple(
        Gap(group, column, tally, *_compared(tally, tallied[reference, column]))
        for column in ordered
        for (group, at), tally in tallied.items()
        if at == column and group != reference and (reference, column) in tallied
    )


def _compared(one: Tally, other: Tally) -> tuple[Number, Number]:
    counts = (one.favourable, one.n, other.favourable, other.n)
    return difference(*counts), ratio(*counts)
