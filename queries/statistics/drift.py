"""Has a column changed: bins to compare on, what chance alone would show, and usual bands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from queries.statistics.distances import Counts, Distance, measured, shares
from queries.statistics.estimates import LEVEL, two_sided

MOST_BINS = 200


@dataclass(frozen=True, slots=True)
class Bins:
    """Equal-width bins from ``low`` to ``high``; the last one contains ``high``."""

    low: float
    high: float
    count: int

    @property
    def edges(self) -> tuple[float, ...]:
        """Give the count + 1 edges, ascending."""
        step = (self.high - self.low) / self.count
        return (*(self.low + i * step for i in range(self.count)), self.high)


@dataclass(frozen=True, slots=True)
class Chance:
    """What a distance is when nothing changed, by simulation.

    ``mean`` is its bias in samples of these sizes, ``high`` its upper 95 % limit, ``p`` the share
    of simulations with at least the distance seen. All None where nothing could be drawn.
    """

    mean: float | None
    high: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class UsualBand:
    """Where values of further chunks lie if nothing changed; None with ``why``."""

    mean: float | None
    low: float | None
    high: float | None
    chunks: int
    why: str = ""

    def unusual(self, value: float | None) -> bool | None:
        """Say whether a value lies outside; None where nothing can be said."""
        if value is None or (self.low is None and self.high is None):
            return None
        below = self.low is not None and value < self.low
        return below or (self.high is not None and value > self.high)


@dataclass(frozen=True, slots=True)
class Turnover:
    """Categories never seen in the reference, and those gone that should have appeared.

    ``unseen`` is (category, rows) by rows, most first; ``vanished`` is (category, share of the
    reference). ``unseen_rows`` of ``rows`` present rows hold one never seen.
    """

    unseen: tuple[tuple[str, int], ...]
    vanished: tuple[tuple[str, float], ...]
    unseen_rows: int
    rows: int


def doane_bins(n: int, skew: float, low: float, high: float) -> Bins:
    """Give Doane's bins for a reference of n values (Doane 1976, as numpy counts them).

    ceil(1 + log2 n + log2(1 + |g₁|/σ)) with σ = √(6(n-2)/((n+1)(n+3))), at most ``MOST_BINS``;
    ``skew`` is the moment coefficient g₁. One bin for a constant or for fewer than three values.
    """
    if n < 3 or not high > low or not math.isfinite(skew):
        return Bins(low, high, 1)
    sigma = math.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)))
    # Skewed values need more bins than Sturges' 1 + log2 n: most of the width is their tail.
    count = math.ceil(1 + math.log2(n) + math.log2(1 + abs(skew) / sigma))
    return Bins(low, high, min(MOST_BINS, count))


def by_chance(
    distance: Distance,
    reference: Counts,
    current: Counts,
    rng: np.random.Generator,
    runs: int = 500,
) -> Chance:
    """Simulate a distance between two samples of one distribution, of the sizes seen.

    Both samples are drawn from the pooled shares: a distance of small samples is biased upward
    and is to be held against this, not against a fixed limit.
    """
    before, after = np.asarray(reference, float), np.asarray(current, float)
    # Pooled and not the reference's own: a small reference is as much a
    # sample as what it is held to.
    pooled, seen = shares(before + after), measured(distance, before, after)
    if pooled is None or seen is None:
        return Chance(None, None, None)
    first = rng.multinomial(round(before.sum()), pooled, runs) / round(before.sum())
    second = rng.multinomial(round(after.sum()), pooled, runs) / round(after.sum())
    drawn = distance(first, second)
    # What was seen counts as one of the draws, so that no p is 0 (Davison and Hinkley 1997). Adding
    # up in another order changes the last digits: a tie that misses by them is a tie all the same.
    p = (1 + int((drawn >= seen - 1e-12).sum())) / (runs + 1)
    return Chance(float(drawn.mean()), float(np.quantile(drawn, LEVEL)), p)


def prediction_band(
    chunks: Sequence[float],
    *,
    size_ratio: float = 1.0,
    columns: int = 1,
    upper_only: bool = False,
) -> UsualBand:
    """Give the band for one more chunk: mean ± t·s·√(1 + 1/m), sample s, df = m - 1.

    ``size_ratio`` is the rows of the chunk to judge over the rows of a reference chunk: a smaller
    chunk varies more, by 1/√ratio; a larger one is given no narrower band. ``columns`` corrects
    for that many columns judged at once (Bonferroni). ``upper_only`` is for distances.
    """
    known = [value for value in chunks if math.isfinite(value)]
    if len(known) < 3:
        return UsualBand(None, None, None, len(known), "fewer than 3 reference chunks to judge by")
    mean, spread = float(np.mean(known)), float(np.std(known, ddof=1))
    tail = (1 - LEVEL) / max(1, columns) / (1 if upper_only else 2)
    # By the lower tail, which keeps its digits: 1 - tail has few left of
    # one shared by many columns.
    reach = -float(stdtrit(len(known) - 1, tail)) * spread * math.sqrt(1 + 1 / len(known))
    reach /= math.sqrt(min(1.0, max(size_ratio, 1e-9)))
    return UsualBand(mean, None if upper_only else mean - reach, mean + reach, len(known))


def prediction_p(
    value: float, chunks: Sequence[float], *, upper_only: bool = False
) -> float | None:
    """Give the p value of one more chunk under the model of ``prediction_band``."""
    known = [each for each in chunks if math.isfinite(each)]
    if len(known) < 3 or not math.isfinite(value):
        return None
    spread = float(np.std(known, ddof=1)) * math.sqrt(1 + 1 / len(known))
    gap = value - float(np.mean(known))
    if spread == 0:
        return 1.0 if gap == 0 else 0.0
    if upper_only:
        return float(stdtr(len(known) - 1, -gap / spread))
    return two_sided(gap / spread, len(known) - 1)


def nannyml_band(
    chunks: Sequence[float], lowest: float | None = None, highest: float | None = None
) -> UsualBand:
    """Give NannyML's band: mean ± 3 population standard deviations, clipped to the given limits.

    Only to reproduce NannyML's tables: it calls 2.4 % of unchanged chunks changed at 10 chunks.
    """
    known = [value for value in chunks if math.isfinite(value)]
    if not known:
        return UsualBand(None, None, None, 0, "no reference chunks to judge by")
    # numpy's std is the population's by default, which NannyML takes: its tables come out only so.
    mean, spread = float(np.mean(known)), float(np.std(known))
    low, high = mean - 3 * spread, mean + 3 * spread
    low = low if lowest is None else max(lowest, low)
    high = high if highest is None else min(highest, high)
    return UsualBand(mean, low, high, len(known))


def turnover(reference: Mapping[str, int], current: Mapping[str, int]) -> Turnover:
    """Compare which categories occur, by their counts (missing values left out by the caller).

    A category has vanished when it doesn't occur although its share in the reference made that
    less likely than 1 in 1,000.
    """
    unseen = sorted(
        ((value, n) for value, n in current.items() if n and not reference.get(value)),
        key=lambda item: (-item[1], item[0]),
    )
    total, rows = sum(reference.values()), sum(current.values())
    gone = [
        (value, n / total)
        for value, n in reference.items()
        # (1 - share) to the power of rows, on the log scale: -6.9 is ln(1/1000). A share of
        # 1 has no logarithm of what is left.
        if n and not current.get(value) and rows * math.log1p(-min(n / total, 1 - 1e-12)) < -6.9
    ]
    gone.sort(key=lambda item: (-item[1], item[0]))
    return Turnover(tuple(unseen), tuple(gone), sum(n for _, n in unseen), rows)
