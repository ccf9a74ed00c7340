"""How numbers go into a log's door and how values come out of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.functions import FunctionElement

from queries.core.doors.constructs import Quantile, Quantiles

Expression = sa.ColumnElement[Any]
_CELLS = frozenset({str, int, float, bool})


def grouped(
    rows: sa.FromClause, groups: Mapping[str, Expression], measures: Mapping[str, Expression]
) -> sa.Select[Any]:
    """Select measures over rows, per group where there are groups."""
    columns = [element.label(name) for name, element in {**groups, **measures}.items()]
    # By position: a label may also be the name of a real column, which an engine would take.
    positions: list[Expression] = [
        sa.literal_column(str(place)) for place in range(1, len(groups) + 1)
    ]
    return sa.select(*columns).select_from(rows).group_by(*positions)


def split_quantiles(
    measures: Mapping[str, Expression],
) -> tuple[dict[str, Expression], Callable[[dict[str, Any]], dict[str, Any]]]:
    """Compute several quantiles of one expression in one pass, as one list.

    Gives the measures to run and what puts a row's lists back under their names.
    """
    groups: list[tuple[Expression, list[str]]] = []
    for name, measure in measures.items():
        if not isinstance(measure, Quantile):
            continue
        # Compared and not looked up: equal expressions are different objects.
        for expression, names in groups:
            if expression.compare(measure.expr):
                names.append(name)
                break
        else:
            groups.append((measure.expr, [name]))
    several = {tuple(names): expression for expression, names in groups if len(names) > 1}
    taken = {name for names in several for name in names}
    packed = {name: measure for name, measure in measures.items() if name not in taken}
    for together, expression in several.items():
        qs = [measures[name].probability for name in together]
        packed[_joined(together)] = Quantiles(expression, qs)

    def unpack(row: dict[str, Any]) -> dict[str, Any]:
        for names in several:
            values = row.pop(_joined(names)) or [None] * len(names)
            row.update(zip(names, values, strict=True))
        return row

    return packed, unpack


def _joined(names: Sequence[str]) -> str:
    return "quantiles of " + ", ".join(names)


def plain(value: Any) -> Any:
    """Turn a driver's value into a cell: aware UTC times, ints and floats, texts."""
    # Nearly all values are these as they are, and there may be hundreds of thousands.
    if value is None or type(value) in _CELLS:
        return value
    # Before dates at the end: to Python a time is one too.
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    # PostgreSQL's sums of integers.
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, default=str)
    return value.isoformat() if isinstance(value, date) else str(value)


def ordered(rows: list[dict[str, Any]], by: Sequence[str]) -> list[dict[str, Any]]:
    """Order rows by their groups, without relying on an engine's collation; NULL last."""
    return sorted(rows, key=lambda row: [_place(row[name]) for name in by])


def group_names(select: sa.Select[Any]) -> list[str]:
    """Name the columns of a grouped select that its groups are told apart by."""
    if not select._group_by_clauses:
        return []
    return [each.name for each in select.selected_columns if not _aggregates(each)]


def _aggregates(column: Expression) -> bool:
    # GROUPING says which of several groupings a row is of, which is part of its place.
    return any(
        isinstance(element, FunctionElement) and getattr(element, "name", "") != "grouping"
        for element in visitors.iterate(column)
    )


def _place(value: Any) -> tuple[bool, str, Any]:
    """Where a value stands: its own kind together, as kinds can't be compared; NULL last."""
    return value is None, str(type(value)), 0 if value is None else value
