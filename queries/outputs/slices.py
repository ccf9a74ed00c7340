"""Which slices changed otherwise than the rest: for shares and means alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.columns.rates import BEYOND_CHANCE
from queries.measures.predictions.outputs import Output
from queries.outputs.changes import compare
from queries.outputs.sums import Sums, pooled
from queries.statistics.estimates import ENOUGH, two_sided, z_quantile
from queries.statistics.multiplicity import benjamini_hochberg, benjamini_yekutieli


@dataclass(frozen=True, slots=True)
class OutputSlice:
    """One slice's output, now and before, beside the rest of its dimension.

    ``apart`` is how much more it changed than the rest, ``q`` its p value corrected for the
    number of slices; None where too few are in it.
    """

    dimension: str
    value: Cell
    now: Number
    before: Number
    change: Number
    elsewhere: Number
    elsewhere_before: Number
    apart: Number
    q: float | None

    @property
    def stands_out(self) -> bool:
        """Say whether it changed by more than the rest, beyond chance."""
        here, apart = self.change.value or 0.0, self.apart.value or 0.0
        more = here * apart > 0 and abs(here) > abs(here - apart)
        return more and self.q is not None and self.q <= BEYOND_CHANCE


Periods = Sequence[Sums]
"""The present, then each past period (or the reference)."""


def output_slices(
    output: Output, slices: Mapping[tuple[str, Cell], Periods]
) -> tuple[OutputSlice, ...]:
    """Rank slices by how clearly they changed otherwise than the rest of their dimension.

    The test is of (now - before here) - (now - before elsewhere), by the variances of the four
    means, times a dispersion from how such gaps varied between past periods, pooled over slices.
    Corrected by Benjamini-Hochberg within one dimension, by Benjamini-Yekutieli over several.
    """
    paired = {key: (own, _rest(key, slices)) for key, own in slices.items()}
    phi, df = _dispersion(list(paired.values()))
    gaps = {key: _gap(output, own, rest, phi) for key, (own, rest) in paired.items()}
    p_values = [two_sided(apart / error, df) if error else None for apart, error in gaps.values()]
    several = len({dimension for dimension, _ in slices}) > 1
    adjusted = (benjamini_yekutieli if several else benjamini_hochberg)(p_values)
    found = [
        (_slice(output, key, paired[key], gaps[key], q), abs(apart) / error if error else -1.0)
        for (key, (apart, error)), q in zip(gaps.items(), adjusted, strict=True)
    ]
    found.sort(key=lambda each: (-each[1], each[0].dimension, str(each[0].value)))
    return tuple(each for each, _ in found)


def _rest(key: tuple[str, Cell], slices: Mapping[tuple[str, Cell], Periods]) -> list[Sums]:
    others = [own for other, own in slices.items() if other[0] == key[0] and other != key]
    return [pooled(column) for column in zip(*others, strict=True)] or [Sums() for _ in slices[key]]


def _variance(sums: Sums, *, share: bool) -> float:
    """Give the variance of a mean; of a share, with half a hit and half a miss more."""
    if not sums.n:
        return 0.0
    if share:
        smooth = (sums.hits + 0.5) / (sums.n + 1)
        return smooth * (1 - smooth) / sums.n
    return sums.error**2


def _gap(output: Output, own: Periods, rest: Periods, phi: float) -> tuple[float, float]:
    """Give how much more a slice changed than the rest, and the error of that; 0 for too few."""
    sides = own[0], pooled(own[1:]), rest[0], pooled(rest[1:])
    if min(each.n for each in sides) < ENOUGH:
        return 0.0, 0.0
    here, before, there, before_there = sides
    apart = here.mean - before.mean - there.mean + before_there.mean
    spread = sum(_variance(each, share=output.value is not None) for each in sides)
    return apart, math.sqrt(phi * spread)


def _dispersion(pairs: Sequence[tuple[Periods, Periods]]) -> tuple[float, int]:
    """Give max(1, Pearson χ²/df) of the gaps between slice and rest over past periods, and df."""
    chi2, df = 0.0, 0
    for own, rest in pairs:
        gaps = [
            (here.mean - there.mean, here.error**2 + there.error**2)
            for here, there in zip(own[1:], rest[1:], strict=True)
            if min(here.n, there.n) >= ENOUGH and here.error + there.error > 0
        ]
        if len(gaps) < 2:
            continue
        # Each slice about its own usual gap: slices may well differ, as long as they keep doing so.
        weight = sum(1 / variance for _, variance in gaps)
        centre = sum(gap / variance for gap, variance in gaps) / weight
        chi2 += sum((gap - centre) ** 2 / variance for gap, variance in gaps)
        df += len(gaps) - 1
    return (max(1.0, chi2 / df), df) if df else (1.0, 0)


def _slice(
    output: Output,
    key: tuple[str, Cell],
    paired: tuple[Periods, Periods],
    gap: tuple[float, float],
    q: float | None,
) -> OutputSlice:
    own, rest = paired
    before, (apart, error) = pooled(own[1:]), gap
    half, n = z_quantile() * error, own[0].n + rest[0].n
    return OutputSlice(
        *key,
        now=own[0].number(output),
        before=before.number(output),
        change=compare(output, own[0], before)[0],
        elsewhere=rest[0].number(output),
        elsewhere_before=pooled(rest[1:]).number(output),
        apart=Number(apart, n, apart - half, apart + half, output.unit),
        q=q,
    )
