"""Small SQL constructs that mean the same on every engine: quantile, rate, bucket, bin, missing.

Each states its parameters to SQLAlchemy's compile cache. Quantiles are exact: approximate
ones differ between engines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal

from queries.core.doors.bins import Bin, BinEdges, Bucket, Of

__all__ = ["Bin", "BinEdges", "Bucket", "Missing", "Quantile", "Quantiles", "Rate"]

_CLAUSE = InternalTraversal.dp_clauseelement


class Quantile(Of):
    """The exact quantile ``q`` of a number, interpolated between its two neighbours."""

    inherit_cache = True
    _traverse_internals = [("expr", _CLAUSE), ("q", _CLAUSE)]  # noqa: RUF012 - as above

    def __init__(self, expr: ColumnElement[Any], q: float) -> None:
        self.expr = expr
        self.probability = q
        self.q = sa.literal(q, sa.Double)
        self.type = sa.Double()


class Quantiles(Of):
    """Several exact quantiles of one number, as a list, in one pass."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 - as above
        ("expr", _CLAUSE),
        ("qs", InternalTraversal.dp_clauseelement_list),
    ]

    def __init__(self, expr: ColumnElement[Any], qs: Sequence[float]) -> None:
        self.expr = expr
        self.qs = [sa.literal(q, sa.Double) for q in qs]
        self.type = sa.types.NullType()


class Rate(Of):
    """Share of rows for which a condition holds, of those for which it is known."""

    inherit_cache = True
    _traverse_internals = [("expr", _CLAUSE)]  # noqa: RUF012 - as above

    def __init__(self, condition: ColumnElement[bool]) -> None:
        self.expr = condition
        self.type = sa.Double()


class Missing(Of):
    """Whether a value is missing: NULL, NaN, or a text with nothing in it."""

    inherit_cache = True
    _traverse_internals = [("expr", _CLAUSE)]  # noqa: RUF012 - as above

    def __init__(self, expr: ColumnElement[Any]) -> None:
        self.expr = expr
        self.type = sa.Boolean()


@compiles(Quantile, "duckdb")
def _(element: Quantile, compiler: Any, **kw: Any) -> str:
    number, q = compiler.process(element.expr, **kw), compiler.process(element.q, **kw)
    return f"quantile_cont(CAST({number} AS DOUBLE), {q})"


@compiles(Quantile, "postgresql")
def _(element: Quantile, compiler: Any, **kw: Any) -> str:
    number, q = compiler.process(element.expr, **kw), compiler.process(element.q, **kw)
    return f"percentile_cont({q}) WITHIN GROUP (ORDER BY CAST({number} AS DOUBLE PRECISION))"


@compiles(Quantiles, "duckdb")
def _(element: Quantiles, compiler: Any, **kw: Any) -> str:
    number = compiler.process(element.expr, **kw)
    qs = ", ".join(compiler.process(q, **kw) for q in element.qs)
    return f"quantile_cont(CAST({number} AS DOUBLE), [{qs}])"


@compiles(Quantiles, "postgresql")
def _(element: Quantiles, compiler: Any, **kw: Any) -> str:
    number = compiler.process(element.expr, **kw)
    qs = ", ".join(compiler.process(q, **kw) for q in element.qs)
    order = f"ORDER BY CAST({number} AS DOUBLE PRECISION)"
    return f"percentile_cont(ARRAY[{qs}]) WITHIN GROUP ({order})"


@compiles(Rate, "duckdb")
def _(element: Rate, compiler: Any, **kw: Any) -> str:
    # Neither engine averages yes and no.
    return f"avg(CAST({compiler.process(element.expr, **kw)} AS INTEGER))"


@compiles(Rate, "postgresql")
def _(element: Rate, compiler: Any, **kw: Any) -> str:
    condition = compiler.process(element.expr, **kw)
    # By way of an integer: PostgreSQL makes no double of a boolean, and a
    # decimal of an integer's avg.
    return f"avg(CAST(CAST({condition} AS INTEGER) AS DOUBLE PRECISION))"


@compiles(Missing)
def _(element: Missing, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.expr, **kw)
    if isinstance(element.expr.type, sa.String):
        return f"({value} IS NULL OR {value} = '')"
    if isinstance(element.expr.type, sa.Double):
        # To both engines NaN equals itself, as it doesn't in Python.
        return f"({value} IS NULL OR {value} = CAST('NaN' AS DOUBLE PRECISION))"
    return f"({value} IS NULL)"
