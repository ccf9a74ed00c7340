"""Since when: the largest shift of a rate within a window, and when it ended if it did.

Counts stand in equal buckets, five minutes by convention. Against each stretch of buckets the
rate inside is set against the rate outside; the stretch with the largest binomial likelihood
ratio is the shift (Kulldorff 1997 for stretches). Whether chance makes as large a one is asked of
the same buckets in permuted blocks, which keep what neighbouring buckets have in common.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from queries.core.number import Number
from queries.statistics.estimates import LEVEL
from queries.statistics.rates import wilson
from queries.statistics.scan import Array, Scan, exposure, largest, largest_coarse

BUCKET_SECONDS = 300
FEWEST_BUCKETS = 12
FEWEST_HITS = 10

SURELY = 0.005
"""How rarely chance may make a jump that is called one against a whole as usual."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A boundary between buckets: ``at`` buckets after the window's start, and its interval."""

    at: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Shift:
    """The largest shift of a rate. ``began`` is None where no shift is beyond chance (see ``why``).

    ``ended`` is None while it lasts to the window's end. ``before`` is the rate outside of it,
    ``during`` the rate inside. ``p`` is the share of permutations with as large a shift.
    """

    began: Moment | None
    ended: Moment | None
    before: Number
    during: Number
    p: float | None
    why: str = ""


def find_shift(
    hits: Sequence[float] | Array,
    trials: Sequence[float] | Array,
    rng: np.random.Generator,
    *,
    usual: Sequence[float] | Array | None = None,
    # 199 and not 200: of the 200 with the one that was seen, exactly ten are 5 %.
    permutations: int = 199,
    alpha: float = 0.05,
) -> Shift:
    """Find the largest shift of a rate over equal buckets.

    ``hits`` and ``trials`` hold a number a bucket, in order, empty buckets as zeros. ``usual`` may
    give the usual rate of each bucket, so that a daily pattern isn't mistaken for a shift: the
    buckets' rates are then judged relative to it. A shift is reported when at most ``alpha`` of
    the permutations of blocks hold as large a one; a block is the cube root of the number of
    buckets long, at most 6. The intervals of the moments hold every boundary whose log likelihood
    lies within -ln(1 - √0.95) ≈ 3.7, times the dispersion, of the best (Hansen 2000, eq. 10).
    """
    k, n = np.asarray(hits, float), np.asarray(trials, float)
    weight = exposure(n, usual)
    overall = wilson(float(k.sum()), round(n.sum()))
    # Misses too: a rate near 1 shifts by misses, and is as unsure where these are few.
    if len(k) < FEWEST_BUCKETS or not FEWEST_HITS <= k.sum() <= n.sum() - FEWEST_HITS:
        return Shift(
            began=None,
            ended=None,
            before=overall,
            during=overall,
            p=None,
            why=_too_little(len(k), k.sum()),
        )
    # Trials weighed by what is usual are no trials any more, and hits
    # may exceed them: Poisson then.
    scan = Scan(k, n, weight, binomial=usual is None)
    start, stop, best = largest(scan)
    # The coarse one although the finer is known: permuted buckets aren't refined either. A little
    # less, as another order of adding up changes the last digits of an equal gain.
    seen = largest_coarse(scan)[2] - 1e-9
    drawn = [largest_coarse(scan.permuted(rng))[2] for _ in range(permutations)]
    p = (1 + sum(value >= seen for value in drawn)) / (permutations + 1)
    if p > alpha:
        return Shift(
            began=None,
            ended=None,
            before=overall,
            during=overall,
            p=p,
            why="no shift beyond chance",
        )
    return described(scan, start, stop, best, p)


def find_boundary(
    hits: Sequence[float] | Array, trials: Sequence[float] | Array, before: float, during: float
) -> Moment:
    """Find where one rate gives way to another, both known from elsewhere: the likeliest boundary.

    For fine buckets around an onset that is known roughly. The interval is as ``find_shift``'s.
    """
    k, n = np.asarray(hits, float), np.asarray(trials, float)
    # Half a hit of all: a rate of 0 or 1 would rule out every boundary that a single row gainsays.
    least = 0.5 / (float(n.sum()) + 1)
    first, then = (min(max(rate, least), 1 - least) for rate in (before, during))
    each = k * math.log(then / first) + (n - k) * math.log((1 - then) / (1 - first))
    # From the end backwards: what each boundary gains by all buckets
    # after it being of the new rate.
    gains = np.append(np.cumsum(each[::-1])[::-1], 0.0)
    at = int(np.flatnonzero(gains >= gains.max() - 1e-9)[-1])  # where none were, the later
    scan = Scan(k, n, n, binomial=True)
    return _moment(at, np.arange(len(gains)), gains, float(gains[at]) - _reach(scan, at, len(k)))


def described(scan: Scan, start: int, stop: int, best: float, p: float) -> Shift:
    """Give the moments and rates of the stretch that stands out; until the end where that fits."""
    reach = _reach(scan, start, stop)
    # Whatever lasts is told as lasting where the data can't tell the two apart. A stretch from the
    # first bucket on splits them as its rest does, so that it too is told by where the rest begins.
    to_the_end = scan.gain(np.arange(1, len(scan)), len(scan))
    if to_the_end.max() >= best - reach:
        start, stop, best = int(to_the_end.argmax()) + 1, len(scan), float(to_the_end.max())
    began = _moment(start, np.arange(1, stop), scan.gain(np.arange(1, stop), stop), best - reach)
    ended = None
    if stop < len(scan):
        stops = np.arange(start + 1, len(scan))
        ended = _moment(stop, stops, scan.gain(start, stops), best - reach)
    inside = slice(start, stop)
    k, n = float(scan.k[inside].sum()), round(scan.n[inside].sum())
    before = wilson(float(scan.k.sum()) - k, round(scan.n.sum()) - n)
    return Shift(began, ended, before, wilson(k, n), p)


def _reach(scan: Scan, start: int, stop: int) -> float:
    return -math.log(1 - math.sqrt(LEVEL)) * _dispersion(scan, start, stop)


def _moment(at: int, places: npt.NDArray[np.int64], gains: Array, limit: float) -> Moment:
    inside = places[gains >= limit]
    return Moment(at, int(min(inside.min(), at)), int(max(inside.max(), at)))


def _dispersion(scan: Scan, start: int, stop: int) -> float:
    """Give the Pearson dispersion of the buckets around the two rates, at least 1."""
    chi2, used = 0.0, 0
    inside = np.zeros(len(scan), bool)
    inside[start:stop] = True
    for part in (inside, ~inside):
        k, mass = scan.k[part], scan.weight[part]
        if mass.sum() <= 0 or not k.sum():
            continue
        expected = mass * k.sum() / mass.sum()
        variance = expected * (1 - expected / np.maximum(scan.n[part], 1))
        seen = variance > 0
        # Buckets vary more than a binomial does; without this the
        # intervals of moments are too short.
        chi2 += float(((k - expected)[seen] ** 2 / variance[seen]).sum())
        used += int(seen.sum())
    # Less the two rates that were fitted, one inside and one outside.
    return max(1.0, chi2 / max(1, used - 2))


def _too_little(buckets: int, hits: float) -> str:
    if buckets < FEWEST_BUCKETS:
        return f"too short to say since when: {buckets} buckets, at least {FEWEST_BUCKETS} needed"
    return (
        f"too few to say since when: {int(hits)} hits, at least {FEWEST_HITS} of both kinds needed"
    )
