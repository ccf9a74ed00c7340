"""A table behind a SQLAlchemy URL: one source's rows for one ask, read-only and stoppable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from threading import BoundedSemaphore, Lock
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    NoSuchModuleError,
    NoSuchTableError,
    ProgrammingError,
)

from queries.core.errors import LogUnreadable
from queries.core.nearest import nearest
from queries.core.rows import Fetched
from queries.core.spans import Span
from queries.sources import outcomes
from queries.sources.leftout import NOT, LeftOut
from queries.sources.running import Ask, Runner
from queries.sources.shapes import Shape, kind_of, unit_of
from queries.sources.source import Source
from queries.sources.sourcerows import SourceRows, Wanted, fitted, places_of

_KNOWN = ("postgresql",)
_CANCELLED = "57014"
_MENDABLE = ("42P01", "42703", "42501", "3F000")
"""A table, a column or a schema that went away, or a right that is missing."""


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
        self._shown = _shown(url)
        self._tables: dict[str, Mapping[str, str]] = {}
        self._lock = Lock()
        try:
            engine = sa.create_engine(
                url, pool_size=concurrent, max_overflow=0, pool_timeout=None, pool_pre_ping=True
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
        gate = BoundedSemaphore(concurrent)
        self.runner = Runner(engine, PostgresDriver(), deadline=deadline, gate=gate)

    def columns(self, table: str) -> Mapping[str, str]:
        """Give a table's columns with their types, named as DuckDB names them.

        Raises LogUnreadable where there is no such table, with the nearest name.
        """
        with self._lock:
            if table not in self._tables:
                self._tables[table] = self._reflect(table)
            return self._tables[table]

    def forget(self) -> None:
        """Look at the tables again when they are next asked for."""
        with self._lock:
            self._tables.clear()

    def unreadable(self, error: DBAPIError) -> LogUnreadable:
        """Say what to do about an error of the database, without its password."""
        reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason"
        return LogUnreadable(
            f"The database {self._shown} does not answer as it should: {reason}. Check that it "
            "runs, that the url in plainlogs.toml is right, and that its user may read the table."
        )

    def _reflect(self, table: str) -> dict[str, str]:
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


class WarehouseRows(SourceRows):
    """One source's tables as rows for one ask; see ``queries.core.rows.Rows``."""

    def __init__(self, source: Source, warehouse: Warehouse, ask: Ask) -> None:
        super().__init__(source)
        self._places = places_of(source)
        self._warehouse = warehouse
        self._ask = ask
        self._left_out = LeftOut()

    @property
    def left_out(self) -> list[str]:
        """Give the sentences about what was left out so far."""
        return [*self._left_out.sentences(), *self._said]

    def types(self, place: str, column: str) -> list[tuple[str, int]]:
        """Give the type in which the table holds a column; nothing where it has none."""
        columns = self._warehouse.columns(self._places[place].table)
        return [(columns[column], 1)] if column in columns else []

    def scan(
        self, place: str, wanted: Mapping[str, Wanted], spans: Sequence[Span] | None
    ) -> sa.Select[Any]:
        """Give the rows of a place within some spans, with the wanted columns."""
        name = self._places[place].table
        schema, _, bare = name.rpartition(".")
        types = self._warehouse.columns(name)
        time = self._source.roles.get("time") if spans is not None else None
        names = dict.fromkeys([one.column for one in wanted.values()] + ([time] if time else []))
        raw = sa.table(bare, *map(sa.column, names), schema=schema or None).alias("raw")
        select = sa.select(
            *[self._read(raw, types, one).label(name) for name, one in wanted.items()]
            or [sa.literal_column("1").label("present")]
        ).select_from(raw)
        if time is not None and spans is not None:
            shape = self._shape(raw, types, time)
            select = select.where(shape.within(raw.c[time], spans))
        return self._fitting(select, raw, types, wanted)

    def surplus(self, select: sa.Select[Any]) -> int:
        """Count the outcomes beyond the first of each request."""
        return int(self.fetch(outcomes.surplus(select)).rows[0][0])

    def fetch(self, select: sa.Select[Any]) -> Fetched:
        """Run one select to its end."""
        try:
            return self._warehouse.runner.fetch(select, self._ask, f"Reading {self._source.title}")
        except DBAPIError as error:
            raise self._explained(error) from error

    def stream(self, select: sa.Select[Any], batch: int) -> Iterator[Fetched]:
        """Run one select and give its rows in batches."""
        what = f"Reading {self._source.title}"
        try:
            yield from self._warehouse.runner.stream(select, batch, self._ask, what)
        except DBAPIError as error:
            raise self._explained(error) from error

    def _explained(self, error: DBAPIError) -> Exception:
        """Give what to raise: a mistake in our own SQL stays what it is."""
        self._warehouse.forget()
        if isinstance(error, ProgrammingError | DataError) and _state(error) not in _MENDABLE:
            return error
        return self._warehouse.unreadable(error)

    def _read(self, raw: sa.FromClause, types: Mapping[str, str], one: Wanted) -> Any:
        shape = Shape(types[one.column], one.field.kind, text=False, zone=self._source.zone)
        if one.field.kind == "time":
            shape = self._shape(raw, types, one.column)
        return fitted(shape.read(raw.c[one.column]), shape, one.field)

    def _shape(self, raw: sa.FromClause, types: Mapping[str, str], time: str) -> Shape:
        """Tell how a time column is read; of a number, the largest tells what it counts."""
        unit = 1
        if kind_of(types[time]) == "number":
            largest = self.fetch(sa.select(sa.func.max(raw.c[time]))).rows[0][0]
            unit = unit_of(int(largest or 0))
        return Shape(types[time], "time", text=False, zone=self._source.zone, unit=unit)

    def _fitting(
        self,
        select: sa.Select[Any],
        raw: sa.FromClause,
        types: Mapping[str, str],
        wanted: Mapping[str, Wanted],
    ) -> sa.Select[Any]:
        """Leave out rows with values that are not of their kind, and count them."""
        for one in wanted.values():
            shape = Shape(types[one.column], one.field.kind, text=False, zone=self._source.zone)
            if not shape.may_misfit:
                continue
            column = raw.c[one.column]
            read = shape.read(column)
            odd = sa.and_(column.is_not(None), read.is_(None))
            count = self.fetch(select.with_only_columns(sa.func.count()).where(odd)).rows[0][0]
            if count:
                reason = f"left out {{lost}} whose “{one.column}” is {NOT[one.field.kind]}"
                self._left_out.add(reason, self._source.place.table, count)
            select = select.where(sa.or_(column.is_(None), read.is_not(None)))
        return select


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
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)


def _shown(url: str) -> str:
    try:
        return sa.engine.make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "of this source"
