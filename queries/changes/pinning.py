"""When something began, told in finer buckets than it was found in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queries.changes.counts import signals_over_time
from queries.changes.signals import Kind, Signal
from queries.changes.stretches import Stretch
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Condition
from queries.measures.counting.over_time import OverTime
from queries.statistics.onset import Moment, find_boundary

FINER = 5
"""An onset is looked for again in buckets so many times as fine."""

MARGIN = 12
"""Buckets on either side of an onset's interval in which it is looked for again."""


@dataclass(frozen=True, slots=True)
class Onset:
    """When something began or ended: the best guess and its interval."""

    at: datetime
    low: datetime
    high: datetime


def onset_of(moment: Moment | None, counts: OverTime) -> Onset | None:
    """Tell a boundary between buckets as a time; None where there is none."""
    if moment is None:
        return None
    return Onset(counts.at(moment.at), counts.at(moment.low), counts.at(moment.high))


def finer_onsets(
    log: Log,
    signals: Sequence[Signal],
    stretches: Sequence[Stretch],
    counted: Sequence[OverTime],
    where: Sequence[Condition],
) -> list[Onset | None]:
    """Look for each onset again in finer buckets around it, all of a place in one pass."""
    coarse = [onset_of(each.began, counts) for each, counts in zip(stretches, counted, strict=True)]
    around = [around_onset(each, counts) for each, counts in zip(stretches, counted, strict=True)]
    rated = [
        at
        for at, signal in enumerate(signals)
        # A version's first request is known exactly.
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
    # One more at the end: a change within a bucket shows only in the next.
    return Onset(*(fine.at(first + each) for each in (found.at, found.low, found.high + 1)))


def around_onset(stretch: Stretch, counts: OverTime) -> Span:
    """Give the time around a stretch's onset in which nothing else begins or ends."""
    began = stretch.began or Moment(stretch.start, stretch.start, stretch.start)
    first = max(0, began.low - MARGIN)
    last = min(began.high + MARGIN, max(began.high + 1, stretch.stop))
    end = min(counts.at(last), counts.spans[0].end)
    return Span(counts.at(first), end)
