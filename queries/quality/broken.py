"""Is the data broken: every column's faults against what it is compared with, worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from queries.core.log import Log
from queries.core.number import Number
from queries.measures.columns.rates import BEYOND_CHANCE
from queries.measures.counting.expressions import Sample
from queries.measures.counting.over_time import emptied
from queries.measures.past.before import Before
from queries.quality.columns import Column, count_categories, count_numbers
from queries.quality.faults import (
    BY_FILES,
    Aspect,
    Fault,
    of_files,
)
from queries.quality.types import held, unread
from queries.statistics.estimates import LEVEL
from queries.statistics.multiplicity import benjamini_hochberg
from queries.statistics.rates import difference, wilson
from queries.statistics.usual import COMPARABLE, usual_rate


@dataclass(frozen=True, slots=True)
class Found:
    """One aspect judged. ``change`` is the share now less before; ``q`` is its p value corrected
    for all aspects of all columns (Benjamini-Hochberg); ``broken`` says that it is beyond chance,
    beyond how it usually varies, and by enough.
    """

    fault: Fault
    now: Number
    before: Number
    change: Number
    q: float | None
    broken: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """A column with what was found of it; ``faults`` are those that broke, worst first."""

    column: Column
    found: Mapping[Fault, Found]

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is broken, worst first."""
        return tuple(fault for fault in Fault if fault in self.found and self.found[fault].broken)

    def with_fault(self, fault: Fault) -> Broken:
        """Give the same column with a fault called broken."""
        found = replace(self.found[fault], broken=True)
        return replace(self, found={**self.found, fault: found})


def broken_columns(
    log: Log, names: Sequence[str], before: Before, now: Sample
) -> tuple[Broken, ...]:
    """Judge every column; those that broke come first, the worst of them on top.

    Numbers are counted in one pass over each side, categories in one statement for each. A column
    that files now lack is not read: its requests would be left out of all others'.
    """
    odd, odd_before = unread(log, names, now), unread(log, names, before.sample)
    types = {name: held(log, name, before, now, odd[name], odd_before[name]) for name in names}
    there = [name for name in names if not types[name].absent]
    columns = [
        *count_numbers(log, there, types, before, now),
        *count_categories(log, there, types, before, now),
    ]
    rows = max((each.rows for each in columns), default=0)
    columns += [
        Column(name, types[name], types[name].rows, tuple(of_files(types[name], rows)))
        for name in names
        if types[name].absent
    ]
    usual = _usually_missing(log, there, before, now)
    pairs = [(each, aspect) for each in columns for aspect in each.aspects]
    # All aspects of all columns at once: each could have been the one that is told.
    adjusted = benjamini_hochberg([aspect.p for _, aspect in pairs])
    found: dict[str, dict[Fault, Found]] = {each.name: {} for each in columns}
    for (column, aspect), q in zip(pairs, adjusted, strict=True):
        expected = aspect.fault is Fault.EMPTIED and column.name in usual
        least = log.source.matters.missing
        found[column.name][aspect.fault] = _judged(aspect, q, least, expected=expected)
    return ranked([Broken(each, found[each.name]) for each in columns])


def ranked(columns: Sequence[Broken]) -> tuple[Broken, ...]:
    """Order columns, the worst first."""
    return tuple(sorted(columns, key=_rank))


def _usually_missing(log: Log, names: Sequence[str], before: Before, now: Sample) -> set[str]:
    """Name the columns missing no more than their share varies between comparable periods.

    The level is corrected for the number of columns (Bonferroni).
    """
    if len(before.periods) < COMPARABLE or not now.spans or not names:
        return set()
    level = 1 - (1 - LEVEL) / len(names)
    counted = emptied(log, names, [*now.spans, *before.periods], now.where)
    usual = {str(each.value): usual_rate(each.past, each.now, level=level) for each in counted}
    return {name for name, each in usual.items() if not each.unusual}


def _judged(aspect: Aspect, q: float | None, least: float, *, expected: bool) -> Found:
    change = difference(*aspect.now, *aspect.before)
    more = q is not None and q <= BEYOND_CHANCE and (change.value or 0.0) >= least
    # What files tell is so for certain; only what is counted may be chance.
    broken = aspect.fault in BY_FILES or (more and not expected)
    return Found(
        fault=aspect.fault,
        now=wilson(*aspect.now),
        before=wilson(*aspect.before),
        change=change,
        q=q,
        broken=broken,
    )


def _rank(broken: Broken) -> tuple[int, float, str]:
    order = list(Fault)
    if broken.faults:
        worst = broken.faults[0]
        return order.index(worst), -(broken.found[worst].change.value or 0.0), broken.name
    shares = [each.change.value or 0.0 for each in broken.found.values()]
    return len(order), -max(shares, default=0.0), broken.name
