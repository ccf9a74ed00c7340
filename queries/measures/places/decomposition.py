"""Why a rate changed: because slices changed, or because requests moved between slices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.places.subgroups import Subgroup
from queries.statistics.estimates import t_quantile, z_quantile
from queries.statistics.usual import COMPARABLE

Array = npt.NDArray[np.float64]
NEARLY = 0.9
"""Slices with this share of the requests are nearly all of them."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one slice adds to the change of the overall rate.

    ``rate`` because its own rate changed, ``mix`` because its share of the requests did (from
    ``share_before`` to ``share_now``). Differences of shares of 1.
    """

    value: Cell
    share_now: float
    share_before: float
    rate: Number
    mix: Number


@dataclass(frozen=True, slots=True)
class Decomposition:
    """One dimension's account of a change: ``rate`` and ``mix`` sum to ``change``, as do effects.

    ``lasting`` is the share of the requests in slices that are there at both times, ``simpson``
    says that the aggregate moved one way and nearly every slice the other.
    """

    dimension: str
    change: Number
    rate: Number
    mix: Number
    effects: tuple[Effect, ...]
    lasting: float
    simpson: bool


def decompose(slices: Sequence[Subgroup]) -> Decomposition | None:
    """Divide the change from past to present among the slices of one dimension (Kitagawa 1955).

    Rate effect w̄ᵢ·Δrᵢ and mix effect Δwᵢ·(r̄ᵢ - r̄), with w a slice's share of the requests, r its
    rate, bars the means of both times and r̄ that of the two overall rates. A slice that is there
    at one time alone counts wholly as mix. None without a past or a present.

    Intervals by the delta method over the multinomial counts of both times; with enough
    comparable periods at least as wide as those periods' own variation makes them (Student's t).
    """
    now = np.array([each.now for each in slices], float).reshape(-1, 2)
    before = np.array([each.before for each in slices], float).reshape(-1, 2)
    if not now[:, 1].sum() or not before[:, 1].sum():
        return None
    terms = _Terms(now, before)
    spread = _Spread(terms, [np.array(column, float) for column in _periods(slices)])
    rates, mixes = terms.rate, terms.mix
    effects = tuple(
        Effect(
            each.values[0],
            float(terms.w1[at]),
            float(terms.w0[at]),
            spread.number(rates[at], *terms.rate_slopes(at)),
            spread.number(mixes[at], *terms.mix_slopes(at)),
        )
        for at, each in enumerate(slices)
    )
    every = range(len(slices))
    rate = spread.number(float(rates.sum()), *_summed([terms.rate_slopes(at) for at in every]))
    mix = spread.number(float(mixes.sum()), *_summed([terms.mix_slopes(at) for at in every]))
    change = spread.number(terms.change, *terms.change_slopes())
    return Decomposition(
        dimension=slices[0].dimensions[0],
        change=change,
        rate=rate,
        mix=mix,
        effects=effects,
        lasting=float(terms.mean_w[terms.both].sum()),
        simpson=_simpson(change, rate, effects, terms),
    )


def beyond_chance(number: Number) -> bool:
    """Say whether the whole interval lies on one side of zero."""
    low, high = number.low, number.high
    return low is not None and high is not None and (low > 0 or high < 0)


def _periods(slices: Sequence[Subgroup]) -> list[tuple[tuple[float, int], ...]]:
    columns = list(zip(*(each.past for each in slices), strict=True))
    return [column for column in columns if any(n for _, n in column)]


class _Terms:
    """Shares, rates and effects of both times, and how they depend on the counts.

    Slopes are derivatives by the shares of cells: (slice, hit or miss) of the present, then of
    the past.
    """

    def __init__(self, now: Array, before: Array) -> None:
        self.n1, self.n0 = float(now[:, 1].sum()), float(before[:, 1].sum())
        self.p1, self.p0 = _cells(now), _cells(before)
        self.w1, self.w0 = self.p1.sum(axis=1), self.p0.sum(axis=1)
        self.both = both = (self.w1 > 0) & (self.w0 > 0)
        r1, r0 = _rates(now), _rates(before)
        # A slice that is there at one time alone takes that time's rate at
        # both: no rate effect is left.
        self.r1, self.r0 = np.where(self.w1 > 0, r1, r0), np.where(self.w0 > 0, r0, r1)
        self.c1 = np.where(both, 0.5, (self.w1 > 0) * 1.0)  # what a rate weighs in r̄ᵢ
        self.c0 = np.where(both, 0.5, (self.w0 > 0) * 1.0)
        self.mean_w, self.dw = (self.w1 + self.w0) / 2, self.w1 - self.w0
        self.mean_r, self.dr = (self.r1 + self.r0) / 2, self.r1 - self.r0
        overall1, overall0 = float(self.p1[:, 0].sum()), float(self.p0[:, 0].sum())
        self.change, self.level = overall1 - overall0, (overall1 + overall0) / 2
        self.rate, self.mix = self.mean_w * self.dr, self.dw * (self.mean_r - self.level)

    def rate_slopes(self, at: int) -> tuple[Array, Array]:
        """How a slice's rate effect depends on the cells of the present and the past."""
        now, past = np.zeros_like(self.p1), np.zeros_like(self.p0)
        if self.w1[at] > 0 and self.w0[at] > 0:
            half = self.dr[at] / 2
            now[at] = half + self.mean_w[at] * _by_cell(self.r1[at], self.w1[at])
            past[at] = half - self.mean_w[at] * _by_cell(self.r0[at], self.w0[at])
        return now, past

    def mix_slopes(self, at: int) -> tuple[Array, Array]:
        """How a slice's mix effect depends on the cells of the present and the past."""
        now, past = np.zeros_like(self.p1), np.zeros_like(self.p0)
        moved, apart = self.dw[at], self.mean_r[at] - self.level
        now[:, 0] -= moved / 2
        past[:, 0] -= moved / 2
        if self.w1[at] > 0:
            now[at] += apart + moved * self.c1[at] * _by_cell(self.r1[at], self.w1[at])
        if self.w0[at] > 0:
            past[at] += -apart + moved * self.c0[at] * _by_cell(self.r0[at], self.w0[at])
        return now, past

    def change_slopes(self) -> tuple[Array, Array]:
        """How the change of the overall rate depends on the cells."""
        now, past = np.zeros_like(self.p1), np.zeros_like(self.p0)
        now[:, 0], past[:, 0] = 1.0, -1.0
        return now, past


class _Spread:
    """How far an effect may lie off, by chance and by how the past periods varied."""

    def __init__(self, terms: _Terms, periods: Sequence[Array]) -> None:
        self._terms = terms
        self._periods = [_cells(period) for period in periods]

    def number(self, value: float, now: Array, past: Array) -> Number:
        """Give an effect with its interval."""
        terms = self._terms
        variance = _variance(now, terms.p1, terms.n1) + _variance(past, terms.p0, terms.n0)
        half = z_quantile() * math.sqrt(variance)
        if (count := len(self._periods)) >= COMPARABLE:
            # The effect as each past period would have made it, linearised
            # about the present's slopes.
            seen = np.array([float((past * period).sum()) for period in self._periods])
            between = float(seen.var(ddof=1)) * (1 + 1 / count)
            half = max(half, t_quantile(count - 1) * math.sqrt(between))
        n = round(terms.n1 + terms.n0)
        return Number(float(value), n, float(value) - half, float(value) + half, "share")


def _cells(counts: Array) -> Array:
    """Give the shares of (hit, miss) by slice."""
    cells = np.stack([counts[:, 0], counts[:, 1] - counts[:, 0]], axis=1)
    return np.asarray(cells / counts[:, 1].sum())


def _rates(counts: Array) -> Array:
    return np.divide(counts[:, 0], counts[:, 1], out=np.zeros(len(counts)), where=counts[:, 1] > 0)


def _by_cell(rate: float, weight: float) -> Array:
    """The derivative of a slice's rate by its cells' shares."""
    return np.array([1 - rate, -rate]) / weight


def _variance(slopes: Array, shares: Array, n: float) -> float:
    mean = float((slopes * shares).sum())
    return max(0.0, float((slopes * slopes * shares).sum()) - mean * mean) / n


def _summed(slopes: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    now, past = (np.sum(np.stack(each), axis=0) for each in zip(*slopes, strict=True))
    return now, past


def _simpson(change: Number, rate: Number, effects: Sequence[Effect], terms: _Terms) -> bool:
    """Whether the aggregate moved one way, and the slices beyond chance the other way.

    Nearly all requests must lie in slices that moved against the aggregate, and no slice may have
    moved with it beyond chance.
    """
    if not (beyond_chance(change) and beyond_chance(rate)) or terms.change * terms.rate.sum() >= 0:
        return False
    against = terms.dr * terms.change < 0
    if terms.mean_w[against].sum() < NEARLY:
        return False
    return not any(
        beyond_chance(effect.rate) and not opposed
        for effect, opposed in zip(effects, against, strict=True)
    )
