"""Everything that changed within a time, where, and since when: the time line of an incident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from queries.changes.arrivals import arrivals
from queries.changes.counts import signal_seconds, signals_over_time
from queries.changes.detection import Searched, search
from queries.changes.pinning import Onset, finer_onsets, onset_of
from queries.changes.placing import failing_place, places_of
from queries.changes.signals import Kind, Signal, every_signal, inputs_of, version_signal
from queries.changes.stretches import Stretch, all_of_it, since, within_it
from queries.changes.typical import typical_of
from queries.core.log import Log
from queries.core.source import Visibility
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Condition, Sample
from queries.measures.counting.over_time import OverTime
from queries.measures.places.place import Place, within

MOST_ARRIVALS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: what, where, from when until when, and how much.

    ``place`` is None where no one place carries it. ``began`` is None where it was so before the
    time already, ``ended`` where it is so still. ``counts`` are within the place. ``q`` is the
    corrected p value, None for an arrival, which is seen and not inferred.
    """

    signal: Signal
    place: Place | None
    began: Onset | None
    ended: Onset | None
    stretch: Stretch
    counts: OverTime
    q: float | None = None

    @property
    def kind(self) -> Kind:
        """What it is about."""
        return self.signal.kind

    @property
    def rose(self) -> bool:
        """Whether there is more of it than usual."""
        return (self.stretch.during.value or 0.0) > (self.stretch.base.value or 0.0)


@dataclass(frozen=True)
class Timeline:
    """What was looked at, and what changed, oldest first.

    ``spans`` are the present and its past, ``versions`` whether arrivals were looked for.
    """

    spans: tuple[Span, ...]
    seconds: int
    searched: tuple[Searched, ...]
    changes: tuple[Change, ...]
    versions: bool

    @property
    def requests(self) -> int:
        """How many requests the present holds."""
        return int(self.counts(Kind.TRAFFIC).hits[0].sum())

    @property
    def judged(self) -> bool:
        """Whether there was enough of anything to tell a change."""
        return any(each.q is not None for each in self.searched)

    def counts(self, kind: Kind) -> OverTime:
        """Counts of the first signal of a kind, everywhere. Raises StopIteration without one."""
        return next(each.counts for each in self.searched if each.signal.kind is kind)


def time_line(
    log: Log,
    spans: Sequence[Span],
    where: Sequence[Condition],
    dimensions: Sequence[str],
    rng: np.random.Generator,
) -> Timeline:
    """Look for everything that changed within the first span, against the others: its past.

    ``dimensions`` are searched for the place of each change; only those that rows may be chosen
    by are.
    """
    seconds = signal_seconds(spans[0])
    # Without a past, what is typical is taken from the time itself.
    usual = Sample(spans=tuple(spans[1:] or spans), where=tuple(where))
    signals = every_signal(log, typical_of(log, inputs_of(log), usual))
    counted = signals_over_time(log, signals, spans, where, seconds)
    searched = search(signals, counted, rng)
    open_ones = [name for name in dimensions if log.visibility(name) is Visibility.OPEN]
    wanted = _wanted(log, searched, open_ones, spans, where, rng)
    changes = [
        change
        for place, there in wanted.items()
        for change in _changes_in(log, place, there, spans, where, seconds)
    ]
    changes.sort(key=lambda each: each.began.at if each.began else spans[0].start)
    return Timeline(tuple(spans), seconds, searched, tuple(changes), log.has("version"))


def _wanted(
    log: Log,
    searched: Sequence[Searched],
    open_ones: Sequence[str],
    spans: Sequence[Span],
    where: Sequence[Condition],
    rng: np.random.Generator,
) -> dict[Place | None, list[_Wanted]]:
    """Give what is to be counted, by place: what changed, failures in a part, new versions."""
    wanted: dict[Place | None, list[_Wanted]] = defaultdict(list)
    found = _one_each([each for each in searched if each.changed])
    for each, place in zip(found, places_of(log, found, open_ones, where), strict=True):
        wanted[place].append(_Wanted(each.signal, each, None))
    unseen = (each for each in searched if each.signal.kind is Kind.ERRORS and not each.changed)
    for part in (failing_place(log, each, open_ones, where, rng) for each in unseen):
        if part:
            wanted[part[0]].append(_Wanted(part[1].signal, part[1], None))
    for arrived in arrivals(log, open_ones, spans[0], where)[:MOST_ARRIVALS]:
        signal = version_signal(log, arrived.version)
        wanted[arrived.place].append(_Wanted(signal, None, arrived.at))
    return wanted


def _one_each(found: Sequence[Searched]) -> list[Searched]:
    """Keep one change of each column: what emptied or is new also moves everything else."""
    order = (Kind.EMPTIED, Kind.UNSEEN)
    ranked = sorted(found, key=lambda each: (each.signal.kind not in order, -_size(each.stretch)))
    kept: dict[str, Searched] = {}
    for each in ranked:
        kept.setdefault(each.signal.column, each)
    return [each for each in found if kept[each.signal.column] is each]


def _size(stretch: Stretch) -> float:
    return abs((stretch.during.value or 0.0) - (stretch.base.value or 0.0))


@dataclass(frozen=True, eq=False)
class _Wanted:
    """What is to be counted in a place: a change that was found, or a version since it arrived."""

    signal: Signal
    searched: Searched | None
    arrived: datetime | None

    def stretch(self, counts: OverTime) -> Stretch:
        if self.arrived is not None:
            return since(counts, self.arrived)
        if self.searched is None:
            return all_of_it(counts)
        whole = self.searched.stretch
        return whole if counts is self.searched.counts else within_it(counts, whole)


def _changes_in(
    log: Log,
    place: Place | None,
    wanted: Sequence[_Wanted],
    spans: Sequence[Span],
    where: Sequence[Condition],
    seconds: int,
) -> Iterator[Change]:
    """Count the signals of one place there, and tell since when each changed to the minute."""
    signals = [each.signal for each in wanted]
    narrowed = [*where, *within(log, place)]
    counted = [each.searched.counts for each in wanted if each.searched]
    # Everywhere, and of what was searched for, the counts are at hand: a pass is saved.
    if place is not None or len(counted) < len(wanted):
        counted = signals_over_time(log, signals, spans, narrowed, seconds)
    stretches = [each.stretch(counts) for each, counts in zip(wanted, counted, strict=True)]
    onsets = finer_onsets(log, signals, stretches, counted, narrowed)
    for each, stretch, counts, onset in zip(wanted, stretches, counted, onsets, strict=True):
        exact = each.arrived and Onset(each.arrived, each.arrived, each.arrived)
        ended = onset_of(stretch.ended, counts)
        q = each.searched.q if each.searched else None
        yield Change(
            signal=each.signal,
            place=place,
            began=exact or onset,
            ended=ended,
            stretch=stretch,
            counts=counts,
            q=q,
        )
