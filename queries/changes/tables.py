"""The time line as tables: what changed, how it went, and everything that was looked at."""

from __future__ import annotations

from queries.changes.detection import Searched
from queries.changes.phrases import amount, everywhere, happened, sizes, subject, told, usually
from queries.changes.pinning import Onset
from queries.changes.signals import Kind, Signal
from queries.changes.timeline import Change
from queries.changes.told import Told
from queries.core import words
from queries.core.answer import Column, Table
from queries.core.value import Cell

LIKELY, FELT, FITS = "likely first cause", "what was felt", "fits in time"
INNOCENT = "doesn't explain it"
"""The roles that a change may have beside the others."""

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
    Column("now", "at its most unusual", "text"),
    Column("usual", "usually", "text"),
    Column("from", "from", "time"),
    Column("to", "to", "time"),
    Column("now_value", "at its most unusual, as a number", "number"),
    Column("usual_value", "usually, as a number", "number"),
    Column("unit", "unit", "text"),
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
    now, usual = sizes(change)
    pace = " a minute" if change.kind is Kind.TRAFFIC else ""
    return (
        *_times(change.began, said),
        _times(change.ended, said)[0],
        happened(change),
        everywhere(change.place),
        f"{usual}{pace}",
        f"{now}{pace}",
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
        return LIKELY
    if change is suspicion.symptom:
        return FELT
    if any(change is each.change for each in suspicion.innocent):
        return INNOCENT
    return FITS if any(change is each.change for each in suspicion.others) else ""


def _times(onset: Onset | None, said: Told) -> tuple[Cell, Cell, Cell]:
    if onset is None:
        return None, None, None
    zone = said.asked.reading.zone
    at, low, high = (each.astimezone(zone) for each in (onset.at, onset.low, onset.high))
    return at, low, high


def _looked_at(said: Told) -> Table:
    ranked = sorted(said.line.searched, key=lambda each: (not each.changed, _rarely(each)))
    rows = tuple(_looked(each, said) for each in ranked)
    note = (
        "Each over all requests together, against the same time of comparable weeks. p is of a "
        "shift within the time, corrected for their number."
    )
    return Table(
        "Looked at", _LOOKED_AT, rows, channel=("what", "changed", "now", "usual"), note=note
    )


def _rarely(each: Searched) -> float:
    return 2.0 if each.q is None else each.q


def _looked(each: Searched, said: Told) -> tuple[Cell, ...]:
    signal, stretch, zone = each.signal, each.stretch, said.asked.reading.zone
    start = each.counts.at(stretch.start)
    end = min(each.counts.at(stretch.stop), each.counts.spans[0].end)
    return (
        _followed(signal),
        each.changed,
        amount(signal.kind, stretch.during),
        usually(signal.kind, stretch),
        start.astimezone(zone),
        end.astimezone(zone),
        *(told(signal.kind, number).value for number in (stretch.during, stretch.base)),
        _unit(signal.kind),
        each.q,
    )


def _followed(signal: Signal) -> str:
    """Name what was followed: “the input “age” above 61”."""
    what = subject(signal)
    if signal.kind is Kind.EMPTIED:
        return f"{what}, missing"
    if signal.kind is Kind.UNSEEN:
        return f"{what}, values never seen"
    if signal.kind is Kind.LATENCY:
        return f"requests slower than {words.duration_ms(signal.limit)}"
    if signal.kind is Kind.TRAFFIC:
        return "requests a minute"
    return what if signal.limit is None else f"{what} {signal.side} {words.number(signal.limit)}"


def _unit(kind: Kind) -> str:
    return "requests a minute" if kind is Kind.TRAFFIC else "share of requests"
