"""What one file holds, found out once per version of the file and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any

from queries.core.catalog import ColumnKind
from queries.sources.cells.access import Access, quoted
from queries.sources.cells.times import PLAIN
from queries.sources.files.layouts import Layout
from queries.sources.files.listing import FileAt
from queries.sources.shapes import NESTED

_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Values:
    """How many values of a column there are, and how many of them read as what.

    ``flag`` counts what can be read as yes or no, ``truth`` only true and false, ``nested`` what
    looks like an object or a list. ``no_number`` and ``no_time`` are one value each that is none,
    or None. ``words`` counts values that say that there is none, which are not present. ``form`` is
    that of the times or numbers, ``unit`` how many microseconds numbers count that are times
    (nanoseconds: 0).
    """

    present: int
    whole: int
    real: int
    flag: int
    truth: int
    time: int
    zoned: int
    no_number: str | None = None
    no_time: str | None = None
    nested: int = 0
    words: int = 0
    form: str = PLAIN
    unit: int | None = None

    def plus(self, came: Values) -> Values | None:
        """Add further values; None where these are written otherwise."""
        if (self.form, self.unit) != (came.form, came.unit):
            return None
        counts = ("present", "whole", "real", "flag", "truth", "time", "zoned", "nested", "words")
        added = {name: getattr(self, name) + getattr(came, name) for name in counts}
        return replace(
            self,
            **added,
            no_number=self.no_number or came.no_number,
            no_time=self.no_time or came.no_time,
        )

    def odd(self, kind: ColumnKind) -> int:
        """Count the values that cannot be read as this kind."""
        fits = {"number": self.real, "boolean": self.flag, "time": self.time, "text": self.present}
        return self.present - fits[kind]

    def example(self, kind: ColumnKind) -> str:
        """Give a value that cannot be read as this kind, or nothing where none is known."""
        return {"number": self.no_number, "time": self.no_time}.get(kind) or ""

    @property
    def type(self) -> str:
        """DuckDB's type for the values; a ``~`` before it when only most of them fit."""
        if not self.present:
            return "NULL"
        if self.nested == self.present:
            return NESTED
        for count, type_ in (
            (self.whole, "BIGINT"),
            (self.real, "DOUBLE"),
            (self.truth, "BOOLEAN"),
            (self.time, self._time),
        ):
            if count == self.present:
                return type_
            # Mostly whole is still real: a DOUBLE holds both.
            if count >= _MOSTLY * self.present and type_ != "BIGINT":
                return "~" + type_
        return "VARCHAR"

    @property
    def _time(self) -> str:
        if self.zoned == self.time:
            return "TIMESTAMP WITH TIME ZONE"
        return "TIMESTAMP" if not self.zoned else "TIMESTAMP PARTLY ZONED"


@dataclass(frozen=True, slots=True)
class Ends:
    """What a file held up to a place: a mark of its first and last bytes there.

    ``known`` is the place, behind a line's end; ``torn`` says that more was looked at, a line that
    wasn't whole.
    """

    mark: bytes
    known: int
    torn: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """One version of a file: its columns with DuckDB's types, its rows and their times.

    ``problem`` says why the file cannot be read at all; nothing else is known then.
    ``first`` and ``last`` are aware UTC, or None where not known. ``bad_lines`` counts the
    lines of a text file that are no record; ``open_quote`` is the line, from 1, of a quote that
    is never closed, or 0. ``header`` are its columns in order, ``layout`` how
    its text is laid out, ``values`` what was seen in the declared ones.
    ``keys`` are columns that stand in the path only, as in ``region=emea/``. ``paths`` says how
    declared columns are got at that are paths into others. ``view`` is what gives the rows where
    they are made by a SELECT over all files together. ``ends`` tell whether a file only grew.
    """

    file: FileAt
    columns: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    first: datetime | None = None
    last: datetime | None = None
    problem: str = ""
    bad_lines: int = 0
    open_quote: int = 0
    header: tuple[str, ...] = ()
    layout: Layout = field(default_factory=Layout)
    values: Mapping[str, Values] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    paths: Mapping[str, Access] = field(default_factory=dict)
    view: str = ""
    ends: Ends | None = None

    @property
    def source(self) -> tuple[str, list[Any]]:
        """What stands after FROM to read the file by itself, and its parameters."""
        if self.view:
            return quoted(self.view), []
        return "read_parquet($1)", [[self.file.path]]

    @property
    def unbound(self) -> bool:
        """Say whether some of its times may be no data, such as the year 9999 for “never”."""
        return self.first is None or self.last is None

    def access(self, column: str) -> Access:
        """Tell how a column is got at: a path as it was found, any other by its name."""
        return self.paths.get(column) or Access(column)


Inspect = Callable[[Sequence[FileAt], Mapping[str, Facts]], Iterable[Facts]]
"""Looks at files; of those that have changed, it is given what was known of them, by path."""


class Known:
    """Facts of the files of one place; asks only for versions not seen before."""

    def __init__(self, inspect: Inspect) -> None:
        self._inspect = inspect
        self._facts: dict[str, Facts] = {}
        self._lock = Lock()

    def of(self, files: Sequence[FileAt]) -> list[Facts]:
        """Give the facts of these files, in their order, and forget all others."""
        with self._lock:
            # Looked at under the lock, so that two asks at once don't read
            # the same new files twice.
            known = {
                file.path: facts
                for file in files
                if (facts := self._facts.get(file.path)) is not None and facts.file == file
            }
            fresh = [file for file in files if file.path not in known]
            if fresh:
                known |= {facts.file.path: facts for facts in self._inspect(fresh, self._facts)}
            self._facts = known
            return [known[file.path] for file in files]

    def all(self) -> list[Facts]:
        """Give what is known now, of files that can be read."""
        return [facts for facts in list(self._facts.values()) if not facts.problem]

    def condemn(self, file: FileAt, problem: str) -> None:
        """Remember that this version of a file turned out unreadable while being read."""
        with self._lock:
            self._facts[file.path] = Facts(file, problem=problem)
