"""The stretch of a time in which a rate stands out: since and until when, and how much."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

from queries.changes.pattern import usual_pattern
from queries.core.number import Number
from queries.measures.counting.over_time import OverTime
from queries.statistics.onset import Moment, described
from queries.statistics.rates import wilson
from queries.statistics.scan import Scan, exposure, largest
from queries.statistics.usual import Usual, usual_rate


@dataclass(frozen=True, slots=True)
class Stretch:
    """Buckets ``start`` until before ``stop`` in which a rate stands out.

    ``began`` and ``ended`` are None where it was so already, or is so still. ``before`` is the
    rate in the other buckets, ``usual`` compares the stretch with that of comparable periods.
    """

    start: int
    stop: int
    began: Moment | None
    ended: Moment | None
    before: Number
    usual: Usual

    @property
    def during(self) -> Number:
        """The rate within the stretch."""
        return self.usual.now

    @property
    def base(self) -> Number:
        """What the rate is compared with: its usual, else what it was before."""
        return self.before if self.usual.usual.value is None else self.usual.usual


def scan_of(counts: OverTime) -> Scan:
    """Set up the search; a rate above a half is turned round, so that hits are the rarer kind."""
    hits, trials = counts.hits, counts.trials
    often = hits.sum() > trials.sum() / 2
    rare = replace(counts, hits=trials - hits) if often else counts
    weight = exposure(trials[0], usual_pattern(rare))
    # Poisson, as weights are no trials; so close to binomial only while hits are the rarer kind.
    return Scan(rare.hits[0], trials[0], weight, binomial=False)


def stretch_of(counts: OverTime, scan: Scan, found: tuple[int, int, float]) -> Stretch:
    """Tell which side of a boundary is the unusual one, and since and until when it was."""
    shift = described(scan, *found, 0.0)
    began = shift.began or Moment(found[0], found[0], found[0])
    start, stop = began.at, shift.ended.at if shift.ended else len(scan)
    # What began with the time is known by its end alone.
    if start == 0:
        return _part(counts, 0, stop, None, shift.ended)
    if stop == len(scan) and _further_off(counts, start, stop):
        return _part(counts, 0, start, None, began)
    return _part(counts, start, stop, began, shift.ended)


def within_it(counts: OverTime, whole: Stretch) -> Stretch:
    """Describe a change, found among all requests, among some of them.

    Its moments are told by these alone where they fit those of all; otherwise they are too few to
    tell by, or lack the time before, and the moments of all hold.
    """
    same = _part(counts, whole.start, whole.stop, whole.began, whole.ended)
    if whole.began is None or not counts.hits[0].any():
        return same
    scan = scan_of(counts)
    own = stretch_of(counts, scan, largest(scan))
    if own.began is None or _rises(own) != _rises(whole):
        return same
    fits = own.began.low <= whole.began.high and whole.began.low <= own.began.high
    return own if fits else same


def since(counts: OverTime, at: datetime) -> Stretch:
    """Describe all from a moment on, where it is known that something began then."""
    passed = (at - counts.spans[0].start).total_seconds()
    start = int(min(passed // counts.seconds, counts.hits.shape[1] - 1))
    return _part(counts, start, counts.hits.shape[1], Moment(start, start, start), None)


def all_of_it(counts: OverTime) -> Stretch:
    """Describe the whole time as one stretch, without beginning or end."""
    return _part(counts, 0, counts.hits.shape[1], None, None)


def silent(counts: OverTime, silence: tuple[int, int]) -> Stretch:
    """Describe buckets without a request; they begin and end where requests do."""
    start, stop = silence
    began = Moment(start, start, start) if start else None
    ended = Moment(stop, stop, stop) if stop < counts.hits.shape[1] else None
    return _part(counts, start, stop, began, ended)


def _part(
    counts: OverTime, start: int, stop: int, began: Moment | None, ended: Moment | None
) -> Stretch:
    hits = counts.hits[:, start:stop].sum(axis=1)
    trials = counts.trials[:, start:stop].sum(axis=1)
    rest = float(counts.hits[0].sum() - hits[0]), round(counts.trials[0].sum() - trials[0])
    past = [(float(k), round(n)) for k, n in zip(hits[1:], trials[1:], strict=True)]
    usual = usual_rate(past, (float(hits[0]), round(trials[0])))
    return Stretch(
        start=start, stop=stop, began=began, ended=ended, before=wilson(*rest), usual=usual
    )


def _further_off(counts: OverTime, start: int, stop: int) -> bool:
    """Whether the time before a boundary lies further from its usual than the time after."""
    earlier, later = (
        _part(counts, *each, None, None).usual for each in ((0, start), (start, stop))
    )
    if earlier.usual.value is None or later.usual.value is None:
        return False
    return earlier.unusual is not False and _distance(earlier) > _distance(later)


def _distance(usual: Usual) -> float:
    now, past = usual.now, usual.usual
    # On the log scale a rate of zero lies infinitely far from any other.
    smallest = 1 / max(now.n, past.n, 1)
    return abs(math.log(((now.value or 0.0) + smallest) / ((past.value or 0.0) + smallest)))


def _rises(stretch: Stretch) -> bool:
    return (stretch.during.value or 0.0) > (stretch.base.value or 0.0)
