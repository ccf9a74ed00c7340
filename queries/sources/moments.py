"""Times and texts turned into canonical values, where engines differ in how."""

from __future__ import annotations

import re
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


class Millis(NaiveUtc):
    """The milliseconds since 1970 of a naive time in UTC, as a double."""

    inherit_cache = True

    def __init__(self, expr: ColumnElement[Any]) -> None:
        super().__init__(expr)
        self.type = sa.Double()


class Parsed(NaiveUtc):
    """A time's text in a declared format (strptime's codes) as ISO 8601, NULL where it is none."""

    inherit_cache = True
    _traverse_internals = [("expr", _CLAUSE), ("format", InternalTraversal.dp_string)]  # noqa: RUF012

    def __init__(self, expr: ColumnElement[Any], format_: str) -> None:
        super().__init__(expr)
        self.format = format_
        self.type = sa.String()


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


@compiles(Millis, "duckdb")
def _(element: Millis, compiler: Any, **kw: Any) -> str:
    return f"(epoch_us({compiler.process(element.expr, **kw)}) / 1000.0)"


@compiles(Millis, "postgresql")
def _(element: Millis, compiler: Any, **kw: Any) -> str:
    time = compiler.process(element.expr, **kw)
    return f"CAST(EXTRACT(EPOCH FROM {time}) * 1000 AS DOUBLE PRECISION)"


@compiles(Parsed, "duckdb")
def _(element: Parsed, compiler: Any, **kw: Any) -> str:
    format_ = element.format.replace("'", "''")
    return f"CAST(try_strptime({compiler.process(element.expr, **kw)}, '{format_}') AS VARCHAR)"


_POSTGRES = {
    "%Y": ("YYYY", r"\d{4}"),
    "%y": ("YY", r"\d{2}"),
    "%m": ("MM", r"\d{1,2}"),
    "%d": ("DD", r"\d{1,2}"),
    "%H": ("HH24", r"\d{1,2}"),
    "%I": ("HH12", r"\d{1,2}"),
    "%M": ("MI", r"\d{1,2}"),
    "%S": ("SS", r"\d{1,2}"),
    "%f": ("US", r"\d{1,6}"),
    "%g": ("MS", r"\d{1,3}"),
    "%p": ("AM", "[AaPp][Mm]"),
    "%b": ("Mon", "[A-Za-z]{3}"),
    "%B": ("FMMonth", "[A-Za-z]+"),
    "%j": ("DDD", r"\d{1,3}"),
    "%z": ("TZH:TZM", r"[-+]\d\d:?\d\d"),
    "%%": ("%", "%"),
}
"""What strptime's codes are to PostgreSQL, and which texts they take."""

TIME_CODES = frozenset(_POSTGRES)
"""The codes that a declared format may hold."""


@compiles(Parsed, "postgresql")
def _(element: Parsed, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.expr, **kw)
    written, pattern = "", ""
    for code, other in re.findall(r"(%.)|([^%]+)", element.format):
        known = _POSTGRES.get(code, ("", ""))
        written += known[0] if code else '"' + other.replace('"', "") + '"'
        pattern += known[1] if code else re.escape(other)
    naive = "" if "%z" in element.format else "::timestamp"
    quoted = [text.replace("'", "''").replace("%", "%%") for text in (pattern, written)]
    # An offset without its colon would be taken for hours alone.
    told = f"regexp_replace({value}, '([-+]\\d\\d):?(\\d\\d)$', '\\1:\\2')" if not naive else value
    parsed = f"to_timestamp({told}, '{quoted[1]}'){naive}::text"
    return f"CASE WHEN {value} ~ '^{quoted[0]}$' THEN {parsed} END"


NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"
_TIME = (
    r"^\d{4}[-/]\d\d?[-/]\d\d?([ T]\d\d?:\d\d(:\d\d(\.\d+)?)?\s*"
    r"(Z|z|[-+]\d\d(:?\d\d)?|[A-Z]{2,5}|[A-Z][a-z]+/[A-Za-z_/]+)?)?$"
)


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
        pattern = NUMBER
    # CASE, as PostgreSQL may compute both sides of an AND, and the cast would fail.
    fits = f"{value} ~* '{pattern}'"
    if (compiler.dialect.server_version_info or (0,)) >= (16,):
        # A date such as the 31st of February looks like one.
        fits = f"CASE WHEN {fits} THEN pg_input_is_valid({value}, '{type_}') END"
    return f"CASE WHEN {fits} THEN CAST({value} AS {type_}) END"
