"""The time line as tables: what changed, how it went, and everything that was looked at."""

from __future__ import annotations

import math

from queries.core import words
from queries.core.answer import Cell, Column, Table
from queries.measures.signals import Kind
from queries.measures.timeline import Change, Onset
from queries.wording.change_words import amount, everywhere, happened, subject, told
from queries.wording.changes import Told

_TIMELINE = (
    Column("since", "since", "time"),
    Column("since_low", "since, earliest", "time"),
    Column("since_high", "since, latest", "time"),
    Column("until", "until", "time"),
    Column("what", "what", "text"),
    Column("where", "where", "text"),
    Column("before", "usually", "text"),
    Column("during", "then", "text"),
    Column("role", "role", "text"),
    Column("before_value", "usually, as a number", "number"),
    Column("during_value", "then, as a number", "number"),
    Column("during_low", "then, low", "number"),
    Column("during_high", "then, high", "number"),
    Column("unit", "unit", "text"),
    Column("q", "p, corrected", "number"),
)
_LOOKED_AT = (
    Column("what", "what", "text"),
    Column("changed", "changed", "boolean"),
    Column("now", "most unusual stretch", "number"),
    Column("usual", "usual", "number"),
    Column("unit", "unit", "text"),
    Column("from", "from", "time"),
    Column("to", "to", "time"),
    Column("q", "p, corrected", "number"),
)


def tables(said: Told) -> tuple[Table, ...]:
    """What changed first, where anything did."""
    every = _looked_at(said)
    if not said.line.changes:
        return (every,)
    return (_timeline(said), every)


def _timeline(said: Told) -> Table:
    rows = tuple(_row(each, said) for each in said.line.changes)
    return Table(
        "Time line", _TIMELINE, rows, channel=("since", "what", "where", "before", "during", "role")
    )


def _row(change: Change, said: Told) -> tuple[Cell, ...]:
    base, during = (
        told(change.kind, each) for each in (change.stretch.base, change.stretch.during)
    )
    pace = " a minute" if change.kind is Kind.TRAFFIC else ""
    return (
        *_times(change.began, said),
        _times(change.ended, said)[0],
        happened(change),
        everywhere(change.place),
        f"{amount(change, change.stretch.base)}{pace}",
        f"{amount(change, change.stretch.during)}{pace}",
        role(change, said),
        base.value,
        during.value,
        during.low,
        during.high,
        _unit(change.kind),
        change.q,
    )


def role(change: Change, said: Told) -> str:
    """Say what a change has to do with the others."""
    suspicion = said.suspicion
    if suspicion is None:
        return ""
    if suspicion.likely and change is suspicion.likely.change:
        return "likely first cause"
    if change is suspicion.symptom:
        return "what was felt"
    if any(change is each.change for each in suspicion.innocent):
        return "doesn't explain it"
    return "fits in time" if any(change is each.change for each in suspicion.others) else ""


def _times(onset: Onset | None, said: Told) -> tuple[Cell, Cell, Cell]:
    if onset is None:
        return None, None, None
    zone = said.asked.reading.zone
    at, low, high = (each.astimezone(zone) for each in (onset.at, onset.low, onset.high))
    return at, low, high


def _looked_at(said: Told) -> Table:
    rows: list[tuple[Cell, ...]] = []
    zone = said.asked.reading.zone
    for each in said.line.searched:
        kind, stretch = each.signal.kind, each.stretch
        start = each.counts.at(stretch.start)
        end = min(each.counts.at(stretch.stop), each.counts.spans[0].end)
        rows.append(
            (
                _followed(
                    each.signal.kind, subject(each.signal), each.signal.limit, each.signal.side
                ),
                each.changed,
                told(kind, stretch.during).value,
                told(kind, stretch.base).value,
                _unit(kind),
                start.astimezone(zone),
                end.astimezone(zone),
                each.q if each.q is None or math.isfinite(each.q) else None,
            )
        )
    note = "Each against the same time of comparable weeks; p is corrected for their number."
    return Table(
        "Looked at", _LOOKED_AT, tuple(rows), channel=("what", "changed", "now", "usual"), note=note
    )


def _followed(kind: Kind, what: str, limit: float | None, side: str) -> str:
    if kind is Kind.EMPTIED:
        return f"{what}, missing"
    if kind is Kind.UNSEEN:
        return f"{what}, values never seen"
    if kind is Kind.LATENCY:
        return f"requests slower than {words.duration_ms(limit)}"
    return f"{what} {side} {words.number(limit)}" if limit is not None else what


def _unit(kind: Kind) -> str:
    return "requests a minute" if kind is Kind.TRAFFIC else "share of requests"
