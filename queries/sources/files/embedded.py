"""The one DuckDB of a process: opened, locked down, shared by threads, limited and stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import duckdb
import sqlalchemy as sa
from sqlalchemy import pool
from sqlalchemy.exc import DBAPIError

from queries.sources.files.dialect import Connection


def engine_over(root: duckdb.DuckDBPyConnection, size: int) -> sa.Engine:
    """Make a SQLAlchemy engine whose connections are cursors of one root connection.

    ``size`` is the most that are open at once; who wants another one waits for it.
    """
    return sa.create_engine(
        "duckdb://",
        # A second connection to :memory: would be another, empty database.
        creator=lambda: Connection(root.cursor()),
        poolclass=pool.QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=None,
        # There is no transaction to roll back.
        pool_reset_on_return=None,
    )


def lock_down(
    root: duckdb.DuckDBPyConnection, directories: Sequence[str], zone: str = "UTC"
) -> None:
    """Leave a root connection able to read the given directories and nothing else.

    The order matters: what is set after ``lock_configuration`` would be refused.
    """
    listed = ", ".join("'" + directory.replace("'", "''") + "'" for directory in directories)
    for statement in (
        # Footers of unchanged files are not read again.
        "SET parquet_metadata_cache = true",
        f"SET allowed_directories = [{listed}]",
        "SET allowed_configs = ['TimeZone', 'max_execution_time']",
        f"SET TimeZone = '{zone}'",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        root.execute(statement)


def locked_root(
    options: Mapping[str, str | int | bool], directories: Sequence[str]
) -> duckdb.DuckDBPyConnection:
    """Open the one in-memory database of a process and lock it down.

    ``options`` are DuckDB settings such as threads and memory_limit.
    """
    config: dict[str, str | int | bool] = {
        **options,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        # Names in SQL may not find variables of this program.
        "python_enable_replacements": False,
        # It hands casts down to the CSV reader, which then drops each row whose value fails.
        "disabled_optimizers": "type_pushdown",
        # A damaged file may make the engine doubt itself, and it would then refuse every other
        # log until the program starts anew. There is nothing in this database that could be lost.
        "disable_database_invalidation": True,
    }
    root = duckdb.connect(":memory:", config=config)  # type: ignore[arg-type]
    lock_down(root, directories)
    return root


def drop(engine: sa.Engine, table: str) -> None:
    """Drop a table of the database in memory, where it is there."""
    with engine.connect() as connection:
        _duck(connection).duck.execute(f'DROP TABLE IF EXISTS "{table}"')


class DuckDriver:
    """How DuckDB is limited and stopped."""

    streaming: ClassVar[Mapping[str, Any]] = {}

    def limit(self, connection: sa.Connection, seconds: float) -> None:
        """Set the session's own limit, in milliseconds."""
        _duck(connection).duck.execute(f"SET max_execution_time = {int(seconds * 1000)}")

    def interrupt(self, connection: sa.Connection) -> None:
        """Stop what runs on this cursor; the other cursors go on."""
        _duck(connection).interrupt()

    def progress(self, connection: sa.Connection) -> float | None:
        """Tell how far DuckDB thinks the statement is."""
        percent = _duck(connection).duck.query_progress()
        return percent / 100 if percent >= 0 else None

    def gave_up(self, error: DBAPIError) -> bool:
        """Tell whether DuckDB was interrupted, by us or by its limit."""
        return isinstance(error.orig, duckdb.InterruptException)


def _duck(connection: sa.Connection) -> Connection:
    wrapped = connection.connection.driver_connection
    assert isinstance(wrapped, Connection)  # noqa: S101 - the creator makes nothing else
    return wrapped
