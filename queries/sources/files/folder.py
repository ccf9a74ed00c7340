"""The files of one place across asks: what each holds, remembered by version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

import duckdb

from queries.core.catalog import ColumnKind
from queries.core.doors.rows import Stored
from queries.core.errors import LogUnreadable
from queries.core.source import Place
from queries.core.times.spans import Span
from queries.sources.cells.access import Access, Opened
from queries.sources.cells.paths import paths_from, read_path
from queries.sources.cells.times import PLAIN
from queries.sources.cells.ways import Ways
from queries.sources.cells.words import MISSING
from queries.sources.files import parquet, textfiles
from queries.sources.files.derived import Derived
from queries.sources.files.facts import Facts, Known
from queries.sources.files.keys import Keys
from queries.sources.files.leftout import LeftOut, Unread
from queries.sources.files.listing import FileAt, is_wild, listed, root_of
from queries.sources.files.scan import Scan
from queries.sources.files.tables import refuse_tables
from queries.sources.files.textfiles import first_values, text_of
from queries.sources.files.values import look
from queries.sources.shapes import WITH_ZONE, Shape, kind_of, unit_of

Cursor = Callable[[], duckdb.DuckDBPyConnection]
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Columns:
    """What is declared of a place's columns.

    ``declared`` are all that the source may ask for, ``time`` the one that places rows, ``moments``
    all that hold times, ``whole`` those whose words are all kept, ``open`` those whose values
    everybody may see; ``words`` mean that a value is missing, ``format`` is that of times,
    ``measured`` are those of what is measured.
    """

    declared: Sequence[str]
    time: str | None = None
    moments: Collection[str] = ()
    whole: Collection[str] = ()
    open: Collection[str] = ()
    words: tuple[str, ...] = MISSING
    format: str = ""
    measured: Collection[str] = ()


class Folder:
    """One place of files. Holds nothing of them but their facts; safe to use from threads."""

    def __init__(self, place: Place, columns: Columns, zone: ZoneInfo, cursor: Cursor) -> None:
        self.place = place
        self.zone = zone
        self._declared = list(dict.fromkeys(columns.declared))
        self._time, self._moments, self._words = columns.time, columns.moments, columns.words
        self._whole, self._open, self._cursor = columns.whole, columns.open, cursor
        self._ways = Ways(self._declared)
        paths = [name for name in self._declared if read_path(name)]
        self._reading = textfiles.Declared(
            plain=[name for name in self._declared if name not in paths],
            paths=paths,
            find=lambda types, first: {
                name: access for name, (access, _) in self._ways.find(types, first).items()
            },
            words=columns.words,
            moments=columns.moments,
            whole=columns.whole,
            time=columns.time,
            format=columns.format,
            measured=columns.measured,
        )
        self._known = Known(self._inspect)
        self._lock = Lock()
        self._derived = Derived(place, cursor)
        self._view: Facts | None = None
        self._unread: dict[tuple[FileAt, str, ColumnKind], Unread] = {}
        self._units: dict[tuple[FileAt, str], int | None] = {}
        self._worded: dict[tuple[FileAt, str], bool] = {}
        self._keys = Keys(cursor)
        self._tops = [_top(pattern) for pattern in place.files]

    def facts(self) -> list[Facts]:
        """Look at the folder now: every file's facts, the broken ones' too.

        Raises LogUnreadable where there is no file, none that can be read, or a table of Delta.
        """
        files = listed(self.place)
        if not files:
            raise LogUnreadable(
                f"No file matches {', '.join(self.place.files)}. Check `files` in plainlogs.toml, "
                "and that the model writes its log there."
            )
        if self.place.format == "parquet":
            refuse_tables(files)
        if self.place.rows:
            return [self._of_view(files)]
        facts = self._known.of(files)
        if all(one.problem for one in facts):
            first = facts[0]
            raise LogUnreadable(
                f"No file of {', '.join(self.place.files)} can be read. {self.named(first)}: "
                f"{first.problem}."
            )
        return facts

    def _of_view(self, files: Sequence[FileAt]) -> Facts:
        """Look at the rows that the declared SELECT makes, once for the same files."""
        with self._lock:
            made = self._derived.facts(files)
            if self._view is None or self._view.view != made.view:
                with self._cursor() as cursor:
                    self._view = self._looked(cursor, made)
            return self._view

    def condemn(self, facts: Facts, problem: str) -> None:
        """Remember that this version of a file turned out damaged while it was read."""
        self._known.condemn(facts.file, problem)

    def probe(self, facts: Facts) -> str:
        """Read one file's declared columns whole; say what is wrong with it, or nothing."""
        if facts.view:
            return ""
        if self.place.format != "parquet":
            return next(iter(self._inspect([facts.file], {}))).problem
        roots = {facts.access(name).root for name in self._declared if name in facts.columns}
        columns = sorted(roots.difference(facts.keys))
        return parquet.probe(self._cursor, facts, columns)

    def named(self, facts: Facts) -> str:
        """Name a file for people: relative to the folder that the source declares."""
        if facts.view:
            return "rows"
        path = Path(facts.file.path)
        top = next((top for top in self._tops if path.is_relative_to(top)), None)
        return str(path.relative_to(top)) if top else path.name

    def names(self, good: Sequence[Facts]) -> frozenset[str]:
        """Name the columns of files that can be read; of JSON lines the keys of a sample too."""
        if self.place.format != "jsonl" or self.place.rows:
            return frozenset(name for facts in good for name in facts.columns)
        seen = {name for facts in good for name, held in facts.values.items() if held.present}
        newest = next((facts.file for facts in reversed(good) if facts.rows), None)
        return frozenset(seen | self._keys.of(newest)) if newest else frozenset(self._declared)

    def lacks(self, column: str, good: Sequence[Facts]) -> bool:
        """Tell whether no line has a column of JSON lines, of which all are read as they come."""
        if self.place.format != "jsonl" or self.place.rows:
            return False
        held = (facts.values.get(column) for facts in good)
        return not any(each and each.present for each in held) and column not in self.names(good)

    def held(self, facts: Facts, column: str, kind: ColumnKind) -> Stored:
        """Tell how a file holds a column that is read as a kind."""
        span = self._span(facts)
        if column not in facts.columns:
            return Stored(there=False, kind=None, rows=facts.rows, span=span)
        held = facts.columns[column]
        return Stored(there=True, kind=kind_of(held), rows=facts.rows, span=span)

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
            current=current,
            shape=self.shape,
            unread=self._find_unread,
            named=self.named,
            left_out=left_out,
        )

    def shape(self, facts: Facts, column: str, kind: ColumnKind) -> Shape:
        """Tell how a column of a file is read as a kind; one that it lacks has no value."""
        if column not in facts.columns:
            return Shape("NULL", kind, text=False, zone=self.zone)
        held, seen = facts.columns[column], facts.values.get(column)
        counted = kind == "time" and kind_of(held) == "number"
        unit = self._unit(facts, column) if counted else 1
        return Shape(
            type=held,
            kind=kind,
            text=seen is not None or self._is_text,
            zone=self.zone,
            unit=1 if unit is None else unit,
            form=seen.form if seen else PLAIN,
            words=self._words_in(facts, column),
            unbound=column in self._moments and kind == "time" and self._is_unbound(facts, column),
        )

    @property
    def _is_text(self) -> bool:
        """Say whether files hold everything as text; what a SELECT makes of them has types."""
        return self.place.format != "parquet" and not self.place.rows

    def _is_unbound(self, facts: Facts, column: str) -> bool:
        if (seen := facts.values.get(column)) is not None:
            return seen.odd("time") > 0
        return column != self._time or facts.unbound

    def _words_in(self, facts: Facts, column: str) -> tuple[str, ...]:
        """Give the words for missing values where a file holds any of them in a column."""
        if column in self._whole or column not in self._declared:
            return ()
        if (seen := facts.values.get(column)) is not None:
            return self._words if seen.words else ()
        if facts.columns[column] != "VARCHAR" or column in facts.keys or facts.view:
            return ()
        with self._lock:
            if (facts.file, column) not in self._worded:
                self._look_for_words(facts, column)
            return self._words if self._worded[facts.file, column] else ()

    def _look_for_words(self, facts: Facts, column: str) -> None:
        """Look for the words in all files at once that haven't been looked at."""
        access = facts.access(column)
        alike = [
            each
            for each in self._known.all()
            if each.columns.get(column) == "VARCHAR"
            and column not in each.keys
            and each.access(column) == access
            and (each.file, column) not in self._worded
        ]
        found = parquet.with_words(self._cursor, [facts, *alike], column, self._words)
        for each in [facts, *alike]:
            self._worded[each.file, column] = each.file.path in found

    def _inspect(self, files: Sequence[FileAt], before: Mapping[str, Facts]) -> Iterable[Facts]:
        with self._cursor() as cursor:
            if self.place.format == "csv":
                return list(textfiles.inspect_csv(cursor, files, self._reading, before))
            if self.place.format == "jsonl":
                return list(textfiles.inspect_jsonl(cursor, files, self._reading, before))
            found = parquet.inspect(cursor, files, self._time)
            return [each if each.problem else self._looked(cursor, each) for each in found]

    def _looked(self, cursor: duckdb.DuckDBPyConnection, facts: Facts) -> Facts:
        """Find what paths lead to in a Parquet file, and look at what it holds as text."""
        lacking = [text for text in self._declared if text not in facts.columns]
        roots = {path.root for text in lacking for path in paths_from(text, facts.columns)}
        source = facts.source
        try:
            types = parquet.types_of(cursor, facts, sorted(roots)) if roots else {}
            ways = self._ways.find({**facts.columns, **types}, first_values(cursor, *source))
            within = {text: ways[text] for text in lacking if text in ways}
            texts = {text: access for text, (access, type_) in within.items() if type_ is None}
            texts |= {
                name: Access(name)
                for name in self._moments
                if facts.columns.get(name) == "VARCHAR" and name not in facts.keys
            }
            if facts.view:
                # What a SELECT takes out of text is text, whatever it means.
                texts |= _texts(facts, self._declared)
            looked = look(cursor, text_of(*source, texts, self._reading)) if texts else None
        except duckdb.Error as error:
            return Facts(facts.file, problem=parquet.said(error))
        typed = {text: type_ for text, (_, type_) in within.items() if type_ is not None}
        seen = looked.values if looked else {}
        timed = looked is not None and self._time in seen
        return replace(
            facts,
            columns={**facts.columns, **typed, **{name: held.type for name, held in seen.items()}},
            paths={text: access for text, (access, _) in within.items()}
            | {text: access for text, access in texts.items() if not access.is_plain},
            values=seen,
            first=looked.first if looked and timed else facts.first,
            last=looked.last if looked and timed else facts.last,
        )

    def _find_unread(self, facts: Facts, column: str, shape: Shape) -> Unread:
        """Find the values of a column in one file that cannot be read in a shape."""
        key = (facts.file, column, shape.kind)
        if key not in self._unread:
            if (seen := facts.values.get(column)) is not None:
                count, example = seen.odd(shape.kind), seen.example(shape.kind)
            else:
                count, example = parquet.unread(self._cursor, facts, column, shape)
            shown = example if column in self._open else ""
            self._unread[key] = Unread(count, facts.rows, shown)
        return self._unread[key]

    def _unit(self, facts: Facts, column: str) -> int | None:
        """Find out what times logged as numbers count in a file, by the one in the middle."""
        if (seen := facts.values.get(column)) is not None:
            return seen.unit
        key = (facts.file, column)
        if key not in self._units:
            self._units[key] = unit_of(parquet.middle(self._cursor, facts, column))
        return self._units[key]


def _texts(facts: Facts, declared: Sequence[str]) -> dict[str, Access]:
    """Give the declared columns of a view that are text; of JSON that is one value, this."""
    found = {}
    for name in declared:
        if facts.columns.get(name) == "VARCHAR":
            found[name] = Access(name)
        elif facts.columns.get(name) == "JSON":
            found[name] = Access(name, opened=(Opened(()),))
    return found


def _top(pattern: str) -> Path:
    """Give the folder that names of files are relative to: so that the declared one is shown."""
    root = Path(root_of(pattern))
    one_file = not is_wild(pattern) and not Path(pattern).is_dir()
    return root if one_file else root.parent
