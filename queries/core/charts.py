"""What is to be drawn: the description of a chart, which knows no picture format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queries.core.value import ColumnType


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


Chart = LineChart | BarChart | PanelChart | CurveChart | ShapeChart
