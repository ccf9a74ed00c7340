"""Did a rate change within a time, against its own usual: since when, until when, how much.

One detector for everything that can be counted as hits out of trials by bucket. A change must
stand out twice: among the buckets of its own day (permuted blocks), and among the same stretch
of comparable periods, whose own variation says how far it may lie.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from queries.core.answer import Number
from queries.measures.distances import jensen_shannon
from queries.measures.estimates import LEVEL
from queries.measures.failures import Array, OverTime, summed_around
from queries.measures.multiplicity import benjamini_hochberg
from queries.measures.onset import FEWEST_BUCKETS, FEWEST_HITS, Moment, described
from queries.measures.periods import COMPARABLE
from queries.measures.rates import wilson
from queries.measures.scan import Scan, chance, exposure, largest
from queries.measures.signals import Kind, Signal
from queries.measures.usual import Usual, usual_rate

ALPHA = 0.01
"""How many of the changes called may be by chance (Benjamini-Hochberg over all signals)."""

SURELY = 0.001
"""The same while too few comparable times say how much they vary among themselves."""

WITHOUT_A_PAST = (Kind.ERRORS, Kind.LATENCY, Kind.EMPTIED)
"""What hardly follows the time of day, so that a jump within one time says something."""

AROUND = 1800
"""Seconds on either side from which a bucket's usual rate is pooled."""


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


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found of one signal. ``q`` is the corrected p value, None where too little is there.

    ``stretch`` is the most telling one, ``changed`` whether it is called a change.
    """

    signal: Signal
    counts: OverTime
    stretch: Stretch
    q: float | None
    changed: bool


def search(
    signals: Sequence[Signal], counted: Sequence[OverTime], rng: np.random.Generator
) -> tuple[Searched, ...]:
    """Look for the change of each signal; corrected for their number."""
    found = [
        _searched(signal, counts, rng) for signal, counts in zip(signals, counted, strict=True)
    ]
    q_values = benjamini_hochberg([p for _, p in found])
    several = max(1, sum(p is not None for _, p in found))
    judged = []
    for signal, counts, (stretch, _), q in zip(signals, counted, found, q_values, strict=True):
        alpha = ALPHA if len(counts.spans) > COMPARABLE else SURELY
        called = q is not None and q <= alpha and stretch.usual.unusual is not False
        whole = None if called else _throughout(counts, several)
        told = whole or stretch
        changed = (called or whole is not None) and _matters(signal, told)
        judged.append(Searched(signal, counts, told, q, changed))
    return tuple(judged)


def within_it(counts: OverTime, whole: Stretch) -> Stretch:
    """Describe a change, found among all requests, among some of them.

    Its moments are told by these alone where they fit those of all; otherwise they are too few to
    tell by, or lack the time before, and the moments of all hold.
    """
    same = _part(counts, whole.start, whole.stop, whole.began, whole.ended)
    if whole.began is None or not counts.hits[0].any():
        return same
    scan = _scan(counts)
    own = _stretch(counts, scan, largest(scan))
    if own.began is None or _rises(own) != _rises(whole):
        return same
    fits = own.began.low <= whole.began.high and whole.began.low <= own.began.high
    return own if fits else same


def _rises(stretch: Stretch) -> bool:
    return (stretch.during.value or 0.0) > (stretch.base.value or 0.0)


def since(counts: OverTime, at: int) -> Stretch:
    """Describe all from a bucket on, where it is known that something began there."""
    moment = Moment(at, at, at)
    return _part(counts, at, counts.hits.shape[1], moment, None)


def _searched(
    signal: Signal, counts: OverTime, rng: np.random.Generator
) -> tuple[Stretch, float | None]:
    scan = _scan(counts)
    hits, trials = float(scan.k.sum()), float(scan.n.sum())
    unjudged = len(counts.spans) == 1 and signal.kind not in WITHOUT_A_PAST
    if unjudged or len(scan) < FEWEST_BUCKETS or not FEWEST_HITS <= hits <= trials - FEWEST_HITS:
        return all_of_it(counts), None
    found = largest(scan)
    # Chance alone makes as large a gain as ln(buckets) more often than not: p is far from small.
    p = chance(scan, rng, block=_block(counts)) if found[2] > math.log(len(scan)) else 1.0
    if signal.kind is Kind.TRAFFIC:
        silence, rarely = _silence(counts, scan)
        if rarely < p:
            return _silent(counts, scan, silence), rarely
    return _stretch(counts, scan, found), p


def _scan(counts: OverTime) -> Scan:
    """Set up the search; a rate above a half is turned round, so that hits are the rarer kind."""
    hits, trials = counts.hits, counts.trials
    often = hits.sum() > trials.sum() / 2
    rare = replace(counts, hits=trials - hits) if often else counts
    weight = exposure(trials[0], usual_pattern(rare))
    return Scan(rare.hits[0], trials[0], weight, binomial=False)


def usual_pattern(counts: OverTime) -> Array | None:
    """Give each bucket's usual rate from the past; None without a past.

    Pooled over an hour around the bucket, and drawn towards the past's overall rate as far as the
    hours differ by no more than chance: by 1/φ, with φ Pearson's χ² over its degrees of freedom
    (James and Stein 1961).
    """
    hits, trials = counts.hits[1:].sum(axis=0), counts.trials[1:].sum(axis=0)
    if not trials.sum() or not hits.sum():
        return None
    overall = float(hits.sum() / trials.sum())
    reach = max(1, AROUND // counts.seconds)
    edges = np.arange(0, len(hits), 2 * reach)
    hourly, of = np.add.reduceat(hits, edges), np.add.reduceat(trials, edges)
    known = of > 0
    chi2 = float(((hourly - of * overall)[known] ** 2 / (of * overall)[known]).sum())
    trust = max(0.0, 1 - max(1, int(known.sum()) - 1) / max(chi2, 1e-9))
    near, near_of = summed_around(hits, reach), summed_around(trials, reach)
    local = np.divide(near, near_of, out=np.full_like(near, overall), where=near_of > 0)
    return np.asarray(overall + trust * (local - overall))


def _block(counts: OverTime) -> int | None:
    """Give 1 where the past's buckets have nothing in common with their neighbours.

    Only then may single buckets be permuted, which shows bursts and gaps of a few minutes.
    """
    pattern = usual_pattern(counts)
    if pattern is None:
        return None
    expected = counts.trials[1:] * pattern
    residual = np.divide(
        counts.hits[1:] - expected, np.sqrt(expected), out=np.zeros_like(expected),
        where=expected > 0,
    )  # fmt: skip
    spread = float((residual**2).sum())
    together = float((residual[:, 1:] * residual[:, :-1]).sum())
    return 1 if spread and together / spread < 2 / math.sqrt(residual.size) else None


def _stretch(counts: OverTime, scan: Scan, found: tuple[int, int, float]) -> Stretch:
    """Tell which side of a boundary is the unusual one, and since and until when it was."""
    shift = described(scan, *found, 0.0)
    began = shift.began or Moment(found[0], found[0], found[0])
    start, stop = began.at, shift.ended.at if shift.ended else len(scan)
    if start == 0:
        return _part(counts, 0, stop, None, shift.ended)
    if stop == len(scan) and _further_off(counts, start, stop):
        return _part(counts, 0, start, None, began)
    return _part(counts, start, stop, began, shift.ended)


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
    smallest = 1 / max(now.n, past.n, 1)
    return abs(math.log(((now.value or 0.0) + smallest) / ((past.value or 0.0) + smallest)))


def _part(
    counts: OverTime, start: int, stop: int, began: Moment | None, ended: Moment | None
) -> Stretch:
    hits = counts.hits[:, start:stop].sum(axis=1)
    trials = counts.trials[:, start:stop].sum(axis=1)
    rest = float(counts.hits[0].sum() - hits[0]), int(counts.trials[0].sum() - trials[0])
    past = [(float(k), int(n)) for k, n in zip(hits[1:], trials[1:], strict=True)]
    usual = usual_rate(past, (float(hits[0]), int(trials[0])))
    return Stretch(start, stop, began, ended, wilson(*rest), usual)


def all_of_it(counts: OverTime) -> Stretch:
    """Describe the whole time as one stretch, without beginning or end."""
    return _part(counts, 0, counts.hits.shape[1], None, None)


def _throughout(counts: OverTime, several: int) -> Stretch | None:
    """Give all of the time, where it is unusual as a whole, corrected for so many signals."""
    whole = all_of_it(counts)
    hits, trials = counts.hits.sum(axis=1), counts.trials.sum(axis=1)
    past = [(float(k), int(n)) for k, n in zip(hits[1:], trials[1:], strict=True)]
    now = float(hits[0]), int(trials[0])
    surely = usual_rate(past, now, level=1 - (1 - LEVEL) / several)
    return whole if surely.unusual else None


def _silence(counts: OverTime, scan: Scan) -> tuple[tuple[int, int], float]:
    """Give the stretch without a request in which most were to be expected, and how rare that is.

    e^(-expected/φ), with the past's dispersion φ between buckets, times the number of buckets in
    which it might have begun. Permuting can't tell: it keeps a gap whole.
    """
    expected = scan.weight * (scan.k.sum() / max(scan.weight.sum(), 1e-300))
    pattern = usual_pattern(counts)
    best, most, start, mass = (0, 0), 0.0, 0, 0.0
    for at, hits in enumerate(scan.k):
        start, mass = (at + 1, 0.0) if hits else (start, mass + float(expected[at]))
        if mass > most:
            best, most = (start, at + 1), mass
    if pattern is None:
        return best, 1.0
    usual = counts.trials[1:] * pattern
    known = usual > 0
    chi2 = float(((counts.hits[1:] - usual)[known] ** 2 / usual[known]).sum())
    phi = max(1.0, chi2 / max(1, int(known.sum()) - 1))
    return best, min(1.0, len(scan) * math.exp(-most / phi))


def _silent(counts: OverTime, scan: Scan, silence: tuple[int, int]) -> Stretch:
    start, stop = silence
    began = Moment(start, start, start) if start else None
    ended = Moment(stop, stop, stop) if stop < len(scan) else None
    return _part(counts, start, stop, began, ended)


def _matters(signal: Signal, stretch: Stretch) -> bool:
    """Whether the change is large enough to be said, by the signal's own gauge."""
    now, base = stretch.during.value, stretch.base.value
    if now is None or base is None or (signal.rises_only and now <= base):
        return False
    if signal.gauge == "points":
        return abs(now - base) >= signal.matters
    if signal.gauge == "pace":
        return base > 0 and abs(now / base - 1) >= signal.matters
    return (jensen_shannon((base, 1 - base), (now, 1 - now)) or 0.0) >= signal.matters
