"""Requests of one entity go together: how much wider that makes the interval of a rate or mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
    k, n, squares = each.c.k, each.c.n, each.c.squares
    measured = {"k": k, "squares": squares, "n": n, "kk": k * k, "kn": k * n, "nn": n * n}
    sums = [total(value).label(f"sum {name}") for name, value in measured.items()]
    select = sa.select(each.c.alone, sa.func.count().label("entities"), *sums)
    return _effect(log.run(select.group_by(each.c.alone)))


def _effect(rows: Sequence[Mapping[str, Any]]) -> float:
    """Put entities and rows without one together; each of those is one of its own."""
    k, squares, n, entities, kk, kn, nn = (0.0,) * 7
    for row in rows:
        each = {name: float(row[f"sum {name}"]) for name in ("k", "squares", "n", "kk", "kn", "nn")}
        if row["alone"]:
            each |= {"kk": each["squares"], "kn": each["k"], "nn": each["n"]}
        k, squares, n = k + each["k"], squares + each["squares"], n + each["n"]
        kk, kn, nn = kk + each["kk"], kn + each["kn"], nn + each["nn"]
        entities += each["n"] if row["alone"] else row["entities"]
    return mean_design_effect(k, squares, round(n), round(entities), kk, kn, nn)
