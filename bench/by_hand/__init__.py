"""The same numbers by the SQL that a good analyst would write for this one log.

Each module is one question: ``cases`` gives what is asked, what computes its numbers on a
connection of an analyst's own, and what reads the same numbers from plainlogs' answer. A module
put here is measured; nothing else names it. The analyst knows the log: that no number is NaN and
no status missing, that every request has one outcome at most, which region broke and which input,
and how the weeks lie. Only what the answer needs is read: the days' files are picked by name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import duckdb

from commands.replies import Answered
from queries.core.answer import Table

Numbers = dict[tuple[str, ...], Any]
"""What was computed, each under a name of its own: counts, rates, or a record's value."""


@dataclass(frozen=True)
class Span:
    """The time that a question covers, as an analyst would write it: naive UTC."""

    start: datetime
    end: datetime


@dataclass
class Hand:
    """An analyst's connection to the log, with the engine settings that plainlogs has.

    ``seconds`` sums the time of its statements, each with fetching its rows.
    """

    folder: Path
    duck: duckdb.DuckDBPyConnection
    seconds: float = field(default=0.0)

    def rows(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Run one statement and fetch what it gives."""
        used = {name: value for name, value in parameters.items() if f"${name}" in sql}
        start = time.perf_counter()
        rows = self.duck.execute(sql, used).fetchall()
        self.seconds += time.perf_counter() - start
        return rows

    def log(self, span: Span) -> list[str]:
        """Name the log's files for the days of a span."""
        # ISO dates sort as texts.
        days = f"{span.start:%Y-%m-%d}", f"{span.end:%Y-%m-%d}"
        files = sorted((self.folder / "log").glob("*.parquet"))
        return [str(path) for path in files if days[0] <= path.stem <= days[1]]

    @property
    def outcomes(self) -> str:
        """Name all files with outcomes: one may have come long after its request."""
        return str(self.folder / "outcomes" / "*.parquet")

    @property
    def reference(self) -> str:
        """Name the files of the reference set."""
        return str(self.folder / "reference" / "*.parquet")


@dataclass(frozen=True)
class Case:
    """A question, how its numbers are computed by hand, and how they are read from its answer."""

    text: str
    by_hand: Callable[[Hand, Answered], Numbers]
    answered: Callable[[Answered], Numbers]


def every_case(hand: Hand) -> list[Case]:
    """Give every question that there is a module for, by the modules' names."""
    names = sorted(module.name for module in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return [case for module in modules for case in module.cases(hand)]


def analyst(folder: Path, threads: int, memory: str, spill: Path) -> Hand:
    """Open a DuckDB as an analyst would, with as many threads and as much memory."""
    config = {"threads": threads, "memory_limit": memory, "temp_directory": str(spill)}
    duck = duckdb.connect(config=config)  # type: ignore[arg-type]  # values may be integers
    # As in plainlogs' own engine.
    duck.execute("SET parquet_metadata_cache = true")
    duck.execute("SET TimeZone = 'UTC'")
    return Hand(folder, duck)


def covered(answer: Answered) -> Span:
    """Give the time that an answer covers."""
    start, end = answer.provenance.start, answer.provenance.end
    assert start is not None
    assert end is not None
    return Span(*(each.astimezone(UTC).replace(tzinfo=None) for each in (start, end)))


def table_with(answer: Answered, *columns: str) -> list[Mapping[str, Any]]:
    """Give the rows of the answer's first table that has these columns."""
    for table in answer.answer.tables:
        if set(columns) <= {column.name for column in table.columns}:
            return list(table_rows(table))
    raise LookupError(f"no table with {columns}")


def table_rows(table: Table) -> list[Mapping[str, Any]]:
    """Give a table's rows by the names of its columns."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def weeks_before(span: Span, weeks: int) -> Span:
    """Give a span so many weeks earlier."""
    back = timedelta(weeks=weeks)
    return Span(span.start - back, span.end - back)
