"""Counts over equal buckets, and the stretch of them in which the rate stands out most.

Against each stretch of buckets the rate inside is set against the rate outside; the stretch with
the largest likelihood ratio is the shift (Kulldorff 1997 for stretches). Whether chance makes as
large a one is asked of the same buckets in permuted blocks, which keep what neighbouring buckets
have in common.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Boundaries; their 11,325 pairs are the stretches that each permutation tries anew.
COARSE = 150
LONGEST_BLOCK = 6
AS_LARGE = 10
# Keeps divisors and logarithms finite, far below any mass, and above what floats can't hold.
LEAST = 1e-300


class Scan:
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
        share = k / np.maximum(mass, LEAST)
        # Poisson: the terms that don't depend on the stretch cancel
        # between inside, outside and whole.
        if not self.binomial:
            return _times_log(k, share)
        # Differences of running sums may leave a last digit more hits than trials.
        share = np.minimum(share, 1.0)
        return _times_log(k, share) + _times_log(np.maximum(mass - k, 0.0), 1 - share)

    def permuted(self, rng: np.random.Generator, block: int | None = None) -> Scan:
        """Give the same buckets in randomly ordered blocks; ``block`` is how long one is.

        By default the cube root of the number of buckets, at most 6.
        """
        # The order of the best block length for a variance (Hall, Horowitz and Jing 1995).
        length = block or min(LONGEST_BLOCK, max(1, round(len(self) ** (1 / 3))))
        # A first block of any length, so that the same buckets aren't parted in every permutation.
        first = int(rng.integers(length)) or length
        blocks = (np.arange(len(self)) - first) // length + 1
        places = np.argsort(rng.permutation(int(blocks[-1]) + 1))
        # Stable, as buckets of one block have to keep their order.
        order = np.argsort(places[blocks], kind="stable")
        return Scan(self.k[order], self.n[order], self.weight[order], binomial=self.binomial)


def _times_log(x: Any, y: Any) -> Any:
    """Give x · ln y, which is 0 where x is, several times faster than scipy's xlogy does."""
    return x * np.log(np.maximum(y, LEAST))


def largest_coarse(scan: Scan) -> tuple[int, int, float]:
    """Give the best stretch whose edges lie on a grid of at most ``COARSE`` boundaries."""
    starts, stops = _stretches(len(scan))
    gains = scan.gain(starts, stops)
    best = int(np.argmax(gains))
    return int(starts[best]), int(stops[best]), float(gains[best])


# The same windows are scanned for each signal and each permutation.
@lru_cache(maxsize=64)
def _stretches(buckets: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give the starts and the stops of all stretches between boundaries of the coarse grid."""
    step = max(1, -(-buckets // COARSE))
    edges = np.unique(np.append(np.arange(0, buckets, step), buckets))
    first, last = np.triu_indices(len(edges), 1)
    return edges[first], edges[last]


def largest(scan: Scan) -> tuple[int, int, float]:
    """Refine the best coarse stretch to single buckets, one edge and then the other."""
    start, stop, best = largest_coarse(scan)
    step = max(1, -(-len(scan) // COARSE))
    # Twice, as moving one edge may move the best place of the other; all stretches of single
    # buckets would be the square of their number.
    for _ in range(2 if step > 1 else 0):
        starts = np.arange(max(0, start - step), min(stop - 1, start + step) + 1)
        start = int(starts[np.argmax(scan.gain(starts, stop))])
        stops = np.arange(max(start + 1, stop - step), min(len(scan), stop + step) + 1)
        stop = int(stops[np.argmax(scan.gain(start, stops))])
        best = float(scan.gain(start, stop))
    return start, stop, best


def chance(
    scan: Scan, rng: np.random.Generator, most: int = 199, block: int | None = None
) -> float:
    """Give how rarely permuted blocks hold as large a shift as the buckets do, also very rarely.

    Permuting ends once ``AS_LARGE`` shifts as large were seen: p is their share (Besag and
    Clifford 1991). Where that many are not seen among ``most``, p is the tail of a Gumbel
    distribution with the mean and variance of the permuted maxima (Abrams, Kulldorff and
    Kleinman 2010): many signals are searched, and p must be told far below 1 in ``most``.
    """
    # Another order of adding up changes the last digits of an equal gain.
    seen = largest_coarse(scan)[2] - 1e-9
    drawn: list[float] = []
    as_large = 0
    while len(drawn) < most:
        drawn.append(largest_coarse(scan.permuted(rng, block))[2])
        as_large += drawn[-1] >= seen
        if as_large == AS_LARGE:
            return as_large / len(drawn)
    scale = math.sqrt(6) / math.pi * float(np.std(drawn))
    # Every order has the same maximum, as where one block holds everything: that tells nothing.
    if not scale:
        return 1.0
    beyond = (seen - float(np.mean(drawn))) / scale + float(np.euler_gamma)
    # 1 - exp(-x) that keeps its digits: small p values are what the tail is for.
    return -math.expm1(-math.exp(-beyond))


def exposure(n: Array, usual: Sequence[float] | Array | None) -> Array:
    """Weigh trials by what is usual of their bucket; where that is unknown, by the mean."""
    if usual is None:
        return n
    rates = np.asarray(usual, float)
    known = np.isfinite(rates) & (rates > 0)
    # A bucket that was never seen before is no reason to leave out its requests.
    typical = float(rates[known].mean()) if known.any() else 1.0
    return np.asarray(n * np.where(known, rates, typical), float)
