"""All models as a table: a row each, every number beside its usual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from queries.core.answer import Column, Table
from queries.core.value import Cell, ColumnType
from queries.core.words import listed, shortened, within
from queries.health.fleet import Line
from queries.health.phrases import line_severity, state
from queries.health.vitals import Vitals
from queries.statistics.usual import Usual


def _pair(name: str, label: str, kind: ColumnType) -> tuple[Column, ...]:
    usual = Column(f"{name}_usual", f"{label}, usual", kind)
    low = Column(f"{name}_usual_low", f"{label}, usual low", kind)
    high = Column(f"{name}_usual_high", f"{label}, usual high", kind)
    return Column(name, label, kind), usual, low, high


_COLUMNS = (
    Column("model", "model", "text"),
    Column("state", "state", "text"),
    Column("severity", "severity", "text"),
    *_pair("requests", "requests", "integer"),
    *_pair("failed", "failed", "share"),
    *_pair("p50", within(0.5), "milliseconds"),
    *_pair("p95", within(0.95), "milliseconds"),
    Column("inputs", "inputs changed", "text"),
    Column("said", "says most", "text"),
    *_pair("said_share", "how often", "share"),
    *_pair("score", "score, mean", "number"),
    *_pair("right", "right answers", "share"),
    *_pair("error", "average error", "number"),
    Column("through", "data through", "time"),
)


def tables(lines: Sequence[Line]) -> tuple[Table, ...]:
    """One row a model, the worst first."""
    if not lines:
        return ()
    channel = ("model", "state", "requests", "failed", "p95", "through")
    return (Table("Models", _COLUMNS, tuple(_row(line) for line in lines), channel=channel),)


def _row(line: Line) -> tuple[Cell, ...]:
    found = line.vitals
    begin = (line.name, state(line), line_severity(line).value)
    if found is None:
        return (*begin, *(None for _ in _COLUMNS[len(begin) :]))
    latency = found.latency or {}
    said = next((each for each in found.outputs if each.value is not None), None)
    score = next((each.usual for each in found.outputs if each.value is None), None)
    right = found.right
    through = found.reading.data_through
    return (
        *begin,
        *_whole(found.requests),
        *_cells(found.errors),
        *_cells(latency.get(0.5)),
        *_cells(latency.get(0.95)),
        _changed(found),
        shortened(str(said.value), 40) if said else None,
        *_cells(said.usual if said else None),
        *_cells(score),
        *_cells(right.usual if right and right.share else None),
        *_cells(right.usual if right and not right.share else None),
        through.astimezone(found.reading.zone) if through else None,
    )


def _cells(usual: Usual | None) -> tuple[Cell, ...]:
    if usual is None:
        return (None,) * 4
    return (usual.now.value, usual.usual.value, usual.usual.low, usual.usual.high)


def _whole(usual: Usual | None) -> tuple[Cell, ...]:
    if usual is None:
        return (None,) * 4
    ends = (usual.now.value, usual.usual.value, usual.usual.low, usual.usual.high)
    return tuple(None if each is None else round(each) for each in ends)


_WORDS: dict[Literal["emptied", "moved"], str] = {"emptied": "empty", "moved": "moved"}


def _changed(found: Vitals) -> str | None:
    named = [f"{each.name} {_WORDS[each.what]}" for each in found.inputs[:4]]
    more = len(found.inputs) - len(named)
    return listed([*named, *([f"{more} more"] if more else [])]) or None
