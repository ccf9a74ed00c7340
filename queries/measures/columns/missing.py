"""Is the data there: missing values by column, all columns in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.number import Number
from queries.measures.counting.expressions import EVERYTHING, Expression, Key, Sample, count_where
from queries.statistics.rates import wilson


def missing_shares(
    log: Log,
    names: Sequence[str],
    sample: Sample = EVERYTHING,
    by: Mapping[str, Expression] | None = None,
) -> dict[Key, dict[str, Number]]:
    """Give the share of rows in which each column is missing (NULL, NaN or an empty text).

    By group; Wilson intervals. Without rows the share says so.
    """
    groups = dict(by or {})
    measures: dict[str, Expression] = {"rows": sa.func.count()}
    measures |= {f"missing{i}": count_where(log.missing(name)) for i, name in enumerate(names)}
    found = log.aggregate(
        measures, by=groups, spans=sample.spans, where=sample.where, dataset=sample.dataset
    )
    return {
        tuple(row[key] for key in groups): {
            name: wilson(int(row[f"missing{i}"]), int(row["rows"])) for i, name in enumerate(names)
        }
        for row in found
    }
