"""What to ask next of changes, chosen by what was found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from queries.changes.signals import Kind
from queries.changes.suspects import Suspicion
from queries.changes.timeline import Change, Timeline
from queries.changes.told import Told
from queries.core import words
from queries.core.answer import FollowUp
from queries.core.filters import Filter
from queries.core.source import Visibility
from queries.measures.places.place import Place
from queries.wording.asked import Asked

MOST = 5


def next_steps(told: Told) -> tuple[FollowUp, ...]:
    """Look at what was felt, at the records of the moment, at the inputs that changed."""
    return tuple(_steps(told.line, told.suspicion, told.asked))[:MOST]


def _steps(line: Timeline, suspicion: Suspicion | None, asked: Asked) -> Iterator[FollowUp]:
    # From the last to the first, so that the earliest of each kind is kept.
    by_kind = {each.kind: each for each in reversed(line.changes)}
    if any(each.began is None for each in line.changes):
        earlier = line.spans[0].start - timedelta(days=1)
        yield FollowUp("What came before that?", asked.next("changes", since=earlier))
    if failing := by_kind.get(Kind.ERRORS):
        yield FollowUp("What fails?", asked.next("errors", where=_at(failing.place)))
    cause = suspicion.likely.change if suspicion and suspicion.likely else None
    first = cause or next((each for each in line.changes if each.kind is Kind.EMPTIED), None)
    if (records := _records(first, asked)) is not None:
        yield records
    if slow := by_kind.get(Kind.LATENCY):
        yield FollowUp("How slow is it?", asked.next("latency", where=_at(slow.place)))
    if moved := next((by_kind[kind] for kind in _INPUTS if kind in by_kind), None):
        since = moved.began.at if moved.began else None
        text = asked.next("inputs", since=since, where=_at(moved.place))
        yield FollowUp("How did the inputs change?", text)
    if felt := suspicion.symptom if suspicion else None:
        since = felt.began.at if felt.began else None
        if felt.kind is Kind.ERRORS:
            yield FollowUp("Where is it worst?", asked.next("slices", since=since))


_INPUTS = (Kind.EMPTIED, Kind.UNSEEN, Kind.INPUT)


def _records(change: Change | None, asked: Asked) -> FollowUp | None:
    """Show the requests that a change touched, where rows may be chosen by it."""
    if change is None or change.began is None:
        return None
    name, condition = change.signal.column, ""
    if asked.source.visible(asked.source.columns.get(name, name)) is not Visibility.OPEN:
        return None
    if change.kind is Kind.EMPTIED:
        condition = str(Filter(name, "is missing"))
        label = f"Requests without {name}"
    elif change.kind is Kind.VERSION:
        condition = str(Filter(name, "=", (str(change.signal.value),)))
        label = f"Requests of version {change.signal.value}"
    else:
        return None
    where = " and ".join(filter(None, [condition, _at(change.place)]))
    text = asked.next("find", since=change.began.at, where=where)
    return FollowUp(words.shortened(label, 75), text)


def _at(place: Place | None) -> str:
    if place is None:
        return ""
    if place.value is None:
        return str(Filter(place.dimension, "is missing"))
    return str(Filter(place.dimension, "=", (str(place.value),)))
