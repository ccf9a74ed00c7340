"""Is the data broken: every column's faults against what it is compared with, worst first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from queries.core.answer import Number
from queries.core.logs import Log
from queries.core.source import Visibility
from queries.measures.before import Before
from queries.measures.categories import CategoryDrift, Known, category_drift, known_categories
from queries.measures.column_counts import NumberCounts, Range, number_counts
from queries.measures.column_types import Count, Held, held
from queries.measures.estimates import LEVEL
from queries.measures.expressions import Sample, count_where, finite
from queries.measures.failures import emptied
from queries.measures.faults import (
    BY_FILES,
    Aspect,
    Fault,
    newly_constant,
    of_categories,
    of_files,
    of_numbers,
    only_value,
)
from queries.measures.input_rates import BEYOND_CHANCE
from queries.measures.multiplicity import benjamini_hochberg
from queries.measures.periods import COMPARABLE
from queries.measures.rates import difference, wilson
from queries.measures.usual import usual_rate


@dataclass(frozen=True, slots=True)
class Column:
    """One column's values now and before, as far as it could be read.

    ``nan`` are those of the missing that are there but are no number. ``range`` is that before,
    and ``reached`` the one now. ``unseen`` are values never seen before, commonest first;
    ``constant`` is the one value that all present ones are.
    """

    name: str
    held: Held
    rows: int
    aspects: tuple[Aspect, ...]
    nan: int = 0
    range: Range | None = None
    reached: Range | None = None
    unseen: tuple[str, ...] = ()
    unseen_categories: int = 0
    constant: str | None = None
    known: Known | None = None


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

    Numbers are counted in one pass over each side, categories in two statements each. A column
    that files now lack is not read: its requests would be left out of all others'.
    """
    types = {name: held(log, name, before, now.spans) for name in names}
    there = [name for name in names if not types[name].absent]
    columns = [
        *_numbers(log, there, types, before, now),
        *_categories(log, there, types, before, now),
    ]
    rows = max((each.rows for each in columns), default=0)
    columns += [
        Column(name, types[name], types[name].rows, tuple(of_files(types[name], rows)))
        for name in names
        if types[name].absent
    ]
    usual = _usually_missing(log, there, before, now)
    pairs = [(each, aspect) for each in columns for aspect in each.aspects]
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


def is_number(log: Log, name: str) -> bool:
    """Say whether a column is looked at as numbers; one to split by alone would show persons."""
    return log.kind(name) == "number" and log.visibility(name) is not Visibility.GROUPED


def _numbers(
    log: Log, there: Sequence[str], types: Mapping[str, Held], before: Before, now: Sample
) -> Iterator[Column]:
    names = [name for name in there if is_number(log, name)]
    if not names:
        return
    was = number_counts(log, names, before.sample, {})[()]
    found = number_counts(log, names, now, {name: each.range for name, each in was.items()})[()]
    fixed = {
        name: each.low or 0.0 for name, each in found.items() if newly_constant(each, was[name])
    }
    times = _occurrences(log, fixed, was, before.sample) if fixed else {}
    for name in names:
        each = found[name]
        aspects = [
            *of_files(types[name], each.rows),
            *of_numbers(each, was[name], times.get(name, (0, 0))),
        ]
        yield Column(
            name,
            types[name],
            each.rows,
            tuple(aspects),
            nan=each.nan,
            range=was[name].range,
            reached=each.range,
            constant=f"{fixed[name]:g}" if name in fixed else None,
        )


def _occurrences(
    log: Log, values: Mapping[str, float], was: Mapping[str, NumberCounts], before: Sample
) -> dict[str, Count]:
    """Count how often single values came before, for the columns that are constant now."""
    row = log.aggregate(
        {
            f"n{i}": count_where(finite(log.column(name)) == sa.literal(value, sa.Double))
            for i, (name, value) in enumerate(values.items())
        },
        spans=before.spans,
        where=before.where,
        dataset=before.dataset,
    )[0]
    return {name: (int(row[f"n{i}"]), was[name].n) for i, name in enumerate(values)}


def _categories(
    log: Log, there: Sequence[str], types: Mapping[str, Held], before: Before, now: Sample
) -> Iterator[Column]:
    for name in there:
        if is_number(log, name):
            continue
        known = known_categories(log, name, before.sample)
        drift = category_drift(log, name, known, before.sample, now).get(())
        yield _category(name, types[name], known, drift)


def _category(name: str, held: Held, known: Known, drift: CategoryDrift | None) -> Column:
    if drift is None:
        return Column(name, held, 0, (), known=known)
    return Column(
        name,
        held,
        drift.rows,
        (*of_files(held, drift.rows), *of_categories(drift, known)),
        unseen=tuple(value for value, _ in drift.turnover.unseen),
        unseen_categories=drift.unseen_categories,
        constant=only_value(drift),
        known=known,
    )


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
    broken = aspect.fault in BY_FILES or (more and not expected)
    return Found(aspect.fault, wilson(*aspect.now), wilson(*aspect.before), change, q, broken)


def _rank(broken: Broken) -> tuple[int, float, str]:
    order = list(Fault)
    if broken.faults:
        worst = broken.faults[0]
        return order.index(worst), -(broken.found[worst].change.value or 0.0), broken.name
    shares = [each.change.value or 0.0 for each in broken.found.values()]
    return len(order), -max(shares, default=0.0), broken.name
