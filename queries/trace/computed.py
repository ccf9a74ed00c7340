"""Every declared transformation computed over a log's rows, by their logged inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from queries.core.formulas.sql import layered, named
from queries.core.formulas.tree import Formula
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Expression, calm, finite

_ZERO, _ONE = sa.literal(0.0, sa.Double), sa.literal(1.0, sa.Double)


def computed(
    log: Log,
    formulas: Mapping[str, Formula],
    also: Mapping[str, Expression],
    spans: Sequence[Span] | None,
) -> tuple[sa.FromClause, Mapping[str, Expression]]:
    """Give rows with every expression computed, each one's column by its name.

    ``also`` are further columns of the rows. What is given is only good for ``Log.run``.
    """
    numbers, texts = named(formulas.values())
    taken = {f"number {name}": number_of(log, name) for name in numbers}
    taken |= {f"text {name}": _text(log, name) for name in texts}
    layers = layered(log.relation({**also, **taken}, spans=spans), formulas.values())
    return layers.top, {name: layers.value(each) for name, each in formulas.items()}


def number_of(log: Log, name: str) -> Expression:
    """A column as a number; yes counts as 1 and no as 0, what is no number as nothing."""
    column, kind = log.column(name), log.kind(name)
    if kind == "boolean":
        return sa.case((column.is_(sa.true()), _ONE), (column.is_(sa.false()), _ZERO))
    if kind != "number":
        return sa.null().cast(sa.Double)
    return calm(finite(column))


def _text(log: Log, name: str) -> Expression:
    """A column as the text that a condition compares with; nothing where it holds none."""
    column = log.column(name)
    return sa.func.nullif(column, "") if log.kind(name) == "text" else sa.null().cast(sa.String)
