"""What a log asks of the engine that holds it: one small protocol and its values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa

from queries.core.catalog import ColumnKind
from queries.core.times.spans import Span

OUTCOMES = "outcomes"
"""The place of outcomes that lie apart from both data sets."""


UNREAD = "unread "
"""Before a canonical name: whether there is a value that can't be read, in a column of its own."""


COPIES = "rows of the request"
"""The name of a column that says how many rows a request has in the log."""


class Dataset(StrEnum):
    """Which rows of a source: those of production, or the declared reference set."""

    PRODUCTION = "production"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Field:
    """What a canonical column holds; ``whole`` says that its numbers are integers."""

    kind: ColumnKind
    whole: bool = False

    @property
    def sql_type(self) -> sa.types.TypeEngine[Any]:
        """Give SQLAlchemy's type for expressions over the column."""
        if self.kind == "number":
            return sa.BigInteger() if self.whole else sa.Double()
        types: dict[ColumnKind, sa.types.TypeEngine[Any]] = {
            "text": sa.String(),
            "boolean": sa.Boolean(),
            "time": sa.DateTime(),
        }
        return types[self.kind]

    def fitted(self, value: str | float | bool) -> str | float | bool:
        """Turn a declared value into the column's kind: 1 is also "1" and true."""
        if self.kind == "text":
            return str(value).lower() if isinstance(value, bool) else str(value)
        if self.kind == "boolean":
            return (
                value
                if isinstance(value, bool)
                else str(value).lower() in ("1", "1.0", "true", "yes")
            )
        return float(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Stored:
    """How one part of a log (a file, or a table) holds a column.

    ``there`` is False where it has no such column; ``kind`` is None where it holds no value.
    ``span`` is that of the part's rows, None where it isn't known.
    """

    there: bool
    kind: ColumnKind | None
    rows: int
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The rows of one statement, and the statement as it ran."""

    keys: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    sql: str
    parameters: Mapping[str, str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Held:
    """A table that the engine holds for a while, and the statement that filled it."""

    table: str
    filled: Fetched


class Rows(Protocol):
    """One source's rows in the engine that holds them, for the length of one ask."""

    @property
    def left_out(self) -> list[str]:
        """Give sentences about what of the log could not be read so far, and why."""

    @property
    def lost(self) -> list[str]:
        """Give those of rows that can't be placed in time, where these are many."""

    @property
    def doubtful(self) -> list[str]:
        """Give those that make numbers doubtful: files that can't be read, many values."""

    def field(self, name: str, dataset: Dataset) -> Field | None:
        """Tell what a canonical column holds, or None where it is not there."""

    def stored(self, name: str, dataset: Dataset) -> Sequence[Stored]:
        """Tell how each part of a place holds a column, in the parts' own order of time."""

    def names(self, place: str) -> Collection[str]:
        """Name the columns that a data set, or the outcomes apart, really hold.

        Of lines that each name their own, those of a sample.
        """

    def select(
        self,
        names: Collection[str],
        spans: Sequence[Span] | None,
        dataset: Dataset,
        *,
        as_logged: bool = False,
    ) -> sa.Select[Any]:
        """Give the rows of some spans with these columns, each labelled canonically.

        Whole numbers that are measured come as doubles, unless wanted ``as_logged``.
        """

    def with_outcomes(self, rows: sa.Subquery, names: Collection[str]) -> sa.Select[Any]:
        """Give rows that have a ``request_id`` with these columns of outcomes that lie apart."""

    def fetch(self, select: sa.Select[Any]) -> Fetched:
        """Run one select to its end, within the deadline."""

    def held(self, select: sa.Select[Any]) -> AbstractContextManager[Held | None]:
        """Hold a select's rows while the block lasts; None where the engine can't or has no room.

        What is held lies in the engine alone, never where the log lies.
        """

    def stream(self, select: sa.Select[Any], batch: int) -> Iterator[Fetched]:
        """Run one select and give its rows in batches, each with the time that it took."""

    def latest(self, now: datetime) -> datetime | None:
        """Give the latest time that is not after now."""

    def extent(self) -> Span | None:
        """Give the span of all times, or None where there are none."""
