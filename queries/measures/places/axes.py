"""Dimensions to group by, those with many values cut to the commonest ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.expressions import Condition
from queries.measures.places.subgroups import OTHERS

MOST_VALUES = 50
"""The commonest values of a dimension that stand for themselves; the others are taken together."""
_EMPTY, _OTHER = -1, -2


@dataclass(frozen=True)
class Axis:
    """A dimension as it is grouped by; ``common`` are the values that stand for themselves."""

    name: str
    expression: sa.ColumnElement[Any]
    distinct: int
    common: tuple[Cell, ...] | None = None

    @property
    def most(self) -> int:
        """How many groups it makes at most: an empty value is one too."""
        return (self.distinct if self.common is None else len(self.common) + 1) + 1

    def value(self, raw: Any) -> Cell:
        """Give the value that a group stands for."""
        if self.common is None:
            return raw  # type: ignore[no-any-return]  # the engine's own value
        if raw == _EMPTY:
            return None
        return OTHERS if raw == _OTHER else self.common[raw]


def axes_of(
    log: Log,
    dimensions: Sequence[str],
    spans: Sequence[Span] | None,
    conditions: Sequence[Condition],
) -> list[Axis]:
    """Lay out dimensions to group by, after one pass that counts their values."""
    counts = log.aggregate(
        {
            f"n{at}": sa.func.count(log.column(name).distinct())
            for at, name in enumerate(dimensions)
        },
        spans=spans,
        where=conditions,
    )[0]
    found = []
    for at, name in enumerate(dimensions):
        column, distinct = log.column(name), int(counts[f"n{at}"])
        if distinct <= MOST_VALUES:
            found.append(Axis(name, column, distinct))
            continue
        common = _commonest(log, name, spans, conditions)
        whens = [(column == value, sa.literal(place)) for place, value in enumerate(common)]
        # By number, as no word for the others is safe: it may be one of the values.
        index = sa.case((column.is_(None), _EMPTY), *whens, else_=_OTHER)
        found.append(Axis(name, index, distinct, common))
    return found


def _commonest(
    log: Log, name: str, spans: Sequence[Span] | None, conditions: Sequence[Condition]
) -> tuple[Cell, ...]:
    rows = log.relation({"value": log.column(name)}, spans=spans, where=conditions)
    counted = sa.func.count().label("n")
    found = log.run(
        sa.select(rows.c.value, counted)
        .where(rows.c.value.is_not(None))
        .group_by(rows.c.value)
        # Ties by value, or the fiftieth would be another one each time.
        .order_by(counted.desc(), rows.c.value)
        .limit(MOST_VALUES)
    )
    return tuple(row["value"] for row in found)
