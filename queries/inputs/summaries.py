"""A number in brief, by group: mean, spread, median and sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from queries.core.doors.constructs import Quantile
from queries.core.log import Log
from queries.measures.counting.expressions import Expression, Key, Sample, finite


@dataclass(frozen=True, slots=True)
class Summary:
    """The values of a column that are there and finite; each None where there are none.

    ``deviation`` is the sample's standard deviation (n - 1), None of a single value.
    """

    mean: float | None
    deviation: float | None
    median: float | None
    total: float | None


NO_SUMMARY = Summary(None, None, None, None)


def summaries(
    log: Log, names: Sequence[str], sample: Sample, by: Mapping[str, Expression]
) -> dict[Key, dict[str, Summary]]:
    """Sum numeric columns up by group, all in one pass.

    Raises NotAnswerable where a column may only be split by: its median would show a single value.
    """
    measures: dict[str, Expression] = {}
    for i, name in enumerate(names):
        value = finite(log.column(name))
        measures |= {
            f"mean{i}": sa.func.avg(value),
            f"deviation{i}": sa.func.stddev_samp(value),
            f"median{i}": Quantile(value, 0.5),
            f"total{i}": sa.func.sum(value),
        }
    if not measures:
        return {}
    rows = log.aggregate(
        measures, by=by, spans=sample.spans, where=sample.where, dataset=sample.dataset
    )
    return {
        tuple(row[key] for key in by): {
            name: Summary(*(row[f"{each}{i}"] for each in ("mean", "deviation", "median", "total")))
            for i, name in enumerate(names)
        }
        for row in rows
    }
