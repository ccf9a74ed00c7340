"""Times and texts turned into canonical values, where engines differ in how."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement, TryCast
from sqlalchemy.sql.visitors import InternalTraversal

_CLAUSE = InternalTraversal.dp_clauseelement


class NaiveUtc(ColumnElement[Any]):
    """A zoned time as naive UTC."""

    inherit_cache = True
    _traverse_internals = [("expr", _CLAUSE)]  # noqa: RUF012 - SQLAlchemy reads it from the class

    def __init__(self, expr: ColumnElement[Any]) -> None:
        self.expr = expr
        self.type = sa.DateTime()

    @property
    def _from_objects(self) -> list[Any]:
        return list(self.expr._from_objects)


class FromMicros(NaiveUtc):
    """Naive UTC from a whole number of microseconds since 1970."""

    inherit_cache = True


# ``timezone('UTC', …)`` would do on DuckDB too, at eight times the cost.
@compiles(NaiveUtc, "duckdb")
def _(element: NaiveUtc, compiler: Any, **kw: Any) -> str:
    return f"make_timestamp(epoch_us({compiler.process(element.expr, **kw)}))"


@compiles(NaiveUtc, "postgresql")
def _(element: NaiveUtc, compiler: Any, **kw: Any) -> str:
    return f"timezone('UTC', {compiler.process(element.expr, **kw)})"


@compiles(FromMicros, "duckdb")
def _(element: FromMicros, compiler: Any, **kw: Any) -> str:
    return f"make_timestamp({compiler.process(element.expr, **kw)})"


@compiles(FromMicros, "postgresql")
def _(element: FromMicros, compiler: Any, **kw: Any) -> str:
    micros = compiler.process(element.expr, **kw)
    return f"(TIMESTAMP '1970-01-01' + ({micros}) * INTERVAL '1 microsecond')"


_NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"
_TIME = r"^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|z|[-+]\d\d(:?\d\d)?)?)?$"


@compiles(TryCast, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    """PostgreSQL has no TRY_CAST: cast only what looks like a number, a time or a yes-or-no."""
    value = compiler.process(element.clause, **kw)
    type_ = compiler.process(element.typeclause, **kw)
    target = element.type
    pattern = r"^\s*(t|f|true|false|yes|no|0|1)\s*$"
    if isinstance(target, sa.DateTime):
        pattern = _TIME
    elif isinstance(target, sa.Integer):
        pattern = r"^\s*[-+]?\d{1,18}\s*$"
    elif isinstance(target, sa.Double):
        pattern = _NUMBER
    # CASE, as PostgreSQL may compute both sides of an AND, and the cast would fail.
    return f"CASE WHEN {value} ~* '{pattern}' THEN CAST({value} AS {type_}) END"
