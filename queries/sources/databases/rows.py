"""A table behind a URL as one source's rows for one ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError

from queries.core.catalog import ColumnKind
from queries.core.doors.guard import DeclaredRows
from queries.core.doors.rows import Dataset, Fetched, Field, Held, Stored
from queries.core.source import Source, Visibility
from queries.core.times.spans import Span
from queries.sources import outcomes, requests
from queries.sources.canonical import WORDED, fixed_kind
from queries.sources.cells.expressions import columns_named
from queries.sources.cells.times import forms_of
from queries.sources.cells.wanted import Wanted
from queries.sources.cells.words import missing_words
from queries.sources.databases.cells import Cell, Looked, find
from queries.sources.databases.warehouse import Warehouse, is_mendable, is_select
from queries.sources.files.leftout import LeftOut, Unread
from queries.sources.requests import Repeated
from queries.sources.running import Ask
from queries.sources.shapes import EARLIEST, LATEST, Shape, kind_of, unit_of
from queries.sources.sourcerows import SourceRows, columns_of, given, places_of

Expression = sa.ColumnElement[Any]


class WarehouseRows(SourceRows):
    """One source's tables as rows for one ask; see ``queries.core.doors.rows.Rows``."""

    def __init__(self, source: Source, warehouse: Warehouse, ask: Ask, now: datetime) -> None:
        super().__init__(source, now)
        self._places = places_of(source)
        self._warehouse = warehouse
        self._ask = ask
        self._left_out = LeftOut()
        self._table = source.place.table or "rows"
        self._surplus: int | None = None
        self._repeated: dict[tuple[Span, ...] | None, Repeated] = {}
        self._odd: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        columns = {place: columns_of(source, place) for place in self._places}
        self._moments = {
            place: {column for name, column in named.items() if fixed_kind(source, name) == "time"}
            for place, named in columns.items()
        }
        self._operands_of = {
            place: {*columns_named(named.values())} - {*named.values()}
            for place, named in columns.items()
        }
        self._whole = {source.roles[name] for name in WORDED if name in source.roles}
        self._words = missing_words(source.missing)
        self._forms = forms_of(source.time_format)

    @property
    def left_out(self) -> list[str]:
        """Give the sentences about what was left out so far."""
        return [*self._left_out.sentences(), *self._said]

    @property
    def lost(self) -> list[str]:
        """Give those of many rows that are lost."""
        return self._left_out.lost()

    @property
    def doubtful(self) -> list[str]:
        """Give those that make numbers doubtful."""
        return self._left_out.doubtful()

    def types(self, place: str, column: str) -> list[tuple[str, int]]:
        """Give the type in which the table holds a column; nothing where it has none."""
        cell = self._cell(place, column)
        return [(cell.type, 1)] if cell else []

    def _cell(self, place: str, column: str) -> Cell | None:
        """Find a declared column in a table, once for as long as the table stays as it is."""
        name = self._places[place].rows or self._places[place].table
        types = self._warehouse.columns(name)
        is_time = column in self._moments[place]

        def fetch(select: sa.Select[Any]) -> Sequence[Any]:
            return self.fetch(select).rows

        def look() -> Cell | None:
            table = Looked(types, self._raw(name, types), fetch)
            forms = self._forms if is_time else ()
            return find(column, table, forms, look=column in self._operands_of[place])

        return self._warehouse.cell(name, column, look)

    def _raw(self, name: str, columns: Iterable[str]) -> sa.FromClause:
        """Give a table; not reflected anew for each ask: which columns it has is known already."""
        if is_select(name):
            # Colons are no parameters here.
            text = DeclaredRows(name.replace(":", "\\:"))
            return text.columns(*map(sa.column, columns)).subquery("raw")
        schema, _, bare = name.rpartition(".")
        return sa.table(bare, *map(sa.column, columns), schema=schema or None).alias("raw")

    def names(self, place: str) -> Collection[str]:
        """Name the columns of the table; nothing of a place that is not declared."""
        at = self._places.get(place)
        return tuple(self._warehouse.columns(at.rows or at.table)) if at else ()

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
        time = self._source.roles.get("time") if spans is not None else None
        names = dict.fromkeys([one.column for one in wanted.values()] + ([time] if time else []))
        cells = {name: self._there(place, name) for name in names}
        raw = self._raw(
            (self._places[place].rows or self._places[place].table),
            dict.fromkeys(c.root for c in cells.values()),
        )
        values = {name: cell.of(raw) for name, cell in cells.items()}
        shapes = {
            name: self._shape(values[one.column], cells[one.column], one)
            for name, one in wanted.items()
        }
        select = sa.select(
            *(
                given(values[one.column], shapes[name], one).label(name)
                for name, one in wanted.items()
            )
        ).select_from(raw)
        if not wanted:
            select = sa.select(sa.literal_column("1").label("present")).select_from(raw)
        if time is not None and spans is not None:
            shape = self._shape(values[time], cells[time], Wanted(time, Field("time")))
            select = select.where(shape.within(values[time], spans))
        elif "time" in shapes:
            select = self._bounded(place, select, values, shapes["time"], wanted["time"])
        return self._fitting((place, spans and tuple(spans)), select, values, shapes, wanted)

    def _bounded(
        self,
        place: str,
        select: sa.Select[Any],
        values: Mapping[str, Expression],
        shape: Shape,
        one: Wanted,
    ) -> sa.Select[Any]:
        """Leave out rows whose time is no data, such as the year 9999 for “never”, and say so."""
        if shape.unbound or kind_of(shape.type) != "time":
            return select
        at = values[one.column]
        odd = sa.or_(at < EARLIEST, at >= LATEST)
        example = sa.func.min(sa.cast(at, sa.String))
        counts: list[Any] = [sa.func.count(), example]
        counting = select.with_only_columns(*counts).where(odd)
        count, like = self._counted((place, one.column), counting)
        if count:
            table = self._table
            self._left_out.unplaced(one.column, table, Unread(count, count, str(like)))
            select = select.where(sa.or_(at.is_(None), sa.not_(odd)))
        return select

    def _counted(self, about: tuple[Any, ...], select: sa.Select[Any]) -> tuple[Any, ...]:
        """Give the one row that counts what can't be read, once an ask."""
        if about not in self._odd:
            self._odd[about] = tuple(self.fetch(select).rows[0])
        return self._odd[about]

    def _there(self, place: str, column: str) -> Cell:
        cell = self._cell(place, column)
        assert cell is not None  # noqa: S101 - only what is there is wanted
        return cell

    def may_misfit(self, place: str, one: Wanted) -> bool:
        """Tell whether some values of a column may turn out not to be of its kind."""
        cell = self._there(place, one.column)
        kind, zone = one.field.kind, self._source.zone
        return Shape(cell.type, kind, text=cell.text, zone=zone, form=cell.form).may_misfit

    def repeated(self, spans: Sequence[Span] | None) -> Repeated:
        """Count the rows beyond the first of each request, once an ask for the same time."""
        key = None if spans is None else tuple(spans)
        if key not in self._repeated:
            wanted = {"request_id": self.wanted(Dataset.PRODUCTION)["request_id"].raw}
            ids = self.scan(Dataset.PRODUCTION, wanted, spans)
            rows, different = self.fetch(requests.counting(ids)).rows[0]
            self._repeated[key] = Repeated(rows - different, rows)
        return self._repeated[key]

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

    def _shape(self, value: Expression, cell: Cell, one: Wanted) -> Shape:
        """Tell how a column is read; of numbers that are times, the largest tells the unit."""
        unit, kind = 1, one.field.kind
        if kind == "time" and kind_of(cell.type) == "number":
            number = sa.cast(value, sa.Double)
            middle = sa.func.percentile_cont(0.5).within_group(number)
            found = unit_of(self.fetch(sa.select(middle)).rows[0][0] or 0)
            unit = 1 if found is None else found
        whole = one.column in self._whole or cell.type != "VARCHAR"
        return Shape(
            type=cell.type,
            kind=kind,
            text=cell.text,
            zone=self._source.zone,
            unit=unit,
            form=cell.form,
            words=() if whole else self._words,
            # Times that have a type are bounded on the column itself, whose index serves then.
            unbound=kind == "time" and (cell.text or kind_of(cell.type) != "time"),
        )

    def _fitting(
        self,
        read: tuple[Any, ...],
        select: sa.Select[Any],
        values: Mapping[str, Expression],
        shapes: Mapping[str, Shape],
        wanted: Mapping[str, Wanted],
    ) -> sa.Select[Any]:
        """Count values that are not of their kind; leave out rows whose time is none."""
        table = self._table
        for name, one in wanted.items():
            if not shapes[name].may_misfit:
                continue
            value = values[one.column]
            odd = shapes[name].unread(value)
            example = sa.func.min(sa.cast(value, sa.String)).filter(odd)
            counts: list[Any] = [sa.func.count().filter(odd), sa.func.count(), example]
            about = (*read, one.column, one.field.kind, "time" in wanted)
            count, rows, like = self._counted(about, select.with_only_columns(*counts))
            shown = self._source.visible(one.column) is Visibility.OPEN
            found = Unread(count, rows, str(like) if shown and like is not None else "")
            if one.column == self._source.roles.get("time"):
                if count:
                    self._left_out.unplaced(one.column, table, found)
                select = select.where(sa.not_(odd))
            elif count:
                self._left_out.unread(one.column, one.field.kind, table, found)
        return select
