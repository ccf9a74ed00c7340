"""Requests of one entity go together: how much wider that makes the interval of a rate."""

from __future__ import annotations

import sqlalchemy as sa

from queries.core.logs import Log
from queries.measures.expressions import EVERYTHING, Condition, Expression, Sample, total
from queries.measures.usual import design_effect


def entity_effect(log: Log, condition: Condition, sample: Sample = EVERYTHING) -> float:
    """Give the design effect of a rate by ``entity_id``, 1 where the log has none.

    To be handed to ``usual_rate``. Uses a relation: rows are summed up by entity before the sums
    of squares over entities are taken.
    """
    if not log.has("entity_id"):
        return 1.0
    relation = log.relation(
        {"entity": log.column("entity_id"), "hit": sa.case((condition, 1), else_=0)},
        spans=sample.spans,
        where=sample.where,
        dataset=sample.dataset,
    )
    each = (
        sa.select(total(relation.c.hit).label("k"), total(sa.literal(1)).label("n"))
        .group_by(relation.c.entity)
        .subquery()
    )
    k, n = each.c.k, each.c.n
    sums = {"k": k, "n": n, "kk": k * k, "kn": k * n, "nn": n * n}
    measured: list[Expression] = [sa.func.count().label("entities")]
    measured += [total(value).label(f"sum {name}") for name, value in sums.items()]
    row = log.run(sa.select(*measured))[0]
    hits, rows, *squares = (row[f"sum {name}"] for name in sums)
    return design_effect(hits, round(rows), row["entities"], *squares)
