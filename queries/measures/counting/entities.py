"""Requests of one entity go together: how uneven that makes a rate, and who carries its hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Condition, Expression, total
from queries.measures.counting.layout import to_read
from queries.statistics.design_effect import design_effect
from queries.statistics.estimates import ENOUGH
from queries.statistics.rates import wilson

MOST_OF_THEM = 0.25
"""From this share of the hits on, one entity is worth a word."""

TIMES_ITS_PART = 4
"""And where its share of the hits is so many times its share of the requests."""


@dataclass(frozen=True, slots=True)
class Entities:
    """Hits by entity in the present, and in all of the comparable past.

    ``effect`` is the past's design effect, 1 without a past: how much wider entities with several
    requests make the rate's variance. ``hits`` is the present's share of hits of the one entity
    with the most, ``requests`` its share of the requests.
    """

    effect: float
    hits: Number
    requests: Number

    @property
    def one_stands_out(self) -> bool:
        """Whether one entity has much more of the hits than of the requests."""
        hits, requests = self.hits, self.requests
        if hits.value is None or requests.value is None or hits.n < ENOUGH:
            return False
        apart = hits.low is not None and hits.low > requests.value
        return apart and hits.value >= max(MOST_OF_THEM, TIMES_ITS_PART * requests.value)


def hits_by_entity(
    log: Log, condition: Condition, spans: Sequence[Span], where: Sequence[Condition]
) -> Entities | None:
    """Sum up rows by ``entity_id`` in the first span and in the others; None without that role.

    One pass. Uses a relation: rows are summed up by entity before the sums of squares over
    entities are taken, and the one with most hits is found; no id leaves the engine.
    """
    if not log.has("entity_id"):
        return None
    rows = {row["period"]: row for row in log.run(_by_period(log, condition, spans, where))}
    past = [row for period, row in rows.items() if period]
    # From the past alone: an incident that hits one entity must not
    # excuse itself by its own spread.
    summed = {name: sum(row[name] for row in past) for name in ("k", "n", "kk", "kn", "nn")}
    effect = design_effect(
        summed["k"],
        round(summed["n"]),
        sum(row["entities"] for row in past),
        *(summed[name] for name in ("kk", "kn", "nn")),
    )
    now = rows.get(0, dict.fromkeys(("k", "n", "most", "of_most"), 0))
    hits = wilson(now["most"], round(now["k"]))
    return Entities(effect, hits, wilson(now["of_most"], round(now["n"])))


def _by_period(
    log: Log, condition: Condition, spans: Sequence[Span], where: Sequence[Condition]
) -> sa.Select[Any]:
    relation = log.relation(
        {
            "entity": log.column("entity_id"),
            "hit": sa.case((condition, 1), else_=0),
            "period": log.period(spans),
        },
        spans=to_read(spans),
        where=where,
    )
    each = (
        sa.select(
            relation.c.period,
            total(relation.c.hit).label("k"),
            total(sa.literal(1)).label("n"),
        )
        .where(relation.c.period.is_not(None), relation.c.entity.is_not(None))
        .group_by(relation.c.period, relation.c.entity)
        .subquery()
    )
    # Of two with as many hits the one with more requests, which is less of a surprise.
    rank = sa.func.row_number().over(
        partition_by=each.c.period, order_by=(each.c.k.desc(), each.c.n.desc())
    )
    ranked = sa.select(each, rank.label("rank")).subquery()
    k, n, first = ranked.c.k, ranked.c.n, ranked.c.rank == 1
    sums = {"k": k, "n": n, "kk": k * k, "kn": k * n, "nn": n * n}
    sums |= {"most": sa.case((first, k), else_=0), "of_most": sa.case((first, n), else_=0)}
    measured: list[Expression] = [total(value).label(name) for name, value in sums.items()]
    entities = sa.func.count().label("entities")
    return sa.select(ranked.c.period, entities, *measured).group_by(ranked.c.period)
