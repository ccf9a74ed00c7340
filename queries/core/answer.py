"""What a question gives back: words, numbers, a table and the description of a chart.

Everything here is a frozen value. Nothing knows a chat, a picture format or a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from queries.core.charts import Chart
from queries.core.number import Number
from queries.core.value import Cell, ColumnType


class Severity(StrEnum):
    """How much a finding asks of its reader, strongest first."""

    ALARM = "alarm"
    WARNING = "warning"
    NOTE = "note"
    GOOD = "good"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: a stable kind, how bad, a sentence and its numbers."""

    kind: str
    severity: Severity
    text: str
    numbers: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column. ``name`` is stable for programs, ``label`` is for people."""

    name: str
    label: str
    type: ColumnType
    unit: str = ""

    @property
    def heading(self) -> str:
        """The label, with its unit where that isn't told by the values."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Table:
    """A small table: at most a page of rows. ``channel`` names the columns a chat shows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    channel: tuple[str, ...] = ()
    channel_rows: int = 8
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about a single case, for a card: its name, its value, and what to make of it."""

    label: str
    value: Cell
    type: ColumnType = "text"
    note: str = ""


@dataclass(frozen=True)
class RowStream:
    """Every row of a result too long for a page, read from the engine in batches.

    ``as_logged`` ones hold the log's own numbers, to be shown with the digits that they have.
    """

    title: str
    columns: tuple[Column, ...]
    total: int
    batches: Callable[[], Iterator[Sequence[tuple[Cell, ...]]]]
    as_logged: bool = False


class Population(str):
    """A caveat that says of whom an answer speaks, and of how many: n, and who is left out."""

    __slots__ = ()


class CannotShow(str):
    """A caveat that says what an answer can't show."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A next question worth asking, as canonical text, with the words on its button."""

    label: str
    text: str


@dataclass(frozen=True)
class Answer:
    """What is said. ``tables[0]`` is the one shown; all of them go to the spreadsheet.

    ``facts`` are those of a single case, at most ten, which stand together as a card.

    ``definitions`` are plain sentences by technical word, beside those of the question's ``terms``,
    which the ask adds.
    Among ``caveats`` are a ``Population`` and a ``CannotShow`` wherever much depends on an answer.
    ``every_row`` replaces ``tables[0]`` in a spreadsheet when there is more than a page.
    """

    severity: Severity
    headline: str
    summary: str = ""
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    chart: Chart | None = None
    caveats: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)
    every_row: RowStream | None = None
    facts: tuple[Fact, ...] = ()
