"""Did a rate change within a time, against its own usual: since when, until when, how much.

One detector for everything that can be counted as hits out of trials by bucket. A change must
stand out twice: among the buckets of its own day (permuted blocks), and among the same stretch
of comparable periods, whose own variation says how far it may lie.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from queries.changes.pattern import block_length, longest_silence
from queries.changes.signals import Kind, Signal
from queries.changes.stretches import Stretch, all_of_it, scan_of, silent, stretch_of
from queries.measures.counting.over_time import OverTime
from queries.statistics.distances import jensen_shannon
from queries.statistics.estimates import LEVEL
from queries.statistics.multiplicity import benjamini_hochberg
from queries.statistics.onset import FEWEST_BUCKETS, FEWEST_HITS
from queries.statistics.scan import chance, largest
from queries.statistics.usual import COMPARABLE, usual_rate

ALPHA = 0.01
"""How many of the changes called may be by chance (Benjamini-Hochberg over all signals)."""

SURELY = 0.001
"""The same while too few comparable times say how much they vary among themselves."""

WITHOUT_A_PAST = (Kind.ERRORS, Kind.LATENCY, Kind.EMPTIED)
"""What hardly follows the time of day, so that a jump within one time says something."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found of one signal.

    ``stretch`` is the most telling one, ``changed`` whether it is called a change. ``q`` is the
    corrected p value of a shift within the time, None where too little is there to look for one,
    or where it is all of the time that is unusual.
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
        surely = q is not None and q <= _alpha(counts, stretch)
        # Twice, as the module says: days differ from one another more
        # than their buckets let expect.
        called = surely and stretch.usual.unusual is not False
        whole = None if called else _throughout(counts, _beside(signal, several))
        told = whole or stretch
        changed = (called or whole is not None) and _matters(signal, told)
        judged.append(Searched(signal, counts, told, None if whole else q, changed))
    return tuple(judged)


def _searched(
    signal: Signal, counts: OverTime, rng: np.random.Generator
) -> tuple[Stretch, float | None]:
    scan = scan_of(counts)
    hits, trials = float(scan.k.sum()), float(scan.n.sum())
    unjudged = len(counts.spans) == 1 and signal.kind not in WITHOUT_A_PAST
    if unjudged or len(scan) < FEWEST_BUCKETS or not FEWEST_HITS <= hits <= trials - FEWEST_HITS:
        return all_of_it(counts), None
    found = largest(scan)
    # Chance alone makes as large a gain as ln(buckets) more often than not: p is far from small.
    block = block_length(counts, found[:2])
    p = chance(scan, rng, block=block) if found[2] > math.log(len(scan)) else 1.0
    if signal.kind is Kind.TRAFFIC:
        silence, rarely = longest_silence(counts, scan)
        # Permuting keeps a gap whole wherever it puts it, so that
        # silences have a test of their own.
        if rarely < p:
            return silent(counts, silence), rarely
    return stretch_of(counts, scan, found), p


def _alpha(counts: OverTime, stretch: Stretch) -> float:
    """Give how rare a change must be, by how much of a past there is.

    Without any, nothing counts that didn't clearly double: what swings with the hour by two
    fifths doesn't, and can't be told apart otherwise.
    """
    if len(counts.spans) > COMPARABLE:
        return ALPHA
    if len(counts.spans) > 1:
        return SURELY
    low, high = stretch.during.low, stretch.base.high
    return ALPHA if low is not None and high is not None and low >= 2 * high else 0.0


def _beside(signal: Signal, several: int) -> int:
    """Give for how many signals it is corrected: failures are asked for, the others looked for.

    So they are judged here as where they alone are asked for.
    """
    return 1 if signal.kind is Kind.ERRORS else several


def _throughout(counts: OverTime, several: int) -> Stretch | None:
    """Give all of the time, where it is unusual as a whole, corrected for so many signals."""
    whole = all_of_it(counts)
    hits, trials = counts.hits.sum(axis=1), counts.trials.sum(axis=1)
    past = [(float(k), int(n)) for k, n in zip(hits[1:], trials[1:], strict=True)]
    now = float(hits[0]), int(trials[0])
    # Bonferroni by way of the level: a prediction band has no p value to be corrected.
    surely = usual_rate(past, now, level=1 - (1 - LEVEL) / several)
    return whole if surely.unusual else None


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
