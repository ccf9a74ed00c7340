"""What holds of every answer, whatever was asked of whichever log."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from commands.replies import Answered, Verb
from queries.core.answer import Answer, CannotShow, Population, Severity, Table
from queries.core.charts import (
    Band,
    BarChart,
    CurveChart,
    LineChart,
    PanelChart,
    Series,
    ShapeChart,
)
from queries.core.number import Number
from queries.core.value import Cell, ColumnType

_TYPES: dict[ColumnType, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "share": (float, int),
    "points": (float, int),
    "time": (datetime,),
    "milliseconds": (int, float),
    "boolean": (bool,),
}


_FORBIDDEN = re.compile(r"\b(un)?(fair|bias)|\b(proof|prove[dns]?)\b|discriminat", re.I)
_VAGUE = re.compile(r"\bsignifican", re.I)
CAREFUL = frozenset(
    {"fairness", "compare", "rollout", "experiment", "outcomes", "overrides", "trace"}
)
"""The questions whose answers say of whom they speak and what they can't show."""


def check_careful(name: str, answer: Answer) -> None:
    """Nothing is called fair, proven or significant; whoever is judged, n and limits are said."""
    for text in sentences(answer):
        assert not _FORBIDDEN.search(text), text
        assert not _VAGUE.search(text) or re.search(r"\d", text), text
    if name in CAREFUL and any(table.rows for table in answer.tables):
        said = [each for each in answer.caveats if isinstance(each, Population)]
        assert len(said) == 1
        assert re.search(r"\d", said[0]), said
        assert any(isinstance(each, CannotShow) for each in answer.caveats)


def sentences(answer: Answer) -> Iterator[str]:
    """Everything in an answer that people read, without the cells of its tables."""
    yield from (answer.headline, answer.summary, *answer.caveats, *answer.definitions)
    yield from answer.definitions.values()
    yield from (each.text for each in answer.findings)
    yield from (number.why for number in numbers(answer.findings))
    yield from (step.label for step in answer.follow_ups)
    if answer.chart is not None:
        yield from (answer.chart.title, answer.chart.alt)
    for table in answer.tables:
        yield from (table.title, table.note, *(column.label for column in table.columns))


def check_said(answer: Answer) -> None:
    """One short sentence as headline, a severity, and at most five findings."""
    assert len(answer.headline) <= 200
    assert isinstance(answer.severity, Severity)
    assert len(answer.findings) <= 5


def numbers(value: Any) -> Iterator[Number]:
    """Every estimate inside a value."""
    if isinstance(value, Number):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from numbers(getattr(value, each.name))
    elif isinstance(value, Mapping):
        yield from numbers(tuple(value.values()))
    elif isinstance(value, tuple):
        for each in value:
            yield from numbers(each)


def check_numbers(answer: Answer) -> None:
    """Every number that has a value has an n, and an interval around it or the reason why not."""
    for number in numbers(answer.findings):
        if number.value is None:
            assert number.why
            continue
        assert math.isfinite(number.value)
        assert number.n > 0
        assert (number.low is None) == (number.high is None)
        assert number.low is not None or number.why
        if number.low is not None and number.high is not None:
            assert number.low <= number.high


def check_definitions(answer: Answer) -> None:
    """Each technical word is explained in whole sentences."""
    for word, meaning in answer.definitions.items():
        assert word
        assert meaning[0].isupper()
        assert meaning.endswith(".")
        assert len(meaning.split()) > 3


def check_tables(answer: Answer, *, records: bool = False) -> None:
    """Every row has a cell of the right type for each column; names are unique and known.

    Only records show numbers that are infinite or none at all, as they were logged.
    """
    titles = [table.title for table in answer.tables]
    assert len(set(titles)) == len(titles)
    for table in answer.tables:
        found = [column.name for column in table.columns]
        assert len(set(found)) == len(found)
        assert set(table.channel) <= set(found)
        _check_note(table)
        for row in table.rows:
            _check(row, [column.type for column in table.columns], records=records)
    if answer.every_row is not None:
        batches = list(answer.every_row.batches())
        assert sum(map(len, batches)) == answer.every_row.total
        for row in (row for batch in batches for row in batch[:50]):
            _check(row, [column.type for column in answer.every_row.columns], records=records)


def _check_note(table: Table) -> None:
    """A note names no column that a chat leaves out, unless it says that the spreadsheet has it."""
    shown = {each.label.lower() for each in table.columns if each.name in table.channel}
    left = {each.label.lower() for each in table.columns} - shown if table.channel else set()
    quoted = {each.lower() for each in re.findall("“([^”]*)”", table.note)}
    assert "spreadsheet" in table.note or not quoted & left, table.note


def _check(row: tuple[Cell, ...], types: list[ColumnType], *, records: bool) -> None:
    assert len(row) == len(types)
    for cell, kind in zip(row, types, strict=True):
        if cell is None:
            continue
        assert isinstance(cell, _TYPES[kind]), (cell, kind)
        assert kind == "boolean" or not isinstance(cell, bool)
        assert records or not isinstance(cell, float) or math.isfinite(cell)
        assert not isinstance(cell, datetime) or cell.tzinfo is not None


def check_chart(answer: Answer) -> None:
    """A chart says the finding, its alt text has a number, and what it draws fits together."""
    chart = answer.chart
    if chart is None:
        return
    assert chart.title
    assert re.search(r"\d", chart.alt)
    assert len(chart.alt) > len(chart.title)
    match chart:
        case LineChart():
            _check_times(chart.x, chart.series, chart.band)
        case PanelChart():
            assert chart.panels
            for panel in chart.panels:
                _check_times(chart.x, panel.series, panel.band)
        case BarChart():
            assert any(each.value is not None for each in chart.bars)
            _check_finite(*((each.value, each.low, each.high) for each in chart.bars))
        case CurveChart():
            assert any(curve.points for curve in chart.curves)
            for curve in chart.curves:
                assert [each.x for each in curve.points] == sorted(each.x for each in curve.points)
                _check_finite(*((each.x, each.y, each.low, each.high) for each in curve.points))
        case ShapeChart():
            assert len(chart.now) == len(chart.before) == len(chart.edges) - 1
            assert list(chart.edges) == sorted(set(chart.edges))
            _check_finite(chart.now, chart.before, chart.edges)


def _check_times(x: tuple[datetime, ...], series: tuple[Series, ...], band: Band | None) -> None:
    assert {len(each.y) for each in series} == {len(x)}
    assert all(at.tzinfo is not None for at in x)
    told = [at.astimezone(UTC) for at in x]  # of one zone, two clock times an hour apart are equal
    assert told == sorted(set(told))
    _check_finite(*(each.y for each in series))
    assert any(value is not None for each in series for value in each.y)
    if band is not None:
        assert len(band.low) == len(band.high) == len(x)
        _check_finite(band.low, band.high)


def _check_finite(*values: tuple[float | None, ...]) -> None:
    assert all(value is None or math.isfinite(value) for each in values for value in each)


def check_buttons(reply: Answered) -> None:
    """There are at most five next questions, each a button that fits and asks it."""
    assert len(reply.follow_ups) == len(reply.answer.follow_ups) <= 5
    for step, button in zip(reply.answer.follow_ups, reply.follow_ups, strict=True):
        assert 0 < len(button.label) <= 75
        assert button.action.verb is Verb.ASK
        assert button.action.value == step.text
