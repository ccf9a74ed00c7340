"""How good a binary model probably is before outcomes arrive: confidence-based estimation."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from queries.core.number import Number
from queries.measures.performance.metrics import METRICS
from queries.statistics.classification import PER_CLASS, accuracy
from queries.statistics.estimates import ENOUGH, LEVEL, cannot_say, settled
from queries.statistics.isotonic import Step

Array = npt.NDArray[np.float64]
# An interval from percentiles needs a thousand draws or more (Efron and Tibshirani 1993).
DRAWS = 1000
FEWER_DRAWS = 300
"""Enough for each of many days, slices or chunks."""
SAID: tuple[Literal["yes", "no", "nothing"], ...] = ("yes", "no", "nothing")
"""What a model can have said of a case: the positive class, the other, or no prediction."""

_OF_CELLS: Mapping[str, Callable[[Array], Array]] = {"accuracy": accuracy, **PER_CLASS}


@dataclass(frozen=True)
class Counts:
    """Cases by step of the reference's calibration and by what was said, as in ``SAID``.

    ``unscored`` cases have no score and lie on no step.
    """

    by_step: Array
    unscored: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.by_step + other.by_step, self.unscored + other.unscored)

    @property
    def n(self) -> int:
        """How many cases have a score."""
        return int(self.by_step.sum())


@dataclass(frozen=True)
class Estimator:
    """Estimates metrics of cases from what their scores meant in the reference set.

    ``shares`` is the chance of the positive class on each step, ``drawn`` what it may as well be,
    given how many cases the reference set has there (draws of Jeffreys' posterior).
    """

    shares: Array
    drawn: Array
    tied: npt.NDArray[np.bool_]
    rng: np.random.Generator

    def metrics(self, counts: Counts) -> dict[str, Number]:
        """Estimate every metric, with the band in which the realised one should lie.

        Expected counts of the confusion matrix and expected pairs in order (CBPE, NannyML). The
        band holds 95 % of simulated outcomes: each case happens with its step's chance, which is
        itself as uncertain as the reference set is small. It assumes that a score means what it
        meant there.
        """
        said, every = counts.by_step[:, :2], counts.by_step.sum(axis=1)
        # One drawn chance a step for all of its cases: what is unsure of the
        # reference moves them together.
        hits = self.rng.binomial(counts.by_step.astype(np.int64), self.drawn[..., None]).astype(
            float
        )
        judged = int(said.sum())
        found = {"roc_auc": self._auc(every, hits.sum(axis=-1))}
        if judged:
            # The metric of expected counts, as CBPE defines it, not the mean of the drawn metrics.
            expected = _cells(said, said * self.shares[:, None])
            drawn = _cells(said, hits[..., :2])
            for name, metric in _OF_CELLS.items():
                found[name] = _banded(float(metric(expected)), metric(drawn), judged, _NOTHING_SAID)
        ordered = sorted(found, key=list(METRICS).index)
        return {name: settled(found[name], ENOUGH, "requests") for name in ordered}

    def _auc(self, every: Array, hits: Array) -> Number:
        value = float(_in_order(every * self.shares, every * (1 - self.shares)))
        misses = every - hits
        pairs = hits.sum(axis=-1) * misses.sum(axis=-1)
        # Within a step every order is as likely: the variance of Mann and Whitney's count.
        loose = np.where(self.tied, 0.0, hits * misses * (every + 1) / 12).sum(axis=-1)
        spread = np.sqrt(loose) / np.where(pairs > 0, pairs, 1.0)
        drawn = _in_order(hits, misses) + self.rng.normal(0.0, 1.0, len(hits)) * spread
        return _banded(value, drawn, int(every.sum()), "only one of the two classes is expected")


_NOTHING_SAID = "no such case was said or is expected"


def estimator(steps: Sequence[Step], rng: np.random.Generator, draws: int = DRAWS) -> Estimator:
    """Prepare to estimate by the isotonic steps of a reference set."""
    n = np.asarray([each.n for each in steps], float)
    hits = np.asarray([each.hits for each in steps], float)
    # Jeffreys' half a hit and half a miss: a step on which nothing happened isn't certain either.
    drawn = rng.beta(hits + 0.5, n - hits + 0.5, (draws, len(steps)))
    tied = np.asarray([each.tied for each in steps], bool)
    return Estimator(hits / n, drawn, tied, rng)


def _cells(said: Array, hits: Array) -> Array:
    """Give (…, [tp, fp, fn, tn]) from cases and hits by step and answer (yes, no)."""
    positive = hits.sum(axis=-2)
    negative = said.sum(axis=-2) - positive
    return np.stack(
        [positive[..., 0], negative[..., 0], positive[..., 1], negative[..., 1]], axis=-1
    )


def _in_order(hits: Array, misses: Array) -> Array:
    """Give the share of pairs of a hit and a miss that the steps order rightly, ties half."""
    below = np.cumsum(misses, axis=-1) - misses / 2
    pairs = hits.sum(axis=-1) * misses.sum(axis=-1)
    right = (hits * below).sum(axis=-1)
    return np.where(pairs > 0, right / np.where(pairs > 0, pairs, 1.0), np.nan)


def _banded(value: float, drawn: Array, n: int, why: str) -> Number:
    if math.isnan(value):
        return cannot_say(why, n, "share")
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return Number(value, n, unit="share", why="no band: nothing of it could be simulated")
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Number(
        value, n, max(0.0, min(value, float(low))), min(1.0, max(value, float(high))), "share"
    )
