"""Each column counted, now and before: numbers and categories, with what may be wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.source import Visibility
from queries.measures.columns.categories import Known, known_of_each
from queries.measures.columns.category_drift import CategoryDrift, drift_of_each
from queries.measures.counting.expressions import Sample, count_where, finite
from queries.measures.past.before import Before
from queries.quality.counts import NumberCounts, Range, number_counts
from queries.quality.faults import (
    Aspect,
    newly_constant,
    of_categories,
    of_files,
    of_numbers,
    only_value,
)
from queries.quality.types import Count, Held


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


def is_number(log: Log, name: str) -> bool:
    """Say whether a column is looked at as numbers; one to split by alone would show persons."""
    return log.kind(name) == "number" and log.visibility(name) is not Visibility.GROUPED


def count_numbers(
    log: Log, there: Sequence[str], types: Mapping[str, Held], before: Before, now: Sample
) -> Iterator[Column]:
    """Count the columns of numbers: one pass over each side."""
    names = [name for name in there if is_number(log, name)]
    if not names:
        return
    was = number_counts(log, names, before.sample, {})[()]
    found = number_counts(log, names, now, {name: each.range for name, each in was.items()})[()]
    fixed = {
        name: each.low or 0.0 for name, each in found.items() if newly_constant(each, was[name])
    }
    # A further pass only where something became constant, which is rare.
    times = _occurrences(log, fixed, was, before.sample) if fixed else {}
    for name in names:
        each = found[name]
        aspects = [
            *of_files(types[name], each.rows),
            *of_numbers(each, was[name], times.get(name, (0, 0)), types[name]),
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


def count_categories(
    log: Log, there: Sequence[str], types: Mapping[str, Held], before: Before, now: Sample
) -> Iterator[Column]:
    """Count the columns of categories: one statement for before, one for now."""
    names = [name for name in there if not is_number(log, name)]
    known = known_of_each(log, names, before.sample)
    for name, drift in drift_of_each(log, known, before.sample, now).items():
        yield _category(name, types[name], known[name], drift.get(()))


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
