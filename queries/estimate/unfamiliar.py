"""Which requests have an input that the reference set never held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.number import Number
from queries.core.source import Visibility
from queries.measures.counting.expressions import Condition, Expression, Sample, count_where, finite
from queries.measures.outcomes.outcome import can_have_outcome
from queries.statistics.rates import wilson

MOST_VALUES = 500
"""A column with more different values than this is taken for no category, such as a name."""


@dataclass(frozen=True, slots=True)
class Unfamiliar:
    """Of ``rows``, the share with any such input, and the rows of each input, most first.

    An input is unfamiliar where it lies outside the reference's range, is none of its categories,
    or is missing though it never is there. ``unchecked`` inputs could not be held against it.
    """

    share: Number
    inputs: tuple[tuple[str, int], ...]
    unchecked: tuple[str, ...]


def unfamiliar_inputs(log: Log, reference: Sample, sample: Sample) -> Unfamiliar | None:
    """Count them among requests that can have an outcome; None without inputs to compare.

    Two passes over the reference and one over the sample.
    """
    names = [name for name in log.source.features if all(log.has(name, each) for each in Dataset)]
    if not names:
        return None
    foreign = _foreign(log, names, reference)
    measures: dict[str, Expression] = {"rows": sa.func.count()}
    measures |= {f"input{i}": count_where(each) for i, each in enumerate(foreign.values())}
    if foreign:
        measures["any"] = count_where(sa.or_(*foreign.values()))
    where = (*sample.where, *can_have_outcome(log, sample.dataset))
    row = log.aggregate(measures, spans=sample.spans, where=where, dataset=sample.dataset)[0]
    found = [(name, int(row[f"input{i}"])) for i, name in enumerate(foreign)]
    found.sort(key=lambda each: (-each[1], each[0]))
    return Unfamiliar(
        wilson(int(row.get("any", 0)), int(row["rows"])),
        tuple(each for each in found if each[1]),
        tuple(name for name in names if name not in foreign),
    )


def _foreign(log: Log, names: Sequence[str], reference: Sample) -> dict[str, Condition]:
    """Give the condition for an unfamiliar value of each input that can be checked."""
    numbers = [
        name
        for name in names
        # The range of a column that may only be split by would show single values.
        if log.kind(name) == "number" and log.visibility(name) is Visibility.OPEN
    ]
    texts = [name for name in names if log.kind(name) in ("text", "boolean")]
    values = _categories(log, texts, reference)
    row = _profile(log, names, numbers, reference)
    found: dict[str, Condition] = {}
    for i, name in enumerate(names):
        known, low = values.get(name), row.get(f"low{i}")
        if known:
            strange = sa.and_(sa.not_(log.missing(name)), _text(log, name).not_in(known))
        elif low is not None:
            value = finite(log.column(name))
            strange = sa.or_(value < low, value > row[f"high{i}"])
        else:
            continue
        # Where the reference ever lacks it the model has learned what to do without.
        found[name] = strange if row[f"missing{i}"] else sa.or_(strange, log.missing(name))
    return found


def _profile(
    log: Log, names: Sequence[str], numbers: Sequence[str], reference: Sample
) -> Mapping[str, float]:
    measures: dict[str, Expression] = {}
    for i, name in enumerate(names):
        measures[f"missing{i}"] = count_where(log.missing(name))
        if name in numbers:
            value = finite(log.column(name))
            measures |= {f"low{i}": sa.func.min(value), f"high{i}": sa.func.max(value)}
    return log.aggregate(
        measures, spans=reference.spans, where=reference.where, dataset=reference.dataset
    )[0]


def _categories(log: Log, names: Sequence[str], reference: Sample) -> dict[str, list[str]]:
    """List each column's values in the reference; nothing for columns with too many.

    Uses a relation: the columns are stacked, and only so many values of each come back.
    """
    if not names:
        return {}
    rows = log.relation(
        {f"x{i}": _text(log, name) for i, name in enumerate(names)},
        spans=reference.spans,
        where=reference.where,
        dataset=reference.dataset,
    )
    each = [
        sa.select(sa.literal(i).label("which"), rows.c[f"x{i}"].label("value"))
        .where(rows.c[f"x{i}"] != "")
        .group_by(rows.c[f"x{i}"])
        for i in range(len(names))
    ]
    stacked = sa.union_all(*each).subquery()
    place = sa.func.row_number().over(partition_by=stacked.c.which, order_by=stacked.c.value)
    placed = sa.select(stacked.c.which, stacked.c.value, place.label("place")).subquery()
    found: dict[str, list[str]] = {}
    for row in log.run(
        sa.select(placed.c.which, placed.c.value)
        .where(placed.c.place <= MOST_VALUES + 1)
        .group_by(placed.c.which, placed.c.value)
    ):
        found.setdefault(names[int(row["which"])], []).append(str(row["value"]))
    return {name: values for name, values in found.items() if len(values) <= MOST_VALUES}


def _text(log: Log, name: str) -> Expression:
    return sa.cast(log.column(name), sa.String)
