"""One change in plain words: what, where, since when, how much."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from queries.changes.counts import MICROSECONDS
from queries.changes.pinning import Onset
from queries.changes.signals import Kind, Signal
from queries.changes.stretches import Stretch
from queries.changes.timeline import Change
from queries.core import words
from queries.core.number import Number
from queries.core.value import ColumnType
from queries.measures.places.place import Place
from queries.wording.asked import Asked
from queries.wording.parts import part_name

A_MINUTE = 60 * MICROSECONDS
"""Traffic is counted in requests a microsecond, and told in requests a minute."""


def named(place: Place) -> str:
    """Name a place: “region EMEA”."""
    return part_name(place.dimension, place.value)


def there(place: Place | None) -> str:
    """Say where: “ in region EMEA”, or nothing for everywhere."""
    return f" in {named(place)}" if place else ""


def everywhere(place: Place | None) -> str:
    """Name a place for a table."""
    return named(place) if place else "everywhere"


def subject(signal: Signal) -> str:
    """Name what a signal follows: “the input “income””, “failures”."""
    column, value = f"“{words.shortened(signal.column, 40)}”", _value(signal)
    said = {
        Kind.VERSION: f"version {words.shortened(str(signal.value), 40)}",
        Kind.EMPTIED: f"the input {column}",
        Kind.UNSEEN: f"the input {column}",
        Kind.INPUT: f"the input {column} {value}",
        Kind.TRAFFIC: "traffic",
        Kind.ERRORS: "failures",
        Kind.LATENCY: "slow requests",
        Kind.SCORE: "the scores",
        Kind.DECISION: f"decisions {value}",
        Kind.PREDICTION: f"predictions {value}" if value else "the predictions",
    }
    return said[signal.kind].rstrip()


def happened(change: Change) -> str:
    """Say what happened, without where and when: “the input “income” emptied”.

    What began before the time is told as a state: “failures have been higher”.
    """
    kind, signal = change.kind, change.signal
    up = change.rose
    if signal.limit is not None and kind is not Kind.LATENCY:
        up = up == (signal.side == "above")
    began, was = _verbs(change, up=up)
    have = "have" if kind in _SEVERAL else "has"
    return f"{subject(signal)} {began if change.began else f'{have} {was}'}"


def _verbs(change: Change, *, up: bool) -> tuple[str, str]:
    """Give how something is said to begin, and to have been, of one thing or several."""
    if change.kind in _VERBS:
        return _VERBS[change.kind]
    if change.kind is Kind.TRAFFIC and not change.stretch.during.value:
        return "stopped", "been absent"
    if change.kind is Kind.INPUT and change.signal.value is not None:
        return _OFTEN[up]
    if change.signal.limit is not None and change.kind is not Kind.LATENCY:
        return ("went up", "been higher") if up else ("went down", "been lower")
    return ("rose", "been high") if up else ("fell", "been low")


_SEVERAL = (Kind.ERRORS, Kind.LATENCY, Kind.SCORE, Kind.DECISION, Kind.PREDICTION)
_OFTEN = {
    True: ("came more often", "come more often"),
    False: ("came less often", "come less often"),
}
_VERBS = {
    Kind.VERSION: ("arrived", "been there"),
    Kind.EMPTIED: ("emptied", "been empty"),
    Kind.UNSEEN: ("took values never seen before", "had values never seen before"),
}


def counted(signal: Signal) -> str:
    """Say which requests the share is of: “of requests are slower than 210 ms”."""
    if signal.limit is None:
        said = {
            Kind.VERSION: "are served by it",
            Kind.EMPTIED: "lack it",
            Kind.UNSEEN: "have such a value",
            Kind.ERRORS: "fail",
        }
        return f"of requests {said.get(signal.kind, 'have it')}"
    if signal.kind is Kind.LATENCY:
        return f"of requests take longer than {words.duration_ms(signal.limit)}"
    how = "above" if signal.side == "above" else "below"
    return f"of requests lie {how} {words.number(signal.limit)}"


def size(change: Change) -> str:
    """Say how much: “33 % of requests fail, usually 1.5 %”."""
    during, base = sizes(change)
    if change.kind is Kind.TRAFFIC:
        return f"{during} requests a minute, {than(change)} {base}"
    if change.kind is Kind.VERSION:
        return f"{during} {counted(change.signal)}"
    return f"{during} {counted(change.signal)}, {than(change)} {base}"


def sizes(change: Change) -> tuple[str, str]:
    """Write how much of it there was, and is usually."""
    return amount(change.kind, change.stretch.during), usually(change.kind, change.stretch)


def amount(kind: Kind, number: Number) -> str:
    """Write one of a change's numbers: a share, or requests a minute."""
    scaled = told(kind, number)
    if kind is Kind.TRAFFIC:
        return words.number(scaled.value, _width(scaled) if scaled.value else None)
    return words.share(scaled.value, scaled.low, scaled.high)


def usually(kind: Kind, stretch: Stretch) -> str:
    """Write what it is usually, else what it was before.

    The range of a usual is where another time may lie; it limits no digits.
    """
    base = stretch.base
    usual = base is stretch.usual.usual
    return amount(kind, replace(base, low=None, high=None) if usual else base)


def told(kind: Kind, number: Number) -> Number:
    """Give a number as it is told: traffic in requests a minute."""
    if kind is not Kind.TRAFFIC or number.value is None:
        return number
    low, high = (None if each is None else each * A_MINUTE for each in (number.low, number.high))
    return Number(number.value * A_MINUTE, round(number.n / A_MINUTE), low, high, why=number.why)


def unit(kind: Kind) -> ColumnType:
    """Give the unit that a change is told in."""
    return "number" if kind is Kind.TRAFFIC else "share"


def when(change: Change, asked: Asked) -> str:
    """Say since or until when, after what happened: “at about 09:50”."""
    if change.began is None and change.ended is None:
        return "all that time"
    if change.began is None and change.ended:
        return f"from before that time to about {asked.moment(change.ended.at)}"
    if change.began and change.ended:
        since, until = asked.moment(change.began.at), asked.moment(change.ended.at)
        return f"from about {since} to {until}"
    return f"at {_about(change)}{asked.moment(change.began.at)}" if change.began else ""


def between(onset: Onset, asked: Asked) -> str:
    """Give the interval of an onset, “ (09:48 to 09:55)”; nothing where it is the moment itself."""
    low, high = asked.moment(onset.low), asked.moment(onset.high)
    return "" if low == high else f" ({low} to {high})"


def earlier(ahead: timedelta) -> str:
    """Say how long before another onset one is: “13 minutes before”, “at the same time as”."""
    if ahead < timedelta(minutes=1):
        return "at about the same time as"
    return f"{words.lasting(ahead)} before"


def than(change: Change) -> str:
    """Say what a change is compared with: its usual, or without a past, what was before."""
    return "before" if change.stretch.usual.usual.value is None else "usually"


def _about(change: Change) -> str:
    return "" if change.kind is Kind.VERSION else "about "


def _value(signal: Signal) -> str:
    return "" if signal.value is None else f"“{words.shortened(str(signal.value), 40)}”"


def _width(number: Number) -> float | None:
    if number.low is None or number.high is None:
        return None
    return number.high - number.low
