"""A database behind a SQLAlchemy URL: its tables, read-only, limited and stoppable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import BoundedSemaphore, Lock
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    NoSuchTableError,
)

from queries.core.errors import LogUnreadable
from queries.core.nearest import nearest
from queries.sources.databases.cells import Cell
from queries.sources.running import Runner

_KNOWN = ("postgresql",)
_TIMED = ("psycopg", "psycopg2")
_PATIENCE = 10
"""Seconds in which a database must take a connection; by itself the driver waits for minutes."""
# SQLSTATE query_canceled, by a timeout and by a request alike.
_CANCELLED = "57014"
# Undefined table, undefined column, insufficient privilege, invalid schema name.
_MENDABLE = ("42P01", "42703", "42501", "3F000")


class PostgresDriver:
    """How PostgreSQL is limited and stopped."""

    streaming: ClassVar[Mapping[str, Any]] = {"stream_results": True, "max_row_buffer": 10_000}

    def limit(self, connection: sa.Connection, seconds: float) -> None:
        """Set the limit for this transaction, in milliseconds; 0 means none."""
        limit = sa.func.set_config("statement_timeout", str(int(seconds * 1000)), True)
        connection.execute(sa.select(limit))

    def interrupt(self, connection: sa.Connection) -> None:
        """Ask the server, over another connection, to cancel what runs on this one."""
        driver: Any = connection.connection.driver_connection
        with suppress(Exception):  # asked again at the next tick
            # Of psycopg's two ways the newer one, which need not go unencrypted.
            getattr(driver, "cancel_safe", driver.cancel)()

    def progress(self, connection: sa.Connection) -> float | None:
        """PostgreSQL does not tell how far a SELECT is."""
        return None

    def gave_up(self, error: DBAPIError) -> bool:
        """Tell whether the server cancelled the statement, by its limit or when asked to."""
        return _state(error) == _CANCELLED


class Warehouse:
    """One SQLAlchemy URL across asks: a small pool of connections that can only read."""

    def __init__(self, url: str, *, deadline: float, concurrent: int) -> None:
        """Open nothing yet: what is wrong with a url is told by who asks for its tables."""
        self._url, self._shown = url, _shown(url)
        self._deadline, self._concurrent = deadline, concurrent
        self._tables: dict[str, Mapping[str, str]] = {}
        self._cells: dict[tuple[str, str], Cell | None] = {}
        self._lock, self._opening = Lock(), Lock()
        self._runner: Runner | None = None

    @property
    def runner(self) -> Runner:
        """Give what runs statements. Raises LogUnreadable where the url can't be used."""
        # Two first asks at once would open two pools, of which one is never closed.
        with self._opening:
            if self._runner is None:
                engine = self._engine()
                gate = BoundedSemaphore(self._concurrent)
                self._runner = Runner(engine, PostgresDriver(), deadline=self._deadline, gate=gate)
            return self._runner

    def close(self) -> None:
        """Close its connections."""
        if self._runner is not None:
            self._runner.engine.dispose()

    def _engine(self) -> sa.Engine:
        try:
            # The gate bounds statements; a database restarted overnight is noticed by a ping.
            engine = sa.create_engine(
                self._url,
                pool_size=self._concurrent,
                max_overflow=0,
                pool_timeout=None,
                pool_pre_ping=True,
                connect_args=_patience(self._url),
            )
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise LogUnreadable(
                f"The url {self._shown} cannot be used: {error}. Correct it in plainlogs.toml, or "
                "install the driver that it names."
            ) from error
        if engine.dialect.name not in _KNOWN:
            raise LogUnreadable(
                f"{engine.dialect.name} cannot be asked yet; this can: {', '.join(_KNOWN)}. "
                "Export the table to Parquet files, or move it to one of these."
            )
        sa.event.listen(engine, "connect", _only_read)
        return engine

    def columns(self, table: str) -> Mapping[str, str]:
        """Give a table's columns with their types, named as DuckDB names them.

        Raises LogUnreadable where there is no such table, with the nearest name.
        """
        with self._lock:
            if table not in self._tables:
                self._tables[table] = self._reflect(table)
            return self._tables[table]

    def cell(self, table: str, column: str, look: Callable[[], Cell | None]) -> Cell | None:
        """Remember what was found of a declared column in a table."""
        with self._lock:
            if (table, column) in self._cells:
                return self._cells[table, column]
        # Looked at without the lock, as looking asks the database.
        found = look()
        with self._lock:
            self._cells[table, column] = found
        return found

    def forget(self) -> None:
        """Look at the tables again when they are next asked for."""
        with self._lock:
            self._tables.clear()
            self._cells.clear()

    def unreadable(self, error: DBAPIError) -> LogUnreadable:
        """Say what to do about an error of the database, without its password."""
        reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason"
        return LogUnreadable(
            f"The database {self._shown} does not answer as it should: {reason}. Check that it "
            "runs, that the url in plainlogs.toml is right, and that its user may read the table."
        )

    def _described(self, select: str) -> dict[str, str]:
        """Tell what columns a declared SELECT gives, with their types."""
        statement = f"SELECT * FROM ({select}) AS described LIMIT 0"  # noqa: S608 - declared
        try:
            with self.runner.engine.connect() as connection:
                found = connection.exec_driver_sql(statement.replace("%", "%%"))
                described = found.cursor.description if found.cursor else []
        except DBAPIError as error:
            raise self.unreadable(error) from error
        return {column[0]: _OIDS.get(int(str(column[1])), "OTHER") for column in described}

    def _reflect(self, table: str) -> dict[str, str]:
        if is_select(table):
            return self._described(table)
        schema, _, name = table.rpartition(".")
        try:
            inspector = sa.inspect(self.runner.engine)
            found = inspector.get_columns(name, schema=schema or None)
        except NoSuchTableError as error:
            names = [
                *inspector.get_table_names(schema or None),
                *inspector.get_view_names(schema or None),
            ]
            near = nearest(name, names, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise LogUnreadable(
                f"There is no table {table} in {self._shown}.{hint} "
                "Correct `table` in plainlogs.toml."
            ) from error
        except DBAPIError as error:
            raise self.unreadable(error) from error
        return {column["name"]: type_name(column["type"]) for column in found}


_OIDS = {
    **dict.fromkeys((20, 21, 23), "BIGINT"),
    **dict.fromkeys((25, 1042, 1043), "VARCHAR"),
    16: "BOOLEAN",
    700: "FLOAT",
    701: "DOUBLE",
    1700: "DECIMAL",
    1082: "DATE",
    1114: "TIMESTAMP",
    1184: "TIMESTAMP WITH TIME ZONE",
}
"""PostgreSQL's numbers of types, as its drivers give them with a result."""


def is_select(table: str) -> bool:
    """Tell whether a table is one that a declared SELECT makes."""
    return table.split(maxsplit=1)[0].lower() in ("select", "with")


def type_name(type_: sa.types.TypeEngine[Any]) -> str:
    """Name a reflected type as DuckDB names it."""
    if isinstance(type_, sa.DateTime):
        return "TIMESTAMP WITH TIME ZONE" if type_.timezone else "TIMESTAMP"
    named: tuple[tuple[type[sa.types.TypeEngine[Any]], str], ...] = (
        (sa.Boolean, "BOOLEAN"),
        (sa.Date, "DATE"),
        (sa.Integer, "BIGINT"),
        (sa.Double, "DOUBLE"),
        (sa.Float, "FLOAT"),
        (sa.Numeric, "DECIMAL"),
        (sa.Enum, "ENUM"),
        (sa.String, "VARCHAR"),
    )
    return next((name for kind, name in named if isinstance(type_, kind)), "OTHER")


def _only_read(connection: Any, _record: object) -> None:
    """Make every transaction of a new connection read-only, in UTC."""
    with connection.cursor() as cursor:
        # A second lock behind the user's rights: what runs here may not write whatever those allow.
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def is_mendable(error: DBAPIError) -> bool:
    """Tell whether people can mend it: a table, column, schema or right that is missing."""
    return _state(error) in _MENDABLE


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)


def _patience(url: str) -> dict[str, int]:
    """Give up on a database that doesn't answer at all, unless the url says when."""
    made = sa.engine.make_url(url)
    if made.get_backend_name() not in _KNOWN or "connect_timeout" in made.query:
        return {}
    return {"connect_timeout": _PATIENCE} if made.get_driver_name() in _TIMED else {}


def _shown(url: str) -> str:
    try:
        return sa.engine.make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "of this source"
