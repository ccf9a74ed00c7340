"""Does what happens match the stated probabilities: reliability, and the debiased error of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from queries.core.number import Number
from queries.statistics.drift import Chance
from queries.statistics.estimates import ENOUGH, LEVEL, cannot_say, mean, settled
from queries.statistics.rates import wilson

Array = npt.NDArray[np.float64]
# An interval from percentiles needs a thousand draws or more (Efron and Tibshirani 1993).
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases whose stated probabilities lie close together, as counts and sums.

    ``hits`` of the ``n`` cases happened; ``stated`` sums the probabilities, ``gaps`` and
    ``gap_squares`` the squared gaps between probability and outcome (1 or 0) and their squares.
    """

    n: int
    hits: int
    stated: float
    gaps: float
    gap_squares: float

    @property
    def said(self) -> float:
        """The mean of the stated probabilities."""
        return self.stated / self.n

    @property
    def came(self) -> Number:
        """The share that happened, with Wilson's interval."""
        return wilson(self.hits, self.n)

    @property
    def gap(self) -> float:
        """What happened less what was said, as a share of 1."""
        return (self.hits - self.stated) / self.n

    @property
    def noise(self) -> float:
        """The sampling variance of ``gap``, from the cases' own gaps."""
        if self.n < 2:
            return 0.0
        # The cases' own gaps, not said·(1 - said)/n: that would take for
        # granted what is being tested.
        return max(0.0, self.gaps / self.n - self.gap**2) / (self.n - 1)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far stated probabilities are from what happens.

    ``error`` is the debiased calibration error, ``plain`` the same before chance is taken off, and
    ``chance`` what ``plain`` is where every probability is exactly right. ``lean`` is the mean of
    what happened less what was said: below 0 it promises too much.
    """

    bins: tuple[Bin, ...]
    error: Number
    plain: float | None
    chance: Chance
    lean: Number
    brier: Number

    @property
    def n(self) -> int:
        """How many cases it rests on."""
        return sum(each.n for each in self.bins)

    def is_off(self, matters: float) -> bool | None:
        """Say whether it is off beyond chance and by enough; None where nothing can be said."""
        if self.error.value is None or self.chance.p is None:
            return None
        return self.chance.p <= 1 - LEVEL and self.error.value >= matters


def calibration(bins: Sequence[Bin], rng: np.random.Generator) -> Calibration:
    """Measure how far stated probabilities are from what happens.

    The error is the root of the mean squared gap over bins, weighed by their cases, less what the
    sampling noise of each bin adds to it (the debiased estimator of Kumar, Liang and Ma 2019): its
    square is right on average, and may fall below 0, which is given as 0. Its interval is a basic
    bootstrap of the bins' gaps; ``chance`` simulates the plain error where outcomes happen exactly
    as often as was stated. Gaps that cancel out within a bin are not seen.
    """
    known = tuple(each for each in bins if each.n)
    n = sum(each.n for each in known)
    if n < ENOUGH:
        short = settled(Number(0.0, n, unit="share"), ENOUGH, "outcomes")
        return Calibration(
            bins=known,
            error=short,
            plain=None,
            chance=Chance(None, None, None),
            lean=short,
            brier=short,
        )
    gaps, noise = _column(known, "gap"), _column(known, "noise")
    weights = _column(known, "n") / n
    squares = sum(each.gaps for each in known)
    plain = float(weights @ gaps**2)
    debiased = plain - float(weights @ noise)
    return Calibration(
        bins=known,
        error=_error(debiased, gaps, noise, weights, n, rng),
        plain=math.sqrt(plain),
        chance=_by_chance(known, plain, weights, rng),
        lean=mean(
            n, sum(each.hits - each.stated for each in known), sum(b.gaps for b in known), "share"
        ),
        brier=mean(n, squares, sum(each.gap_squares for each in known)),
    )


def nothing_known(why: str) -> Calibration:
    """Give a calibration of which nothing can be said."""
    cannot = cannot_say(why, unit="share")
    return Calibration(
        bins=(),
        error=cannot,
        plain=None,
        chance=Chance(None, None, None),
        lean=cannot,
        brier=cannot,
    )


def _column(bins: Sequence[Bin], name: str) -> Array:
    return np.asarray([getattr(each, name) for each in bins], float)


def _error(
    debiased: float,
    gaps: Array,
    noise: Array,
    weights: Array,
    n: int,
    rng: np.random.Generator,
) -> Number:
    # The estimator's error is drawn, less the same noise as in the estimate, and laid about it: a
    # percentile interval would carry the bias of squared gaps a second time.
    drawn = rng.normal(gaps, np.sqrt(noise), (DRAWS, len(gaps))) ** 2 @ weights
    wrong = drawn - float(weights @ noise) - float(weights @ gaps**2)
    below, above = np.quantile(wrong, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    # Basic bootstrap: how far draws reach above is how far the truth may lie below.
    low, value, high = (
        math.sqrt(max(0.0, square)) for square in (debiased - above, debiased, debiased - below)
    )
    return Number(value, n, low, max(value, high), "share")


def _by_chance(
    bins: Sequence[Bin], plain: float, weights: Array, rng: np.random.Generator
) -> Chance:
    """Simulate the plain error where each bin's cases happen as often as was stated.

    A bin's hits are drawn as if all its cases had its mean probability, which makes chance a
    little larger than it is.
    """
    sizes, said = np.asarray([each.n for each in bins]), _column(bins, "said")
    # A mean of stated probabilities may leave 0 to 1 by its last digit, which a binomial refuses.
    hits = rng.binomial(sizes, np.clip(said, 0.0, 1.0), (DRAWS, len(bins)))
    squares = (hits / sizes - said) ** 2 @ weights
    # What was seen counts as one of the draws, so that no p is 0 (Davison and Hinkley 1997).
    p = (1 + int((squares >= plain - 1e-15).sum())) / (DRAWS + 1)
    roots = np.sqrt(squares)
    return Chance(float(np.sqrt(squares.mean())), float(np.quantile(roots, LEVEL)), p)
