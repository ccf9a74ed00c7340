"""People's filters as conditions on a log's columns, every value a bound parameter."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.catalog import ColumnKind
from queries.core.doors.constructs import Missing
from queries.core.errors import BadQuestion, Problem
from queries.core.filters import ORDER, Filter, typed
from queries.core.times.spans import naive

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def condition(
    one: Filter, column: sa.ColumnElement[Any], kind: ColumnKind, zone: ZoneInfo
) -> sa.ColumnElement[bool]:
    """Turn one filter into a condition; a time without a zone is one of ``zone``.

    ``!=`` and ``not in`` keep rows without a value: they are not that value either.
    ``contains`` looks for any of the values within a text.
    Raises BadQuestion where a value does not fit the column's kind.
    """
    if one.op == "is missing":
        return Missing(column)
    if one.op == "is present":
        return sa.not_(Missing(column))
    if misfit := one.misfit(kind):
        raise BadQuestion(Problem("where", misfit))
    if one.op == "contains":
        return _contains(column, one.values)
    if one.op in ORDER and kind == "text":
        column, kind = sa.try_cast(column, sa.Double), "number"
    values = [_bound(value, kind, zone) for value in one.values]
    if one.op in ("=", "in"):
        return column.in_(values)
    if one.op in ("!=", "not in"):
        # In SQL, NULL is not unequal to anything either.
        return sa.or_(column.not_in(values), column.is_(None))
    compared = _COMPARE[one.op](column, values[0])
    # To an engine NaN is larger than any number; to a person it is none.
    return sa.and_(compared, sa.not_(Missing(column)))


def _contains(column: sa.ColumnElement[Any], parts: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether a text contains any of some parts, whatever the case of plain letters.

    Engines differ in what they take for the lower case of others.
    """
    plain = sa.func.translate(column, ascii_uppercase, ascii_lowercase)
    return sa.or_(*(sa.func.strpos(plain, part.translate(_LOWER)) > 0 for part in parts))


_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def _bound(value: str, kind: ColumnKind, zone: ZoneInfo) -> Any:
    fitted = typed(value, kind)
    if not isinstance(fitted, datetime):
        return fitted
    return naive(fitted if fitted.tzinfo else fitted.replace(tzinfo=zone))
