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
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

from queries.core.answer import Number
from queries.measures.estimates import LEVEL
from queries.measures.rates import wilson

Array = npt.NDArray[np.float64]

BUCKET_SECONDS = 300
COARSE = 150
LONGEST_BLOCK = 6
FEWEST_BUCKETS = 12
FEWEST_HITS = 10


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
    weight = _exposure(n, usual)
    overall = wilson(float(k.sum()), int(n.sum()))
    if len(k) < FEWEST_BUCKETS or not FEWEST_HITS <= k.sum() <= n.sum() - FEWEST_HITS:
        return Shift(None, None, overall, overall, None, _too_little(len(k), k.sum()))
    scan = _Scan(k, n, weight, binomial=usual is None)
    start, stop, best = _largest(scan)
    seen = _largest_coarse(scan)[2] - 1e-9
    drawn = [_largest_coarse(scan.permuted(rng))[2] for _ in range(permutations)]
    p = (1 + sum(value >= seen for value in drawn)) / (permutations + 1)
    if p > alpha:
        return Shift(None, None, overall, overall, p, "no shift beyond chance")
    return _describe(scan, start, stop, best, p)


class _Scan:
    """Cumulative counts over the buckets, and the likelihood ratio of stretches of them."""

    def __init__(self, k: Array, n: Array, weight: Array, *, binomial: bool) -> None:
        self.k, self.n, self.weight, self.binomial = k, n, weight, binomial
        self.hits = np.concatenate([[0.0], np.cumsum(k)])
        self.mass = np.concatenate([[0.0], np.cumsum(weight)])

    def __len__(self) -> int:
        return len(self.k)

    def gain(self, start: Any, stop: Any) -> Any:
        """Give the log likelihood ratio of stretches [start, stop) against one rate for all."""
        inside, mass = self.hits[stop] - self.hits[start], self.mass[stop] - self.mass[start]
        outside, rest = self.hits[-1] - inside, self.mass[-1] - mass
        return (
            self._fit(inside, mass)
            + self._fit(outside, rest)
            - self._fit(self.hits[-1], self.mass[-1])
        )

    def _fit(self, k: Any, mass: Any) -> Any:
        safe = np.maximum(mass, 1e-300)
        if not self.binomial:
            return xlogy(k, k / safe)
        share = np.clip(k / safe, 0.0, 1.0)
        return xlogy(k, share) + xlogy(np.maximum(mass - k, 0.0), 1 - share)

    def permuted(self, rng: np.random.Generator) -> _Scan:
        """Give the same buckets in randomly ordered blocks."""
        length = min(LONGEST_BLOCK, max(1, round(len(self) ** (1 / 3))))
        offset = int(rng.integers(length))
        blocks = np.split(np.arange(len(self)), range(offset or length, len(self), length))
        order = np.concatenate([blocks[i] for i in rng.permutation(len(blocks))])
        return _Scan(self.k[order], self.n[order], self.weight[order], binomial=self.binomial)


def _largest_coarse(scan: _Scan) -> tuple[int, int, float]:
    """Give the best stretch whose edges lie on a grid of at most ``COARSE`` boundaries."""
    step = max(1, -(-len(scan) // COARSE))
    edges = np.unique(np.append(np.arange(0, len(scan), step), len(scan)))
    first, last = np.triu_indices(len(edges), 1)
    gains = scan.gain(edges[first], edges[last])
    best = int(np.argmax(gains))
    return int(edges[first[best]]), int(edges[last[best]]), float(gains[best])


def _largest(scan: _Scan) -> tuple[int, int, float]:
    """Refine the best coarse stretch to single buckets, one edge and then the other."""
    start, stop, best = _largest_coarse(scan)
    step = max(1, -(-len(scan) // COARSE))
    for _ in range(2 if step > 1 else 0):
        starts = np.arange(max(0, start - step), min(stop - 1, start + step) + 1)
        start = int(starts[np.argmax(scan.gain(starts, stop))])
        stops = np.arange(max(start + 1, stop - step), min(len(scan), stop + step) + 1)
        stop = int(stops[np.argmax(scan.gain(start, stops))])
        best = float(scan.gain(start, stop))
    return start, stop, best


def _describe(scan: _Scan, start: int, stop: int, best: float, p: float) -> Shift:
    reach = -math.log(1 - math.sqrt(LEVEL)) * _dispersion(scan, start, stop)
    to_the_end = scan.gain(np.arange(1, len(scan)), len(scan))
    if to_the_end.max() >= best - reach:
        start, stop, best = int(to_the_end.argmax()) + 1, len(scan), float(to_the_end.max())
    began = _moment(start, np.arange(1, stop), scan.gain(np.arange(1, stop), stop), best - reach)
    ended = None
    if stop < len(scan):
        stops = np.arange(start + 1, len(scan))
        ended = _moment(stop, stops, scan.gain(start, stops), best - reach)
    inside = slice(start, stop)
    k, n = float(scan.k[inside].sum()), int(scan.n[inside].sum())
    before = wilson(float(scan.k.sum()) - k, int(scan.n.sum()) - n)
    return Shift(began, ended, before, wilson(k, n), p)


def _moment(at: int, places: npt.NDArray[np.int64], gains: Array, limit: float) -> Moment:
    inside = places[gains >= limit]
    return Moment(at, int(min(inside.min(), at)), int(max(inside.max(), at)))


def _dispersion(scan: _Scan, start: int, stop: int) -> float:
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
        chi2 += float(((k - expected)[seen] ** 2 / variance[seen]).sum())
        used += int(seen.sum())
    return max(1.0, chi2 / max(1, used - 2))


def _exposure(n: Array, usual: Sequence[float] | Array | None) -> Array:
    if usual is None:
        return n
    rates = np.asarray(usual, float)
    known = np.isfinite(rates) & (rates > 0)
    typical = float(rates[known].mean()) if known.any() else 1.0
    return np.asarray(n * np.where(known, rates, typical), float)


def _too_little(buckets: int, hits: float) -> str:
    if buckets < FEWEST_BUCKETS:
        return f"too short to say since when: {buckets} buckets, at least {FEWEST_BUCKETS} needed"
    return (
        f"too few to say since when: {int(hits)} hits, at least {FEWEST_HITS} of both kinds needed"
    )
