"""A table behind a URL as one source's rows for one ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError

from queries.core.catalog import ColumnKind
from queries.core.doors.rows import Fetched, Held, Stored
from queries.core.source import Source, Visibility
from queries.core.times.spans import Span
from queries.sources import outcomes
from queries.sources.cells.wanted import Wanted
from queries.sources.databases.warehouse import Warehouse, is_mendable
from queries.sources.files.leftout import LeftOut, Unread
from queries.sources.running import Ask
from queries.sources.shapes import Shape, kind_of, unit_of
from queries.sources.sourcerows import SourceRows, fitted, places_of


class WarehouseRows(SourceRows):
    """One source's tables as rows for one ask; see ``queries.core.doors.rows.Rows``."""

    def __init__(self, source: Source, warehouse: Warehouse, ask: Ask, now: datetime) -> None:
        super().__init__(source, now)
        self._places = places_of(source)
        self._warehouse = warehouse
        self._ask = ask
        self._left_out = LeftOut()
        self._surplus: int | None = None

    @property
    def left_out(self) -> list[str]:
        """Give the sentences about what was left out so far."""
        return [*self._left_out.sentences(), *self._said]

    def types(self, place: str, column: str) -> list[tuple[str, int]]:
        """Give the type in which the table holds a column; nothing where it has none."""
        columns = self._warehouse.columns(self._places[place].table)
        return [(columns[column], 1)] if column in columns else []

    def parts(self, place: str, column: str, kind: ColumnKind) -> list[Stored]:
        """Tell how the table holds a column: in one type for all its rows."""
        return [
            Stored(there=True, kind=kind_of(type_), rows=rows)
            for type_, rows in self.types(place, column)
        ]

    def scan(
        self, place: str, wanted: Mapping[str, Wanted], spans: Sequence[Span] | None
    ) -> sa.Select[Any]:
        """Give the rows of a place within some spans, with the wanted columns."""
        name = self._places[place].table
        schema, _, bare = name.rpartition(".")
        types = self._warehouse.columns(name)
        time = self._source.roles.get("time") if spans is not None else None
        names = dict.fromkeys([one.column for one in wanted.values()] + ([time] if time else []))
        # Not reflected by SQLAlchemy anew for each ask: which columns there are is known already.
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
        """Count the outcomes beyond the first of each request, once an ask."""
        if self._surplus is None:
            self._surplus = int(self.fetch(outcomes.surplus(select)).rows[0][0])
        return self._surplus

    def fetch(self, select: sa.Select[Any]) -> Fetched:
        """Run one select to its end."""
        try:
            return self._warehouse.runner.fetch(select, self._ask, f"Reading {self._source.title}")
        except DBAPIError as error:
            raise self._explained(error) from error

    @contextmanager
    def held(self, select: sa.Select[Any]) -> Iterator[Held | None]:
        """Hold nothing: the user of a database may read its tables, and no more."""
        yield None

    def stream(self, select: sa.Select[Any], batch: int) -> Iterator[Fetched]:
        """Run one select and give its rows in batches."""
        what = f"Reading {self._source.title}"
        try:
            yield from self._warehouse.runner.stream(select, batch, self._ask, what)
        except DBAPIError as error:
            raise self._explained(error) from error

    def _explained(self, error: DBAPIError) -> Exception:
        """Give what to raise: a mistake in our own SQL stays what it is."""
        # What is remembered of the tables may be what went wrong: a column may have been dropped.
        self._warehouse.forget()
        if isinstance(error, ProgrammingError | DataError) and not is_mendable(error):
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
            unit = unit_of(int(largest or 0)) or 1
        return Shape(types[time], "time", text=False, zone=self._source.zone, unit=unit)

    def _fitting(
        self,
        select: sa.Select[Any],
        raw: sa.FromClause,
        types: Mapping[str, str],
        wanted: Mapping[str, Wanted],
    ) -> sa.Select[Any]:
        """Count values that are not of their kind; leave out rows whose time is none."""
        for one in wanted.values():
            shape = Shape(types[one.column], one.field.kind, text=False, zone=self._source.zone)
            if not shape.may_misfit:
                continue
            column = raw.c[one.column]
            odd = shape.unread(column)
            counts = [sa.func.count().filter(odd), sa.func.count(), sa.func.min(column).filter(odd)]
            count, rows, example = self.fetch(select.with_only_columns(*counts)).rows[0]
            kind, table = one.field.kind, self._source.place.table
            shown = self._source.visible(one.column) is Visibility.OPEN
            found = Unread(count, rows, str(example) if shown else "")
            if one.column == self._source.roles.get("time"):
                if count:
                    self._left_out.unplaced(one.column, table, found)
                select = select.where(sa.not_(odd))
            elif count:
                self._left_out.unread(one.column, kind, table, found)
        return select
