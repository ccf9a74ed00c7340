"""Failures as tables: by slice, by kind, over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from queries.core.answer import Column, Table
from queries.core.value import Cell
from queries.core.words import every, whole_value
from queries.measures.counting.over_time import usual_by_bucket
from queries.measures.failures.incident import Incident
from queries.measures.places.slice import SliceCounts
from queries.statistics.rates import wilson
from queries.statistics.usual import usual_rate
from queries.wording.asked import Asked

_RATE = (
    Column("requests", "requests", "integer"),
    Column("failed", "failed", "integer"),
    Column("rate", "rate", "share"),
    Column("rate_low", "rate, low", "share"),
    Column("rate_high", "rate, high", "share"),
    Column("usual", "usual", "share"),
    Column("usual_low", "usual, low", "share"),
    Column("usual_high", "usual, high", "share"),
)


def tables(
    incident: Incident, asked: Asked, split: str | None, shown: Sequence[str]
) -> tuple[Table, ...]:
    """The slices first, or the kinds where nothing is split; then everything else.

    ``shown`` are the columns of the examples.
    """
    dimensions = dict.fromkeys(each.dimension for each in incident.slices)
    ordered = sorted(dimensions, key=lambda name: name != split)
    by_slice = [_slices(name, incident.slices) for name in ordered]
    kinds = [_kinds(incident)] if incident.kinds else []
    first = by_slice[:1] if split else []
    rest = by_slice[1:] if split else by_slice
    timeline = _timeline(incident, asked)
    examples = _examples(incident, asked, shown)
    found = (*first, *kinds, *rest)
    # A chat shows the first table: never single requests.
    return (*found, *examples, timeline) if found else (timeline, *examples)


def _examples(incident: Incident, asked: Asked, shown: Sequence[str]) -> list[Table]:
    if not incident.examples:
        return []
    columns = tuple(
        Column(name, name.replace("_", " "), "time" if name == "time" else "text") for name in shown
    )
    rows = tuple(tuple(_cell(value, asked) for value in row) for row in incident.examples)
    note = "The newest, to the minute, without anything of a person; `find` shows you each whole."
    return [Table("Examples", columns, rows, note=note)]


def _cell(value: Cell, asked: Asked) -> Cell:
    if isinstance(value, datetime):
        return value.astimezone(asked.reading.zone)
    return value if value is None else str(value)


def _slices(dimension: str, slices: Sequence[SliceCounts]) -> Table:
    rows = [_rates(each) for each in slices if each.dimension == dimension]
    rows.sort(key=lambda row: row[3] if isinstance(row[3], float) else 0.0, reverse=True)
    name = dimension.replace("_", " ")
    return Table(
        f"By {name}",
        (Column(dimension, name, "text"), *_RATE),
        tuple(rows),
        channel=(dimension, "requests", "failed", "rate", "usual"),
    )


def _rates(each: SliceCounts) -> tuple[Cell, ...]:
    usual = usual_rate(each.past, each.now)
    now, past = usual.now, usual.usual
    failed, requests = each.now
    counts = (whole_value(each.value), requests, int(failed), now.value, now.low, now.high)
    return (*counts, past.value, past.low, past.high)


def _kinds(incident: Incident) -> Table:
    total = sum(now for _, now, _ in incident.kinds)
    periods = len(incident.timeline.spans) - 1
    rows = [
        (
            "(no error text)" if kind is None else str(kind),
            now,
            now / total if total else None,
            past / periods if periods else None,
        )
        for kind, now, past in incident.kinds
    ]
    columns = (
        Column("kind", "error", "text"),
        Column("failed", "failed", "integer"),
        Column("share", "of all failures", "share"),
        Column("usual", "usually", "number"),
    )
    return Table("By error", columns, tuple(rows))


def _timeline(incident: Incident, asked: Asked) -> Table:
    counts = incident.timeline
    usual = usual_by_bucket(counts)
    rows: list[tuple[Cell, ...]] = []
    for at in range(counts.hits.shape[1]):
        hits, trials = int(counts.hits[0, at]), int(counts.trials[0, at])
        rate = wilson(hits, trials)
        band = [_known(part[at]) for part in usual] if usual else [None] * 3
        start = counts.at(at).astimezone(asked.reading.zone)
        rows.append((start, trials, hits, rate.value, rate.low, rate.high, *band))
    title = every(counts.seconds)
    return Table(title, (Column("time", "from", "time"), *_RATE), tuple(rows))


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
