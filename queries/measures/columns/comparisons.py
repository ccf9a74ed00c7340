"""One input before and now: how far its values lie apart, and what chance makes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from queries.core.log import Log
from queries.core.source import Visibility
from queries.measures.columns.categories import Known, known_of_each
from queries.measures.columns.category_drift import CategoryDrift, drift_of_each
from queries.measures.columns.numbers import Binned, NumericDrift, numeric_drift, reference_bins
from queries.measures.columns.profiles import NumericProfile, numeric_profiles
from queries.measures.columns.rare_categories import (
    Counts,
    Moved,
    comparable_counts,
    largest,
    most_moved,
    rare_share,
    singles,
)
from queries.measures.counting.expressions import Sample
from queries.statistics.distances import Distances, contingency, distances, js_distance
from queries.statistics.drift import Chance, by_chance

FEWEST = 30
"""Values needed on either side before a shift is spoken of."""

RUNS = 500
"""Simulations of what chance makes of a shift."""

InputKind = Literal["number", "category"]
NO_CHANCE = Chance(None, None, None)


@dataclass(frozen=True, slots=True)
class Looks:
    """What a column holds: rows, those without a value, those infinite; its mean or top category.

    ``low`` and ``high`` are the range of its numbers. ``constant`` says that all its values are
    the same; ``share`` is the commonest category's.
    """

    rows: int = 0
    missing: int = 0
    infinite: int = 0
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    constant: bool = False
    commonest: str | None = None
    share: float | None = None

    @property
    def n(self) -> int:
        """How many rows have a value that can be compared."""
        return self.rows - self.missing - self.infinite


@dataclass(frozen=True, slots=True)
class Comparison:
    """One input before and now.

    ``distances`` are those of its present values, on ``bins`` bins or over so many categories;
    ``effect`` is the Jensen-Shannon distance (base 2), ``chance`` what chance alone would make of
    it. Of categories: ``moved`` is the one whose share moved most, ``largest`` those with the
    largest shares on either side; ``unseen`` are those never seen before, with their rows, the
    commonest first (``unseen_rows`` and ``unseen_categories`` count all); ``singles`` and ``rare``
    say how many before are so rare that new ones are to be expected; ``vanished`` are those gone,
    with their share before.
    """

    name: str
    kind: InputKind
    before: Looks
    now: Looks
    distances: Distances | None = None
    bins: int = 0
    chance: Chance = NO_CHANCE
    moved: Moved | None = None
    largest: tuple[Moved, ...] = ()
    unseen: tuple[tuple[str, int], ...] = ()
    unseen_rows: int = 0
    unseen_categories: int = 0
    singles: int = 0
    rare: float = 0.0
    vanished: tuple[tuple[str, float], ...] = ()

    @property
    def effect(self) -> float | None:
        """The Jensen-Shannon distance, None where one side holds nothing."""
        return self.distances.jensen_shannon if self.distances else None

    @property
    def beyond_chance(self) -> float:
        """The effect without what chance adds to it: divergences, their squares, add up."""
        effect, mean = self.effect or 0.0, self.chance.mean or 0.0
        return math.sqrt(max(0.0, effect * effect - mean * mean))


@dataclass(frozen=True)
class Baseline:
    """What inputs are compared with: its rows, and each input's bins or known categories there."""

    sample: Sample
    bins: Mapping[str, Binned]
    known: Mapping[str, Known]


def baseline(log: Log, names: Sequence[str], before: Sample) -> Baseline:
    """Look at each input in the reference or in the comparable past.

    A number that may only be split by is told apart like a category: its range would show persons.
    """
    numbers = [
        name
        for name in names
        if log.kind(name) == "number" and log.visibility(name) is not Visibility.GROUPED
    ]
    others = [name for name in names if name not in numbers]
    return Baseline(
        before,
        reference_bins(log, numbers, before) if numbers else {},
        known_of_each(log, others, before),
    )


def compare(log: Log, before: Baseline, now: Sample) -> list[Comparison]:
    """Compare inputs with their baseline, numbers first."""
    drifts = drift_of_each(log, before.known, before.sample, now)
    return [
        *_numbers(log, before, now),
        *(_category(name, before.known[name], drift.get(())) for name, drift in drifts.items()),
    ]


def _numbers(log: Log, before: Baseline, now: Sample) -> list[Comparison]:
    if not before.bins:
        return []
    profiles = numeric_profiles(log, list(before.bins), now)[()]
    # Without the cumulative distances, which cost a pass a column and are told by chunk alone.
    found = numeric_drift(log, before.bins, before.sample, now, cumulative=False)
    drifts = found.get((), {})
    return [
        _number(name, binned, profiles[name], drifts.get(name))
        for name, binned in before.bins.items()
    ]


def _number(
    name: str, before: Binned, now: NumericProfile, drift: NumericDrift | None
) -> Comparison:
    looks = _numeric_looks(before.profile), _numeric_looks(now)
    if drift is None:
        return Comparison(name, "number", *looks)
    counts = (*before.counts, 0), drift.counts
    return Comparison(
        name,
        "number",
        *looks,
        distances=distances(*counts, categories=False),
        bins=before.bins.count,
        chance=_chance(*counts),
    )


def _numeric_looks(profile: NumericProfile) -> Looks:
    return Looks(
        profile.rows,
        profile.missing,
        profile.infinite,
        mean=profile.mean,
        low=profile.low,
        high=profile.high,
        constant=profile.constant,
    )


def _chance(before: Counts, now: Counts) -> Chance:
    """Simulate what chance makes of a distance; far beyond it, take the chi-square test's p.

    The simulation can't tell p values below 1 in 501, of which the correction for many inputs
    would leave nothing.
    """
    if min(sum(before), sum(now)) < FEWEST:
        return NO_CHANCE
    # Seeded, so that the same question is answered alike each time.
    chance = by_chance(js_distance, before, now, np.random.default_rng(0), RUNS)
    if chance.p is None or chance.p > 1 / RUNS:
        return chance
    return replace(chance, p=min(chance.p, contingency(before, now).p or 0.0))


def _category(name: str, known: Known, drift: CategoryDrift | None) -> Comparison:
    was = _looks(known.rows, known.missing, known.counts)
    found = Comparison(
        name, "category", was, Looks(), singles=singles(known), rare=rare_share(known)
    )
    if drift is None:
        return found
    counts = comparable_counts(known, drift)
    return replace(
        found,
        now=_looks(drift.rows, drift.missing, drift.counts),
        distances=distances(*counts, categories=True),
        bins=sum(map(any, zip(*counts, strict=True))),
        chance=_chance(*counts),
        moved=most_moved(known, drift),
        largest=largest(known, drift),
        unseen=drift.turnover.unseen,
        unseen_rows=drift.turnover.unseen_rows,
        unseen_categories=drift.unseen_categories,
        vanished=drift.turnover.vanished,
    )


def _looks(rows: int, missing: int, counts: Mapping[str, int]) -> Looks:
    top = max(counts, key=lambda value: counts[value], default=None)
    n = rows - missing
    share = counts[top] / n if top is not None and n else None
    return Looks(rows, missing, constant=share == 1.0, commonest=top, share=share)
