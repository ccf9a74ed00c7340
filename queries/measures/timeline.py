"""Everything that changed within a time, where, and since when: the time line of an incident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from queries.core.logs import Log
from queries.core.source import Visibility
from queries.core.spans import Span
from queries.measures.arrivals import Arrived, arrivals
from queries.measures.detection import Searched, Stretch, search, since, within_it
from queries.measures.expressions import Condition, Sample
from queries.measures.failures import OverTime
from queries.measures.onset import FEWEST_HITS, Moment, find_boundary
from queries.measures.places import Place, within
from queries.measures.signal_counts import (
    Stretched,
    signal_seconds,
    signals_by_slice,
    signals_over_time,
)
from queries.measures.signals import Kind, Signal, every_signal, inputs_of, version_signal
from queries.measures.slices import Carrier, SliceCounts, carriers
from queries.measures.typical import typical_of

FINER = 5
"""An onset is looked for again in buckets so many times as fine."""

MARGIN = 12
"""Buckets on either side of an onset's interval in which it is looked for again."""

MOST_OF_IT = 0.5
"""A place that carries less of a change than this is not where it happened."""

MOST_ARRIVALS = 3


@dataclass(frozen=True, slots=True)
class Onset:
    """When something began or ended: the best guess and its interval."""

    at: datetime
    low: datetime
    high: datetime


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
    usual = Sample(spans=tuple(spans[1:] or spans), where=tuple(where))
    signals = every_signal(log, typical_of(log, inputs_of(log), usual))
    counted = signals_over_time(log, signals, spans, where, seconds)
    searched = search(signals, counted, rng)
    open_ones = [name for name in dimensions if log.visibility(name) is Visibility.OPEN]
    found = _one_each([each for each in searched if each.changed])
    places = _places(log, found, open_ones, where)
    came = arrivals(log, open_ones, spans[0], where)[:MOST_ARRIVALS]
    wanted = _by_place(log, found, places, came)
    changes = [
        each
        for place, signals_there in wanted.items()
        for each in _changes_in(log, place, signals_there, came, spans, where, seconds)
    ]
    changes.sort(key=lambda each: each.began.at if each.began else spans[0].start)
    return Timeline(tuple(spans), seconds, searched, tuple(changes), log.has("version"))


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


def _places(
    log: Log, found: Sequence[Searched], dimensions: Sequence[str], where: Sequence[Condition]
) -> list[Place | None]:
    """Give the place that carries each change, None where it is everywhere."""
    stretched = [Stretched(each.signal, _stretches(each)) for each in found]
    return [_carrying(slices) for slices in signals_by_slice(log, stretched, dimensions, where)]


def _stretches(each: Searched) -> tuple[Span, ...]:
    """Give the stretch in every period; without a past, what was before it takes its place."""
    width, stretch = timedelta(seconds=each.counts.seconds), each.stretch
    spans = [
        Span(span.start + stretch.start * width, min(span.end, span.start + stretch.stop * width))
        for span in each.counts.spans
    ]
    if len(spans) == 1 and stretch.start:
        spans.append(Span(each.counts.spans[0].start, spans[0].start))
    return tuple(span for span in spans if span.start < span.end)


def _carrying(slices: Sequence[SliceCounts]) -> Place | None:
    """Give the slice that carries a change most clearly; one with a past, where there is any.

    A slice that is new, such as a version in its rollout, stands out for being where it happened.
    A past that hardly ever had such a thing says nothing of how slices differ in it: then they
    are held against each other alone.
    """
    before = {(each.dimension, each.value): sum(n for _, n in each.past) for each in slices}
    rare = sum(k for each in slices for k, _ in each.past) < FEWEST_HITS
    judged = [replace(each, past=()) for each in slices] if rare else slices
    found = [each for each in carriers(judged) if each.carries and _part_of_it(each) >= MOST_OF_IT]
    known = [each for each in found if before[each.dimension, each.value]]
    return next((Place(each.dimension, each.value) for each in known or found), None)


def _part_of_it(carrier: Carrier) -> float:
    """Give a slice's part of a change: of what is extra, or of all where there was none before."""
    if carrier.share.value is not None:
        return carrier.share.value
    here, there = (
        (each.now.value or 0.0) * each.now.n for each in (carrier.here, carrier.elsewhere)
    )
    return here / (here + there) if here + there else 0.0


Wanted = dict[Place | None, list[tuple[Signal, Searched | None]]]


def _by_place(
    log: Log,
    found: Sequence[Searched],
    places: Sequence[Place | None],
    came: Sequence[Arrived],
) -> Wanted:
    """Gather what is to be counted in each place: its changes, and the versions that arrived."""
    wanted: Wanted = defaultdict(list)
    for each, place in zip(found, places, strict=True):
        wanted[place].append((each.signal, each))
    for arrived in came:
        wanted[arrived.place].append((version_signal(log, arrived.version), None))
    return wanted


def _changes_in(
    log: Log,
    place: Place | None,
    wanted: Sequence[tuple[Signal, Searched | None]],
    came: Sequence[Arrived],
    spans: Sequence[Span],
    where: Sequence[Condition],
    seconds: int,
) -> Iterator[Change]:
    """Count the signals of one place there, and tell since when each changed to the minute."""
    signals = [signal for signal, _ in wanted]
    narrowed = [*where, *within(log, place)]
    if place is None and all(searched for _, searched in wanted):
        counted = [searched.counts for _, searched in wanted if searched]
    else:
        counted = signals_over_time(log, signals, spans, narrowed, seconds)
    stretches = [
        within_it(counts, searched.stretch) if searched else _since(counts, signal, place, came)
        for (signal, searched), counts in zip(wanted, counted, strict=True)
    ]
    finer = _finer(log, signals, stretches, counted, narrowed)
    for at, signal in enumerate(signals):
        if signal.kind is Kind.VERSION:
            seen = _arrived(signal, place, came)
            finer[at] = Onset(seen, seen, seen)
    for (signal, searched), stretch, counts, began in zip(
        wanted, stretches, counted, finer, strict=True
    ):
        ended = _onset(stretch.ended, counts)
        q = searched.q if searched else None
        yield Change(signal, place, began, ended, stretch, counts, q)


def _arrived(signal: Signal, place: Place | None, came: Sequence[Arrived]) -> datetime:
    return next(each.at for each in came if (each.version, each.place) == (signal.value, place))


def _since(
    counts: OverTime, signal: Signal, place: Place | None, came: Sequence[Arrived]
) -> Stretch:
    return since(counts, _bucket(counts, _arrived(signal, place, came)))


def _bucket(counts: OverTime, at: datetime) -> int:
    passed = (at - counts.spans[0].start).total_seconds()
    return int(min(passed // counts.seconds, counts.hits.shape[1] - 1))


def _onset(moment: Moment | None, counts: OverTime) -> Onset | None:
    if moment is None:
        return None
    return Onset(counts.at(moment.at), counts.at(moment.low), counts.at(moment.high))


def _finer(
    log: Log,
    signals: Sequence[Signal],
    stretches: Sequence[Stretch],
    counted: Sequence[OverTime],
    where: Sequence[Condition],
) -> list[Onset | None]:
    """Look for each onset again in finer buckets around it, all of a place in one pass."""
    coarse = [_onset(each.began, counts) for each, counts in zip(stretches, counted, strict=True)]
    around = [around_onset(each, counts) for each, counts in zip(stretches, counted, strict=True)]
    rated = [
        at
        for at, signal in enumerate(signals)
        if coarse[at] and signal.kind not in (Kind.TRAFFIC, Kind.VERSION)
    ]
    if not rated:
        return coarse
    span = Span(min(around[at].start for at in rated), max(around[at].end for at in rated))
    seconds = counted[0].seconds // FINER
    fine = signals_over_time(log, [signals[at] for at in rated], (span,), where, seconds)
    for at, counts in zip(rated, fine, strict=True):
        coarse[at] = pinned(around[at], counts, stretches[at])
    return coarse


def pinned(around: Span, fine: OverTime, stretch: Stretch) -> Onset:
    """Give the onset within a time by finer buckets, and by the rates before and after it."""
    first, last = (
        round((edge - fine.spans[0].start).total_seconds() / fine.seconds)
        for edge in (around.start, around.end)
    )
    rates = (stretch.base.value or 0.0, stretch.during.value or 0.0)
    found = find_boundary(fine.hits[0, first:last], fine.trials[0, first:last], *rates)
    return Onset(*(fine.at(first + each) for each in (found.at, found.low, found.high + 1)))


def around_onset(stretch: Stretch, counts: OverTime) -> Span:
    """Give the time around a stretch's onset in which nothing else begins or ends."""
    began = stretch.began or Moment(stretch.start, stretch.start, stretch.start)
    first = max(0, began.low - MARGIN)
    last = min(began.high + MARGIN, max(began.high + 1, stretch.stop))
    end = min(counts.at(last), counts.spans[0].end)
    return Span(counts.at(first), end)
