"""Requests of one entity go together: how much wider that makes the interval of a rate or mean."""

from __future__ import annotations

import sqlalchemy as sa

from queries.core.logs import Log
from queries.measures.expressions import (
    EVERYTHING,
    Condition,
    Expression,
    Sample,
    calm,
    finite,
    total,
)
from queries.measures.usual import mean_design_effect


def entity_effect(log: Log, condition: Condition, sample: Sample = EVERYTHING) -> float:
    """Give the design effect of a rate by ``entity_id``, 1 where the log has none.

    To be handed to ``usual_rate``.
    """
    return entity_effect_on_mean(log, sa.case((condition, 1), else_=0), sample)


def entity_effect_on_mean(log: Log, value: Expression, sample: Sample = EVERYTHING) -> float:
    """Give the design effect of a mean by ``entity_id``, 1 where the log has none.

    Rows without a finite value don't count; those without an entity are each one of their own.
    Uses a relation: rows are summed up by entity before the sums of squares over entities are
    taken.
    """
    if not log.has("entity_id", sample.dataset):
        return 1.0
    relation = log.relation(
        {
            "entity": log.column("entity_id"),
            "alone": log.missing("entity_id"),
            "value": calm(finite(value)),
        },
        spans=sample.spans,
        where=sample.where,
        dataset=sample.dataset,
    )
    known = relation.c.value
    each = (
        sa.select(
            relation.c.alone,
            total(known).label("k"),
            total(known * known).label("squares"),
            total(sa.literal(1)).label("n"),
        )
        .where(known.is_not(None))
        .group_by(relation.c.entity, relation.c.alone)
        .subquery()
    )
    alone, k, n, squares = each.c.alone, each.c.k, each.c.n, each.c.squares
    sums = {
        "k": k,
        "squares": squares,
        "n": n,
        "entities": sa.case((alone, n), else_=1),
        "kk": sa.case((alone, squares), else_=k * k),
        "kn": sa.case((alone, k), else_=k * n),
        "nn": sa.case((alone, n), else_=n * n),
    }
    row = log.run(sa.select(*(total(value).label(f"sum {name}") for name, value in sums.items())))[
        0
    ]
    k_, squares_, n_, entities, kk, kn, nn = (float(row[f"sum {name}"]) for name in sums)
    return mean_design_effect(k_, squares_, round(n_), round(entities), kk, kn, nn)
