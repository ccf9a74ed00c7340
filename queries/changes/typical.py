"""What is typical of the past: the range of its numbers, and the categories that it held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from queries.core.doors.constructs import Quantile
from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.source import Scalar
from queries.measures.counting.apart import which_of
from queries.measures.counting.expressions import Expression, Sample, finite

MOST_KNOWN = 500
"""A column of more categories than this is not followed: most of its values are rare."""


@dataclass(frozen=True, slots=True)
class Categories:
    """A column's values, commonest first; ``many`` says that there are too many to follow."""

    values: tuple[Scalar, ...]
    many: bool = False


@dataclass(frozen=True, slots=True)
class Typical:
    """Quartiles of the numbers and the values of the categories; both by column.

    ``slow`` is the latency in milliseconds that 95 of 100 requests stay below.
    """

    quartiles: Mapping[str, tuple[float, float]]
    slow: float | None
    categories: Mapping[str, Categories]


def typical_of(log: Log, inputs: Sequence[str], sample: Sample) -> Typical:
    """Look at the inputs, the outputs and the latency of some rows, in two passes."""
    outputs = [name for name in ("score", "prediction", "decision") if log.has(name)]
    named = [name for name in dict.fromkeys((*inputs, *outputs)) if _held(log, name)]
    numbers = [name for name in named if _is_number(log, name)]
    others = [name for name in named if name not in numbers and log.kind(name) != "time"]
    slow = ["latency_ms"] if _held(log, "latency_ms") else []
    found = _quantiles(log, numbers, slow, sample)
    quartiles = {
        name: (low, high)
        for name in numbers
        if (low := found[f"low {name}"]) is not None and (high := found[f"high {name}"]) is not None
    }
    return Typical(quartiles, found.get("slow"), _categories(log, others, sample))


def _held(log: Log, name: str) -> bool:
    return log.has(name, Dataset.PRODUCTION)


def _is_number(log: Log, name: str) -> bool:
    """Whether values are to be measured; the classes of a model are told apart instead."""
    classes = name == "decision" or (name == "prediction" and log.source.task != "regression")
    return log.kind(name) == "number" and not classes


def _quantiles(
    log: Log, numbers: Sequence[str], slow: Sequence[str], sample: Sample
) -> dict[str, float | None]:
    measures: dict[str, Expression] = {}
    for name in numbers:
        measures[f"low {name}"] = Quantile(finite(log.column(name)), 0.25)
        measures[f"high {name}"] = Quantile(finite(log.column(name)), 0.75)
    for name in slow:
        measures["slow"] = Quantile(finite(log.column(name)), 0.95)
    if not measures:
        return {}
    return log.aggregate(measures, spans=sample.spans, where=sample.where)[0]


def _categories(log: Log, names: Sequence[str], sample: Sample) -> dict[str, Categories]:
    """List each column's values, all columns in one pass.

    Uses a relation for GROUPING SETS, and ranks within each so that no column of countless values
    is handed out whole.
    """
    if not names:
        return {}
    labels = [f"c{at}" for at in range(len(names))]
    rows = log.relation(
        {label: log.column(name) for label, name in zip(labels, names, strict=True)},
        spans=sample.spans,
        where=sample.where,
    )
    columns = [rows.c[label] for label in labels]
    sets = sa.func.grouping_sets(*(sa.tuple_(each) for each in columns))
    n = sa.func.count().label("n")
    counted = sa.select(which_of(columns), *columns, n).group_by(sets).subquery()
    rank = sa.func.row_number().over(partition_by=counted.c.which, order_by=counted.c.n.desc())
    ranked = sa.select(counted, rank.label("rank")).subquery()
    shown = [ranked.c.which, *(ranked.c[label] for label in labels), ranked.c.n]
    # One more than is followed shows that there are too many. Grouped, though every row is one of
    # its own: a log lists values of guarded columns in groups only.
    listed = log.run(sa.select(*shown).where(ranked.c.rank <= MOST_KNOWN + 1).group_by(*shown))
    found: dict[str, list[tuple[int, Scalar | None]]] = {name: [] for name in names}
    for row in listed:
        found[names[row["which"]]].append((row["n"], row[f"c{row['which']}"]))
    return {name: _known(values) for name, values in found.items()}


def _known(counted: list[tuple[int, Scalar | None]]) -> Categories:
    if len(counted) > MOST_KNOWN:
        return Categories((), many=True)
    ranked = sorted(counted, key=lambda each: (-each[0], str(each[1])))
    return Categories(tuple(value for _, value in ranked if value is not None and value != ""))
