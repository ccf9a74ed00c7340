"""The SQL of the gate: who is counted, and one value in the place of several small groups'."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.functions import FunctionElement

from queries.core.crowds.ledger import Population
from queries.core.crowds.refusals import OTHERS
from queries.core.times.spans import Span, naive
from queries.core.value import Cell

Expression = sa.ColumnElement[Any]
Condition = sa.ColumnElement[bool]


def counts_some(measure: Expression) -> bool:
    """Tell whether a measure counts those rows that meet a condition."""
    if isinstance(measure, sa.FunctionFilter):
        return getattr(measure.func, "name", "") == "count"
    is_count = isinstance(measure, FunctionElement) and measure.name == "count"
    return is_count and any(isinstance(each, sa.Case) for each in measure.clauses)


def holds(condition: Condition) -> Condition:
    """A condition that is false where it isn't known, as it is in a WHERE."""
    return sa.func.coalesce(condition, sa.false())


def within(spans: Sequence[Span] | None) -> Condition:
    """Tell whether a row is of some times; None stands for all."""
    if spans is None:
        return sa.true()
    at = sa.column("time", sa.DateTime())
    inside = [sa.and_(at >= naive(span.start), at < naive(span.end)) for span in spans]
    return sa.or_(sa.false(), *inside)


def of(population: Population) -> Condition:
    """Tell whether a row is one of these."""
    return sa.and_(within(population.spans), *map(holds, population.where))


def put_together(expression: Expression, name: str, hidden: Collection[Cell]) -> Expression:
    """Put one value in the place of several of a column's."""

    def replaced(element: Any, **_: Any) -> Expression | None:
        if not isinstance(element, sa.ColumnClause) or element.table is not None:
            return None
        if element.name != name or element.is_literal:
            return None
        column = sa.column(name, element.type)
        values = [each for each in hidden if each is not None]
        small: Condition = column.in_(values)
        if None in hidden:
            small = sa.or_(column.is_(None), small)
        others = OTHERS if isinstance(element.type, sa.String) else None
        return sa.case((small, sa.literal(others, element.type)), else_=column)

    return visitors.replacement_traverse(expression, {}, replaced)
