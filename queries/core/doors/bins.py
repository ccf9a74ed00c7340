"""Where a value lies, as SQL that means the same on every engine: its bucket, its bin.

Each construct states its parameters to SQLAlchemy's compile cache, and is computed in
double precision, so that the same select gives the same number on each engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the engine's times are naive UTC
_CLAUSE = InternalTraversal.dp_clauseelement


class Of(ColumnElement[Any]):
    """A construct over one expression; its other arguments are bound or part of the key."""

    inherit_cache = True
    expr: ColumnElement[Any]

    @property
    def _from_objects(self) -> list[Any]:
        return list(self.expr._from_objects)


class Bucket(Of):
    """0-based index of the bucket in which a naive UTC time lies.

    Buckets start at ``origin`` (naive UTC) and are ``seconds`` long; a time before the
    origin has a negative index.
    """

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy reads it from the class
        ("expr", _CLAUSE),
        ("start", _CLAUSE),
        ("width", _CLAUSE),
    ]

    def __init__(self, expr: ColumnElement[Any], origin: datetime, seconds: int) -> None:
        self.expr = expr
        self.start = sa.literal((origin - _EPOCH) // timedelta(microseconds=1), sa.BigInteger)
        self.width = sa.literal(seconds * 1_000_000, sa.BigInteger)
        self.type = sa.BigInteger()


class Bin(Of):
    """0-based index of the equal-width bin of a number; outliers count in the end bins.

    ``bins`` bins of ``width`` start at ``low``, each without its upper edge. A missing
    value, NULL or NaN, has no bin.
    """

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 - as above
        ("expr", _CLAUSE),
        ("low", _CLAUSE),
        ("width", _CLAUSE),
        ("high", _CLAUSE),
        ("last", _CLAUSE),
    ]

    def __init__(self, expr: ColumnElement[Any], low: float, width: float, bins: int) -> None:
        self.expr = expr
        self.low = sa.literal(low, sa.Double)
        self.width = sa.literal(width, sa.Double)
        self.high = sa.literal(low + width * bins, sa.Double)
        self.last = sa.literal(float(bins - 1), sa.Double)
        self.type = sa.Integer()


class BinEdges(Of):
    """How many of the ascending ``edges`` are at most a number: 0 to ``len(edges)``.

    The same as ``numpy.digitize(x, edges)``. A missing value, NULL or NaN, has no bin.
    """

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 - as above
        ("expr", _CLAUSE),
        ("edges", InternalTraversal.dp_clauseelement_list),
    ]

    def __init__(self, expr: ColumnElement[Any], edges: Sequence[float]) -> None:
        self.expr = expr
        self.edges = [sa.literal(edge, sa.Double) for edge in edges]
        self.type = sa.Integer()


# In doubles, which engines divide faster than whole numbers; microseconds until the year
# 2200 are exact in them, and so is the floor of a quotient.
@compiles(Bucket, "duckdb")
def _(element: Bucket, compiler: Any, **kw: Any) -> str:
    time, start = compiler.process(element.expr, **kw), compiler.process(element.start, **kw)
    width = compiler.process(element.width, **kw)
    return f"CAST(floor((epoch_us({time}) - {start}) / {width}) AS BIGINT)"


@compiles(Bucket, "postgresql")
def _(element: Bucket, compiler: Any, **kw: Any) -> str:
    time, start = compiler.process(element.expr, **kw), compiler.process(element.start, **kw)
    width = compiler.process(element.width, **kw)
    micros = f"CAST(extract(epoch FROM {time}) * 1000000 AS BIGINT)"
    return f"CAST(floor(CAST({micros} - {start} AS DOUBLE PRECISION) / {width}) AS BIGINT)"


@compiles(Bin, "duckdb")
@compiles(Bin, "postgresql")
def _(element: Bin, compiler: Any, **kw: Any) -> str:
    number, low = compiler.process(element.expr, **kw), compiler.process(element.low, **kw)
    width, high = compiler.process(element.width, **kw), compiler.process(element.high, **kw)
    last = compiler.process(element.last, **kw)
    # NaN is above every edge; a number just below the highest one may still divide to it.
    above = f"CASE WHEN {number} <> CAST('NaN' AS DOUBLE PRECISION) THEN {last} END"
    inside = (
        f"CASE WHEN {number} >= {low} THEN least(floor(({number} - {low}) / {width}), {last}) END"
    )
    return (
        f"CAST(CASE WHEN {number} < {low} THEN 0 WHEN {number} >= {high} THEN {above}"
        f" ELSE {inside} END AS INTEGER)"
    )


@compiles(BinEdges, "duckdb")
def _(element: BinEdges, compiler: Any, **kw: Any) -> str:
    number = compiler.process(element.expr, **kw)
    edges = [compiler.process(edge, **kw) for edge in element.edges]
    nan = f"{number} IS NULL OR {number} = CAST('NaN' AS DOUBLE)"
    return f"CASE WHEN {nan} THEN NULL ELSE {_search(number, edges, 0)} END"


@compiles(BinEdges, "postgresql")
def _(element: BinEdges, compiler: Any, **kw: Any) -> str:
    number = compiler.process(element.expr, **kw)
    edges = ", ".join(compiler.process(edge, **kw) for edge in element.edges)
    bucket = f"width_bucket(CAST({number} AS DOUBLE PRECISION), ARRAY[{edges}]::DOUBLE PRECISION[])"
    return f"CASE WHEN {number} = CAST('NaN' AS DOUBLE PRECISION) THEN NULL ELSE {bucket} END"


def _search(number: str, edges: Sequence[str], below: int) -> str:
    """Write a binary search as nested CASEs: a chain of twenty takes a fifth longer."""
    if not edges:
        return str(below)
    middle = len(edges) // 2
    left = _search(number, edges[:middle], below)
    right = _search(number, edges[middle + 1 :], below + middle + 1)
    return f"CASE WHEN {number} < {edges[middle]} THEN {left} ELSE {right} END"
