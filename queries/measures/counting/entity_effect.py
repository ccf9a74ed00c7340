"""Requests of one entity go together: how much wider that makes the interval of a rate or mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.measures.counting.expressions import (
    EVERYTHING,
    Condition,
    Expression,
    Sample,
    calm,
    finite,
    total,
)
from queries.statistics.design_effect import mean_design_effect


def entity_effect(log: Log, condition: Condition, sample: Sample = EVERYTHING) -> float:
    """Give the design effect of a rate by ``entity_id``, 1 where the log has none.

    To be handed to ``usual_rate``.
    """
    return entity_effect_on_mean(log, sa.case((condition, 1), else_=0), sample)


def entity_effect_on_mean(log: Log, value: Expression, sample: Sample = EVERYTHING) -> float:
    """Give the design effect of a mean by ``entity_id``, 1 where the log has none.

    Rows without a finite value don't count; those without an entity are each one of their own.
    """
    return entity_effects(log, [value], sample)[0]


def entity_effects(
    log: Log, values: Sequence[Expression], sample: Sample = EVERYTHING
) -> tuple[float, ...]:
    """Give the design effects of several means over the same rows, in one pass.

    Uses a relation: rows are summed up by entity before the sums of squares over entities are
    taken.
    """
    if not values or not log.has("entity_id", sample.dataset):
        return (1.0,) * len(values)
    columns = {"entity": log.column("entity_id"), "alone": log.missing("entity_id")}
    # Squares of sums are summed: what would overflow or vanish there is left out beforehand.
    columns |= {f"v{i}": calm(finite(value)) for i, value in enumerate(values)}
    relation = log.relation(columns, spans=sample.spans, where=sample.where, dataset=sample.dataset)
    summed = []
    for i in range(len(values)):
        known = relation.c[f"v{i}"]
        summed += [
            total(known).label(f"k{i}"),
            total(known * known).label(f"squares{i}"),
            total(sa.case((known.is_not(None), 1))).label(f"n{i}"),
        ]
    each = (
        sa.select(relation.c.alone, *summed)
        .group_by(relation.c.entity, relation.c.alone)
        .subquery()
    )
    sums = [one for i in range(len(values)) for one in _sums(each, i)]
    rows = log.run(sa.select(each.c.alone, *sums).group_by(each.c.alone))
    return tuple(_effect(rows, i) for i in range(len(values)))


def _sums(each: sa.Subquery, i: int) -> list[Expression]:
    """Sum up one value's entities, those that have it."""
    k, n, squares = each.c[f"k{i}"], each.c[f"n{i}"], each.c[f"squares{i}"]
    measured = {"k": k, "squares": squares, "n": n, "kk": k * k, "kn": k * n, "nn": n * n}
    measured["entities"] = sa.case((n > 0, 1), else_=0)
    return [total(value).label(f"sum {name} {i}") for name, value in measured.items()]


def _effect(rows: Sequence[Mapping[str, Any]], i: int) -> float:
    """Put entities and rows without one together; each of those is one of its own."""
    k, squares, n, entities, kk, kn, nn = (0.0,) * 7
    names = ("k", "squares", "n", "kk", "kn", "nn", "entities")
    for row in rows:
        each = {name: float(row[f"sum {name} {i}"]) for name in names}
        if row["alone"]:
            each |= {"kk": each["squares"], "kn": each["k"], "nn": each["n"]}
            each["entities"] = each["n"]
        k, squares, n = k + each["k"], squares + each["squares"], n + each["n"]
        kk, kn, nn = kk + each["kk"], kn + each["kn"], nn + each["nn"]
        entities += each["entities"]
    return mean_design_effect(k, squares, round(n), round(entities), kk, kn, nn)
