"""Files of one place as rows under canonical names: which files, read how, and what is lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.catalog import ColumnKind
from queries.core.errors import LogUnreadable
from queries.core.source import Format
from queries.core.times.spans import Span
from queries.sources.cells.access import Access, sql_of
from queries.sources.cells.wanted import Wanted
from queries.sources.files.facts import Facts
from queries.sources.files.layouts import Layout
from queries.sources.files.leftout import LeftOut, Loss, Unread
from queries.sources.files.readers import named, rows_of
from queries.sources.shapes import Shape
from queries.sources.sourcerows import given

Expression = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Files that are read in the same way: what is wanted lies alike, in the same text layout."""

    shapes: tuple[Shape, ...]
    cells: tuple[Access, ...]
    header: tuple[str, ...]
    layout: Layout
    torn: bool
    keys: tuple[str, ...]
    view: str


class Laid:
    """Which files lie in which part as they are now: found once for the same files."""

    def __init__(
        self, files: Callable[[], Iterable[Facts]], part: Callable[[Facts], Part | None]
    ) -> None:
        self._files, self._part = files, part
        self._seen: list[Facts] = []
        self._found: dict[Part | None, list[str]] = {}

    def now(self) -> Mapping[Part | None, list[str]]:
        """Give the paths of each part; None are files that are left out."""
        files = [*self._files()]
        # The same objects, as what is known of a file that stayed is kept.
        if list(map(id, files)) != list(map(id, self._seen)):
            self._seen, self._found = files, {}
            for facts in files:
                self._found.setdefault(self._part(facts), []).append(facts.file.path)
        return self._found


@dataclass(frozen=True)
class Scan:
    """How the files of one place are read for one statement.

    ``current`` gives the files' facts as they are now, so that a statement that is run
    again after a file was replaced reads the new list. ``time`` is the time column.
    """

    format: Format
    zone: ZoneInfo
    time: str | None
    current: Callable[[], Sequence[Facts]]
    shape: Callable[[Facts, str, ColumnKind], Shape]
    unread: Callable[[Facts, str, Shape], Unread]
    named: Callable[[Facts], str]
    left_out: LeftOut

    def select(self, wanted: Mapping[str, Wanted], spans: Sequence[Span] | None) -> sa.Select[Any]:
        """Give the rows of some spans, each wanted column under its canonical name."""
        columns = self._columns(wanted, spans)
        parts: dict[Part, list[Facts]] = {}
        for facts in self.within(spans):
            if (part := self._part(facts, columns)) is not None:
                parts.setdefault(part, []).append(facts)
                self._note(facts, columns)
        if not parts:
            return _nothing(wanted)
        laid = Laid(lambda: self.within(spans), lambda facts: self._part(facts, columns))
        selects = [self._read(part, parts, laid, columns, wanted, spans) for part in parts]
        if len(selects) == 1:
            return selects[0]
        return sa.select(sa.union_all(*selects).subquery("parts"))

    def _columns(
        self, wanted: Mapping[str, Wanted], spans: Sequence[Span] | None
    ) -> dict[str, ColumnKind]:
        columns = {one.column: one.field.kind for one in wanted.values()}
        if spans is not None and self.time is not None:
            columns[self.time] = "time"
        return columns

    def within(self, spans: Sequence[Span] | None) -> Iterable[Facts]:
        """Leave out files that lie outside all spans by their own first and last time."""
        # First and last are read as UTC: no zone is a day away from it.
        slack = timedelta(0) if self.zone.key == "UTC" else timedelta(days=1)
        for facts in self.current():
            if facts.rows == 0:
                continue
            if (
                spans is None
                or facts.first is None
                or facts.last is None
                or any(
                    facts.first - slack < span.end and facts.last + slack >= span.start
                    for span in spans
                )
            ):
                yield facts

    def _part(self, facts: Facts, columns: Mapping[str, ColumnKind]) -> Part | None:
        if self.time in columns and self.time not in facts.columns:
            reason = f"has no column “{self.time}”; left out {{lost}}"
            self.left_out.add(reason, self.named(facts), Loss(facts.rows, facts.rows))
            return None
        return Part(
            shapes=tuple(self.shape(facts, name, kind) for name, kind in columns.items()),
            cells=tuple(facts.access(name) for name in columns),
            header=facts.header,
            layout=facts.layout,
            torn=self.format == "jsonl" and facts.bad_lines > 0,
            keys=tuple(name for name in facts.keys if name in columns),
            view=facts.view,
        )

    def _note(self, facts: Facts, columns: Mapping[str, ColumnKind]) -> None:
        name = self.named(facts)
        if facts.open_quote:
            line = facts.open_quote
            self.left_out.add(f"left out all after line {line}, where a quote never closes", name)
        elif facts.bad_lines:
            loss = Loss(facts.bad_lines, facts.rows + facts.bad_lines)
            self.left_out.add("left out {lost}", name, loss, "unreadable line")
        for column, kind in columns.items():
            if column not in facts.columns:
                self.left_out.lacking(column, name, facts.rows)
                continue
            shape = self.shape(facts, column, kind)
            if not shape.may_misfit:
                continue
            unread = self.unread(facts, column, shape)
            if unread.count and column == self.time:
                self.left_out.unplaced(column, name, unread)
            elif unread.count:
                self.left_out.unread(column, kind, name, unread)

    def _read(
        self,
        part: Part,
        parts: Collection[Part],
        laid: Laid,
        columns: Mapping[str, ColumnKind],
        wanted: Mapping[str, Wanted],
        spans: Sequence[Span] | None,
    ) -> sa.Select[Any]:
        raw = self._function(part, parts, laid)
        shapes = dict(zip(columns, part.shapes, strict=True))
        cells = _cells(raw, dict(zip(columns, part.cells, strict=True)))
        listed = [
            given(cells[one.column], shapes[one.column], one).label(name)
            for name, one in wanted.items()
        ]
        select = sa.select(*listed or [sa.literal_column("1").label("present")]).select_from(raw)
        if self.time in shapes and shapes[self.time].may_misfit:
            # Without a time a row can't be placed; any other value that can't be read is missing.
            select = select.where(sa.not_(shapes[self.time].unread(cells[self.time])))
        # ignore_errors makes a row of NULLs of a line that is no record.
        if part.torn:
            select = select.where(sa.or_(*(raw.c[name].is_not(None) for name in part.header)))
        if spans is not None and self.time is not None:
            select = select.where(shapes[self.time].within(cells[self.time], spans))
        return select

    def _function(self, part: Part, parts: Collection[Part], laid: Laid) -> sa.FromClause:
        if part.view:
            return sa.table(part.view, *(sa.column(cell.root) for cell in part.cells)).alias("raw")

        def paths() -> list[str]:
            now = laid.now()
            # A file that has become another one would be in no part, and be missing in silence.
            if part not in now or any(one and one not in parts for one in now):
                message = "The files of this log were replaced while they were read. Ask again."
                raise LogUnreadable(message)
            return now[part]

        # Called when the statement runs, also when it runs again. A list and no glob: unfinished
        # files stay out, and files outside the time aren't opened.
        files = sa.bindparam("files", callable_=paths, unique=True, type_=sa.types.NullType())
        if self.format == "parquet":
            # Keys in the path are columns only where the files themselves lack them.
            keys = {"hive_partitioning": bool(part.keys), "hive_types_autocast": False}
            function = sa.func.read_parquet(files, *named(keys))
            names = dict.fromkeys([*(cell.root for cell in part.cells), *part.header])
            raw: sa.TableValuedAlias = function.table_valued(*map(sa.column, names), name="raw")
            return raw
        return rows_of(part.layout, files, part.header)


def _cells(raw: sa.FromClause, accesses: Mapping[str, Access]) -> dict[str, Expression]:
    """Give each column's raw value: the column itself, or what a path leads to in one."""
    written = sql_of((each for each in accesses.values() if not each.is_plain), "raw")
    cells: dict[str, Expression] = {}
    for name, each in accesses.items():
        if each.is_plain:
            # A file may lack a column, which is missing in its rows then.
            cells[name] = raw.c[each.root] if each.root in raw.c else sa.null()
        else:
            # As text: only what a declaration names is in it, quoted.
            cells[name] = sa.literal_column(written[each])
    return cells


def _nothing(wanted: Mapping[str, Wanted]) -> sa.Select[Any]:
    columns = [sa.cast(sa.null(), one.field.sql_type).label(name) for name, one in wanted.items()]
    return sa.select(*columns or [sa.literal_column("1").label("present")]).where(sa.false())
