"""What a question gives back: words, numbers, a table and the description of a chart.

Everything here is a frozen value. Nothing knows a chat, a picture format or a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

Cell = str | int | float | bool | datetime | None
"""One value of a table. Times are timezone-aware."""

ColumnType = Literal[
    "text", "integer", "number", "share", "points", "time", "milliseconds", "boolean"
]
"""What a value is. A share is a fraction of 1; a difference of two shares in a table is in
percentage points: 1.5 lies between 2 % and 3.5 %."""


class Severity(StrEnum):
    """How much a finding asks of its reader, strongest first."""

    ALARM = "alarm"
    WARNING = "warning"
    NOTE = "note"
    GOOD = "good"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Number:
    """An estimate: its value, how many observations carry it and its 95 % interval.

    ``low`` and ``high`` are None where no interval can be given; the reason is in ``why``.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    unit: ColumnType = "number"
    why: str = ""


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


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one group of bars. A None in ``y`` is a gap, never a zero."""

    label: str
    y: tuple[float | None, ...]
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The usual range at each x, to be shaded behind the series."""

    label: str
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment (or a span, with ``until``) to be marked on a time axis."""

    label: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LineChart:
    """Values over time. ``x`` holds timezone-aware times in the asker's zone, ascending."""

    title: str
    alt: str
    x: tuple[datetime, ...]
    series: tuple[Series, ...]
    unit: ColumnType
    y_label: str
    band: Band | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with an optional interval, and an optional reference value to compare with."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    reference: float | None = None
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class BarChart:
    """Ranked horizontal bars, longest first. ``limit`` draws a line, labelled.

    Values that are near each other and far from zero are drawn as dots, on a scale near them.
    """

    title: str
    alt: str
    bars: tuple[Bar, ...]
    unit: ColumnType
    x_label: str
    limit: float | None = None
    limit_label: str = ""
    reference_label: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One small picture of a set, on a value axis of its own.

    ``note`` is the number that carries it, in words: “4.8 %, usually 1.4 %”. ``emphasis`` marks
    the panels that ask for attention; ``marks`` are moments of this panel alone. A lone series
    is named by the panel's label and stands out if the panel does.
    """

    label: str
    series: tuple[Series, ...]
    unit: ColumnType
    band: Band | None = None
    note: str = ""
    emphasis: bool = False
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelChart:
    """Small multiples: panels one above the other, the most telling first, over the same times.

    ``x`` holds timezone-aware times in the asker's zone, ascending; every series has a value or a
    gap for each. ``marks`` are drawn through all panels.
    """

    title: str
    alt: str
    x: tuple[datetime, ...]
    panels: tuple[Panel, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One estimate on two number axes, with an optional interval of its height."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """Points that belong together, ascending by ``x``, and joined by a line."""

    label: str
    points: tuple[Point, ...]
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class CurveChart:
    """One number against another, such as what was promised against what came.

    ``diagonal`` labels the line on which both are equal; none is drawn where it is empty.
    """

    title: str
    alt: str
    curves: tuple[Curve, ...]
    x_unit: ColumnType
    x_label: str
    y_unit: ColumnType
    y_label: str
    diagonal: str = ""


@dataclass(frozen=True, slots=True)
class ShapeChart:
    """How a number is spread, now and before: the share of each bin.

    ``edges`` has one more entry than ``now`` and ``before``; bins need not be equally wide, and
    are drawn equally wide where they are not. ``mark`` is a value worth a line, such as a cut-off.
    """

    title: str
    alt: str
    edges: tuple[float, ...]
    now: tuple[float, ...]
    before: tuple[float, ...]
    now_label: str
    before_label: str
    unit: ColumnType
    x_label: str
    mark: float | None = None
    mark_label: str = ""


class Population(str):
    """A caveat that says of whom an answer speaks, and of how many: n, and who is left out."""

    __slots__ = ()


class CannotShow(str):
    """A caveat that says what an answer can't show."""

    __slots__ = ()


Chart = LineChart | BarChart | PanelChart | CurveChart | ShapeChart


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


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement that an answer rests on, with its bound parameters as text."""

    sql: str
    parameters: Mapping[str, str]
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an answer was computed from. Attached by the ask, never by a question."""

    run: str
    question: str
    source: str
    simulated: bool
    asker: str
    asked_at: datetime
    zone: str
    start: datetime | None
    end: datetime | None
    data_through: datetime | None
    rows_read: int
    statements: tuple[Statement, ...]
    left_out: tuple[str, ...] = ()
