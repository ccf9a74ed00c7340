"""The files of one place across asks: what each holds, remembered by version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from queries.core.catalog import ColumnKind
from queries.core.doors.rows import Stored
from queries.core.errors import LogUnreadable
from queries.core.source import Place
from queries.core.times.spans import Span
from queries.sources.files import parquet, textfiles
from queries.sources.files.facts import Facts, Known
from queries.sources.files.leftout import LeftOut, Unread
from queries.sources.files.listing import FileAt, is_wild, listed, root_of
from queries.sources.files.scan import Scan
from queries.sources.shapes import WITH_ZONE, Shape, kind_of, unit_of

Cursor = Callable[[], duckdb.DuckDBPyConnection]
_INSTANT = timedelta(microseconds=1)


class Folder:
    """One place of files. Holds nothing of them but their facts; safe to use from threads.

    ``declared`` are the columns that the source may ask for, ``time`` the one with the time,
    ``open_columns`` those whose values everybody may see.
    """

    def __init__(
        self,
        place: Place,
        declared: Sequence[str],
        time: str | None,
        zone: ZoneInfo,
        cursor: Cursor,
        open_columns: Collection[str] = (),
    ) -> None:
        self.place = place
        self.zone = zone
        self._declared, self._time, self._cursor = list(dict.fromkeys(declared)), time, cursor
        self._known = Known(self._inspect)
        self._open = frozenset(open_columns)
        self._unread: dict[tuple[FileAt, str, ColumnKind], Unread] = {}
        self._unit: dict[tuple[FileAt, str], int] = {}
        self._tops = [_top(pattern) for pattern in place.files]

    def facts(self) -> list[Facts]:
        """Look at the folder now: every file's facts, the broken ones' too.

        Raises LogUnreadable where there is no file, or none that can be read.
        """
        files = listed(self.place)
        if not files:
            raise LogUnreadable(
                f"No file matches {', '.join(self.place.files)}. Check `files` in plainlogs.toml, "
                "and that the model writes its log there."
            )
        facts = self._known.of(files)
        if all(one.problem for one in facts):
            first = facts[0]
            raise LogUnreadable(
                f"No file of {', '.join(self.place.files)} can be read. {self.named(first)}: "
                f"{first.problem}."
            )
        return facts

    def condemn(self, facts: Facts, problem: str) -> None:
        """Remember that this version of a file turned out damaged while it was read."""
        self._known.condemn(facts.file, problem)

    def probe(self, facts: Facts) -> str:
        """Read one file's declared columns whole; say what is wrong with it, or nothing."""
        if self.place.format != "parquet":
            return next(iter(self._inspect([facts.file]))).problem
        columns = [name for name in self._declared if name in facts.columns]
        return parquet.probe(self._cursor, facts, columns)

    def named(self, facts: Facts) -> str:
        """Name a file for people: relative to the folder that the source declares."""
        path = Path(facts.file.path)
        top = next((top for top in self._tops if path.is_relative_to(top)), None)
        return str(path.relative_to(top)) if top else path.name

    def held(self, facts: Facts, column: str, kind: ColumnKind) -> Stored:
        """Tell how a file holds a column that is read as a kind."""
        span = self._span(facts)
        if column not in facts.columns:
            return Stored(there=False, kind=None, rows=facts.rows, span=span)
        held = facts.columns[column]
        shape = Shape(held, kind, self.place.format != "parquet", self.zone)
        odd = self._find_unread(facts, column, kind).count if shape.may_misfit else 0
        return Stored(there=True, kind=kind_of(held), rows=facts.rows, odd=odd, span=span)

    def _span(self, facts: Facts) -> Span | None:
        """Give the span of a file's rows; naive times are read in the source's zone."""
        if facts.first is None or facts.last is None:
            return None
        if facts.columns.get(self._time or "") in WITH_ZONE:
            return Span(facts.first, facts.last + _INSTANT)
        first, last = (
            at.replace(tzinfo=self.zone).astimezone(UTC) for at in (facts.first, facts.last)
        )
        return Span(first, last + _INSTANT)

    def scan(self, current: Callable[[], Sequence[Facts]], left_out: LeftOut) -> Scan:
        """Give the way to read these files for one ask."""
        return Scan(
            format=self.place.format,
            zone=self.zone,
            time=self._time,
            unit=lambda column: self._unit_of(column, current()),
            current=current,
            unread=self._find_unread,
            named=self.named,
            left_out=left_out,
        )

    def _inspect(self, files: Sequence[FileAt]) -> Iterable[Facts]:
        with self._cursor() as cursor:
            if self.place.format == "parquet":
                return list(parquet.inspect(cursor, files, self._time))
            look = textfiles.inspect_csv if self.place.format == "csv" else textfiles.inspect_jsonl
            return list(look(cursor, files, self._declared, self._time))

    def _find_unread(self, facts: Facts, column: str, kind: ColumnKind) -> Unread:
        """Find the values of a column in one file that cannot be read as a kind."""
        key = (facts.file, column, kind)
        if key not in self._unread:
            if (seen := facts.values.get(column)) is not None:
                count, example = seen.odd(kind), seen.example(kind)
            else:
                count, example = parquet.unread(self._cursor, facts, column, kind)
            shown = example if column in self._open else ""
            self._unread[key] = Unread(count, facts.rows, shown)
        return self._unread[key]

    def _unit_of(self, column: str, current: Sequence[Facts]) -> int:
        """Find out what times logged as numbers count, from the newest file's largest."""
        # The newest file: what a program logs today is what its numbers
        # count, whatever it did before.
        for facts in reversed(current):
            if facts.rows and kind_of(facts.columns.get(column, "NULL")) == "number":
                key = (facts.file, column)
                if key not in self._unit:
                    self._unit[key] = unit_of(self._largest(facts, column), column)
                return self._unit[key]
        return 1

    def _largest(self, facts: Facts, column: str) -> int:
        if column in facts.values:
            return facts.values[column].largest
        return parquet.largest(self._cursor, facts, column)


def _top(pattern: str) -> Path:
    """Give the folder that names of files are relative to: so that the declared one is shown."""
    root = Path(root_of(pattern))
    one_file = not is_wild(pattern) and not Path(pattern).is_dir()
    return root if one_file else root.parent
