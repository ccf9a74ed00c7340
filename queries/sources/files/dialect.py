"""DuckDB as SQLAlchemy sees it: the PostgreSQL dialect with what DuckDB does differently.

Parameters are numbered (``$1``): with question marks, one bound expression in SELECT and
in GROUP BY would be two different expressions to DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import duckdb
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import (
    PGCompiler,
    PGDialect,
    PGIdentifierPreparer,
    PGTypeCompiler,
)
from sqlalchemy.engine.interfaces import ReflectedColumn

HOLD_IN = "hold_in"
"""Execution option: the table of the database in memory that a select's rows are held in."""

OWN_WORDS = frozenset(
    (
        *("anti", "asof", "at", "by", "collation", "columns", "concurrently", "describe"),
        *("generated", "glob", "lambda", "lateral", "map", "pivot", "pivot_longer"),
        *("pivot_wider", "positional", "qualify", "semi", "show", "struct", "summarize"),
        *("tablesample", "try_cast", "tuple", "unpack", "unpivot"),
    )
)
"""What DuckDB keeps for itself beyond PostgreSQL's reserved words."""


@contextmanager
def _told_in_text() -> Iterator[None]:
    """Raise as the engine's what it could not even say: it repeats damaged bytes of a file."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise duckdb.Error("A file holds a name that is no text.") from error


class Cursor:
    """DB-API cursor over a DuckDB cursor that stays open for its connection."""

    arraysize = 1

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    @property
    def description(self) -> Any:
        """Describe the columns of the last result."""
        return self._connection.description

    @property
    def rowcount(self) -> int:
        """Say that the number of rows is not known before they are fetched."""
        return -1

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        """Run one SELECT with its parameters in order; whatever else it may be is refused."""
        parsed = self._one_select(statement)
        with _told_in_text():
            self._connection.execute(parsed, list(parameters))
        return self

    def hold(self, table: str, statement: str, parameters: Sequence[Any]) -> Cursor:
        """Run one SELECT into a new table of the database in memory; its result is their number."""
        self._one_select(statement)
        with _told_in_text():
            self._connection.execute(f'CREATE TABLE "{table}" AS {statement}', list(parameters))
        return self

    def _one_select(self, statement: str) -> duckdb.Statement:
        # The lock alone would let COPY TO and ATTACH write within the allowed folders, and
        # several statements stand in one text.
        parsed = self._connection.extract_statements(statement)
        if [one.type for one in parsed] != [duckdb.StatementType.SELECT]:
            raise duckdb.NotSupportedError("only one SELECT at a time runs here")
        return parsed[0]

    def fetchone(self) -> Any:
        """Give the next row or None."""
        with _told_in_text():
            return self._connection.fetchone()

    def fetchmany(self, size: int = 1) -> list[Any]:
        """Give the next rows, at most ``size``."""
        with _told_in_text():
            return self._connection.fetchmany(size)

    def fetchall(self) -> list[Any]:
        """Give all rows that are left."""
        with _told_in_text():
            return self._connection.fetchall()

    def close(self) -> None:
        """Leave the result; the connection stays."""


class Connection:
    """DB-API connection over one cursor of the process's root connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.duck = connection

    def cursor(self) -> Cursor:
        """Give a cursor; results of an earlier one on this connection are gone then."""
        return Cursor(self.duck)

    def interrupt(self) -> None:
        """Stop what this connection runs; callable from any thread."""
        self.duck.interrupt()

    def commit(self) -> None:
        """Do nothing: only reading statements run here."""

    def rollback(self) -> None:
        """Do nothing: only reading statements run here."""

    def close(self) -> None:
        """Close this cursor of the root connection."""
        self.duck.close()


class _Compiler(PGCompiler):
    # PostgreSQL's casts the divisor to NUMERIC, from which decimals come back.
    def visit_truediv_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        left, right = self.process(binary.left, **kw), self.process(binary.right, **kw)
        return f"{left} / {right}"

    def visit_floordiv_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        left, right = self.process(binary.left, **kw), self.process(binary.right, **kw)
        return f"{left} // {right}"

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        text, pattern = self.process(binary.left, **kw), self.process(binary.right, **kw)
        return f"regexp_matches({text}, {pattern})"

    def visit_try_cast(self, cast: Any, **kw: Any) -> str:
        value, type_ = self.process(cast.clause, **kw), self.process(cast.typeclause, **kw)
        return f"TRY_CAST({value} AS {type_})"


class _Preparer(PGIdentifierPreparer):
    """Quotes also what only DuckDB keeps for itself, such as a column that is called “at”."""

    reserved_words = PGIdentifierPreparer.reserved_words | OWN_WORDS


class _Types(PGTypeCompiler):
    def visit_JSONB(self, type_: Any, **kw: Any) -> str:  # noqa: N802 - SQLAlchemy's hook
        return "JSON"


class DuckDialect(PGDialect):
    """SQLAlchemy's PostgreSQL dialect, speaking to DuckDB 2."""

    name = "duckdb"
    driver = "duckdb"
    default_paramstyle = "numeric_dollar"
    supports_statement_cache = True
    supports_native_decimal = True
    supports_server_side_cursors = False
    use_insertmanyvalues = False
    statement_compiler = _Compiler
    type_compiler_cls = _Types
    preparer = _Preparer

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"paramstyle": "numeric_dollar", **kwargs}
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
        # A backslash in a text is one, as in PostgreSQL since it follows the standard.
        self._backslash_escapes = False

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        """Give the DuckDB package; its errors are DB-API's."""
        return duckdb

    def initialize(self, connection: Any) -> None:
        """Ask the server nothing: DuckDB is no PostgreSQL server."""
        # Which syntax the dialect above compiles for.
        self.server_version_info = (15, 0)
        self.default_schema_name = "main"

    def on_connect(self) -> Callable[[Any], None] | None:
        """Set up nothing: the root connection is set up and locked."""
        return None

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a select, or hold its rows in the table that the execution option names."""
        table = context.execution_options.get(HOLD_IN) if context else None
        if table:
            cursor.hold(table, statement, parameters)
        else:
            cursor.execute(statement, parameters)

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Tell whether a cursor still answers."""
        dbapi_connection.cursor().execute("SELECT 1").fetchall()
        return True

    def is_disconnect(self, e: Any, connection: Any, cursor: Any) -> bool:
        """Never: an embedded engine has no line to lose."""
        return False

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[ReflectedColumn]:
        """Refuse reflection: what a file holds is read from the file."""
        raise NotImplementedError("columns of files come from queries.sources.files")


_PLAIN = DuckDialect()


def plain_sql(expression: sa.ColumnElement[Any] | sa.Select[Any]) -> str:
    """Write an expression, or a select, with its values in it for a statement by hand."""
    return str(expression.compile(dialect=_PLAIN, compile_kwargs={"literal_binds": True}))


registry.register("duckdb", "queries.sources.files.dialect", "DuckDialect")
