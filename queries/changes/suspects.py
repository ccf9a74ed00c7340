"""What is likely to have come first: which changes fit a symptom in time and place, which not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from queries.changes.pinning import Onset
from queries.changes.signals import CAUSES, SYMPTOMS, Kind, Signal
from queries.changes.timeline import Change, Timeline
from queries.core.log import Log
from queries.core.number import Number
from queries.core.source import Visibility
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Condition, count_where
from queries.measures.failures.incident import LEAD
from queries.measures.failures.slices import by_kind
from queries.measures.places.place import Place, within
from queries.statistics.estimates import ENOUGH, cannot_say
from queries.statistics.rates import wilson

ALIKE = 0.5
"""Where requests without it rose by so much of what those with it did, it explains nothing."""

ALONE = 0.1
"""Where requests without it rose by less than this part, it explains nearly all."""

_OF_ROWS = (Kind.VERSION, Kind.EMPTIED, Kind.UNSEEN)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A change that came before a symptom, in the same place, or as far as is known.

    ``ahead`` is how long before the symptom's onset its own lies (negative: after it, within the
    interval of both). ``having`` and ``lacking`` are the symptom's rates among requests that the
    change touched and that it did not, since the symptom's onset and in its place. ``named`` says
    that the failures' own text names it.
    """

    change: Change
    ahead: timedelta
    having: Number
    lacking: Number
    base: float
    named: bool

    @property
    def innocent(self) -> bool:
        """Whether requests that it did not touch fare alike."""
        return self._part is not None and self._part >= ALIKE

    @property
    def alone(self) -> bool:
        """Whether hardly any request shows the symptom without it."""
        return self._part is not None and self._part < ALONE

    @property
    def evidence(self) -> int:
        """How much more than its time speaks for it: by name, by comparison, or nothing."""
        return 2 if self.named else int(self.alone)

    @property
    def _part(self) -> float | None:
        """Give the rise without it as a part of the rise with it; None where nothing tells."""
        having, lacking = self.having.value, self.lacking.value
        if having is None or lacking is None or min(self.having.n, self.lacking.n) < ENOUGH:
            return None
        return (lacking - self.base) / (having - self.base) if having > self.base else 1.0


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The symptom that matters most, what fits it, best first, and what the failures say."""

    symptom: Change
    suspects: tuple[Suspect, ...]
    text: str

    @property
    def fitting(self) -> tuple[Suspect, ...]:
        """Those that fit, and that nothing speaks against, best first."""
        return tuple(each for each in self.suspects if not each.innocent)

    @property
    def together(self) -> tuple[Suspect, ...]:
        """Two or more that began together, for none of which more speaks than its time.

        The ranges of their onsets overlap with the first's: which of them came first isn't seen.
        """
        first, *rest = self.fitting or (None,)
        if first is None or first.evidence:
            return ()
        tied = [each for each in rest if overlapping(first.change, each.change)]
        return (first, *tied) if tied else ()

    @property
    def likely(self) -> Suspect | None:
        """The one to look at first; None where several began together."""
        return None if self.together else next(iter(self.fitting), None)

    @property
    def others(self) -> tuple[Suspect, ...]:
        """Those that fit as well."""
        return tuple(each for each in self.fitting if each is not self.likely)

    @property
    def innocent(self) -> tuple[Suspect, ...]:
        """Those that fit in time and place, but do not explain it."""
        return tuple(each for each in self.suspects if each.innocent)


def suspicion(log: Log, line: Timeline, where: Sequence[Condition]) -> Suspicion | None:
    """Weigh what changed before the worst symptom began; None without one that began in time.

    A cause must begin before the symptom or within its interval, at most ``LEAD`` before it, and
    in its place or everywhere. Of several, those with evidence come first, then the earliest.
    """
    symptom = _worst(line.changes)
    if symptom is None or symptom.began is None:
        return None
    onset, base = symptom.began, symptom.stretch.base.value or 0.0
    fitting = [
        (each, each.began)
        for each in line.changes
        if each.began and _in_time(each.began, onset) and _might(each, symptom.place)
    ]
    since = Span(onset.at, line.spans[0].end)
    rows = [*where, *within(log, symptom.place)]
    text = _said(log, symptom, since, rows) if fitting else ""
    rates = _rates(log, symptom.signal, [each for each, _ in fitting], since, rows)
    found = [
        Suspect(each, onset.at - began.at, *pair, base, _named(each.signal, text))
        for (each, began), pair in zip(fitting, rates, strict=True)
    ]
    # One in a place of its own is suspected only where the symptom is seen to keep to that place.
    suspects = [each for each in found if each.change.place in (None, symptom.place) or each.alone]
    suspects.sort(key=lambda each: (-each.evidence, -each.ahead))
    return Suspicion(symptom, tuple(suspects), text)


def overlapping(first: Change, second: Change) -> bool:
    """Whether the ranges of two onsets overlap, so that their order isn't sure."""
    if first.began is None or second.began is None:
        return False
    return first.began.high >= second.began.low and second.began.high >= first.began.low


def _worst(changes: Sequence[Change]) -> Change | None:
    """Find failures before slowness before shifted outputs, with an onset if any has one."""
    felt = [each for each in changes if each.kind in SYMPTOMS]
    return min(felt, key=lambda each: SYMPTOMS.index(each.kind), default=None)


def _in_time(cause: Onset, symptom: Onset) -> bool:
    return symptom.at - LEAD <= cause.at and cause.low <= symptom.high


def _might(change: Change, place: Place | None) -> bool:
    """Whether a change may cause something in a place; fewer requests make none of them fail."""
    if change.kind not in CAUSES or (change.kind is Kind.TRAFFIC and not change.rose):
        return False
    if change.place is None or place is None:
        return True
    return change.place == place or change.place.dimension != place.dimension


def _said(log: Log, symptom: Change, since: Span, where: Sequence[Condition]) -> str:
    """Give the commonest error text since the onset, where anybody may read it."""
    if symptom.kind is not Kind.ERRORS or log.visibility("error") is not Visibility.OPEN:
        return ""
    kinds = by_kind(log, "error", symptom.signal.hit, (since,), where)
    return str(kinds[0][0] or "") if kinds else ""


def _named(signal: Signal, text: str) -> bool:
    # “version” is a word of many an error's text.
    return signal.kind is not Kind.VERSION and bool(signal.column) and signal.column in text


def _rates(
    log: Log,
    symptom: Signal,
    causes: Sequence[Change],
    since: Span,
    where: Sequence[Condition],
) -> list[tuple[Number, Number]]:
    """Give the symptom's rate with and without each cause, all in one pass."""
    nothing = cannot_say("it is no matter of single requests", unit="share")
    told = {at: each for at, each in enumerate(causes) if each.kind in _OF_ROWS}
    if not told:
        return [(nothing, nothing)] * len(causes)
    counted = sa.true() if symptom.counted is None else symptom.counted
    both = sa.and_(counted, symptom.hit)
    measures = {"rows": sa.func.count(), "n": count_where(counted), "k": count_where(both)}
    for at, each in told.items():
        touched = sa.and_(each.signal.hit, *within(log, each.place))
        measures[f"n{at}"] = count_where(sa.and_(counted, touched))
        measures[f"k{at}"] = count_where(sa.and_(both, touched))
    row = log.aggregate(measures, spans=(since,), where=where)[0]
    return [
        (
            wilson(row[f"k{at}"], row[f"n{at}"]),
            wilson(row["k"] - row[f"k{at}"], row["n"] - row[f"n{at}"]),
        )
        if at in told
        else (nothing, nothing)
        for at in range(len(causes))
    ]
