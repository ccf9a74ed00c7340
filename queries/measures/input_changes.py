"""Which inputs changed against what they are compared with, by how much, and beyond chance?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from queries.core.answer import Number
from queries.core.logs import Log
from queries.measures.categories import category_drift, known_categories
from queries.measures.distances import js_distance
from queries.measures.drift import Chance, by_chance
from queries.measures.expressions import Sample
from queries.measures.multiplicity import benjamini_hochberg
from queries.measures.numeric import Binned, NumericDrift, numeric_drift, reference_bins
from queries.measures.profiles import NumericProfile, numeric_profiles
from queries.measures.rates import difference, wilson

BEYOND_CHANCE = 0.05
FEWEST = 30
"""Values needed on either side before a shift is spoken of."""

InputKind = Literal["number", "category"]


@dataclass(frozen=True, slots=True)
class Looks:
    """What a column holds: rows, missing ones, and its mean or its commonest category."""

    rows: int
    missing: Number
    mean: float | None = None
    commonest: str | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class InputChange:
    """One input, before and now.

    ``effect`` is the Jensen-Shannon distance (base 2, 0 the same to 1 nothing in common) of its
    present values, ``chance`` what chance alone would make of it, ``q`` its p value corrected for
    the number of inputs (Benjamini-Hochberg). ``gained`` is the change of its share of missing
    values. ``shifted`` and ``emptied`` say that a change is beyond chance and beyond what the
    source says matters. ``unseen`` are categories never seen before, with their rows now.
    """

    name: str
    kind: InputKind
    before: Looks
    now: Looks
    effect: float | None
    chance: Chance
    q: float | None
    gained: Number
    shifted: bool
    emptied: bool
    unseen: tuple[tuple[str, int], ...] = ()
    unseen_share: float = 0.0
    vanished: tuple[str, ...] = ()
    why: str = ""


def input_changes(
    log: Log, names: Sequence[str], before: Sample, now: Sample
) -> tuple[InputChange, ...]:
    """Compare inputs with a reference or with the comparable past; largest change first."""
    numbers = [name for name in names if log.kind(name) == "number"]
    found = [
        *_numbers(log, numbers, before, now),
        *(_category(log, name, before, now) for name in names if name not in numbers),
    ]
    corrected = benjamini_hochberg([each.chance.p for each in found])
    judged = [_judged(each, q, log) for each, q in zip(found, corrected, strict=True)]
    return tuple(sorted(judged, key=_rank))


@dataclass(frozen=True, slots=True)
class _Compared:
    name: str
    kind: InputKind
    before: Looks
    now: Looks
    effect: float | None
    chance: Chance
    unseen: tuple[tuple[str, int], ...] = ()
    unseen_share: float = 0.0
    vanished: tuple[str, ...] = ()


def _numbers(log: Log, names: Sequence[str], before: Sample, now: Sample) -> list[_Compared]:
    if not names:
        return []
    binned = reference_bins(log, names, before)
    profiles = numeric_profiles(log, names, now).get((), {})
    drifts = numeric_drift(log, binned, before, now, cumulative=False).get((), {})
    return [
        _number(name, binned[name], profiles[name], drifts.get(name))
        for name in names
        if name in profiles
    ]


def _number(
    name: str, before: Binned, now: NumericProfile, drift: NumericDrift | None
) -> _Compared:
    counts = (*before.counts, 0)
    chance = Chance(None, None, None)
    if drift is not None and min(sum(counts), drift.n) >= FEWEST:
        chance = by_chance(js_distance, counts, drift.counts, np.random.default_rng(0))
    return _Compared(
        name,
        "number",
        Looks(before.profile.rows, _missing(before.profile), before.profile.mean),
        Looks(now.rows, _missing(now), now.mean),
        drift.jensen_shannon if drift else None,
        chance,
    )


def _missing(profile: NumericProfile) -> Number:
    return wilson(profile.missing, profile.rows)


def _category(log: Log, name: str, before: Sample, now: Sample) -> _Compared:
    known = known_categories(log, name, before)
    drift = category_drift(log, name, known, before, now).get(())
    chance = Chance(None, None, None)
    if drift is not None and min(known.n, drift.n) >= FEWEST:
        counts = ([*known.counts.values(), 0], [*drift.counts.values(), drift.turnover.unseen_rows])
        chance = by_chance(js_distance, *counts, np.random.default_rng(0))
    gone = drift.turnover.vanished if drift else ()
    return _Compared(
        name,
        "category",
        _looks(known.rows, known.missing, known.counts, known.n),
        _looks(drift.rows, drift.missing, drift.counts, drift.n) if drift else _looks(0, 0, {}, 0),
        drift.jensen_shannon if drift else None,
        chance,
        unseen=tuple((str(value), n) for value, n in drift.turnover.unseen) if drift else (),
        unseen_share=drift.turnover.unseen_rows / drift.n if drift and drift.n else 0.0,
        vanished=tuple(str(value) for value, _ in gone),
    )


def _looks(rows: int, missing: int, counts: Mapping[str, int], n: int) -> Looks:
    top = max(counts, key=lambda value: counts[value], default=None)
    share = counts[top] / n if top is not None and n else None
    return Looks(rows, wilson(missing, rows), commonest=top, share=share)


def _judged(each: _Compared, q: float | None, log: Log) -> InputChange:
    matters = log.source.matters
    gained = difference(
        _count(each.now.missing), each.now.rows, _count(each.before.missing), each.before.rows
    )
    few = min(each.before.rows, each.now.rows) < FEWEST
    emptied = (
        not few
        and gained.value is not None
        and gained.low is not None
        and gained.low > 0
        and gained.value >= matters.missing
    )
    shifted = (
        q is not None
        and q <= BEYOND_CHANCE
        and each.effect is not None
        and each.effect >= matters.drift
    )
    return InputChange(
        name=each.name,
        kind=each.kind,
        before=each.before,
        now=each.now,
        effect=each.effect,
        chance=each.chance,
        q=q,
        gained=gained,
        shifted=shifted,
        emptied=emptied,
        unseen=each.unseen,
        unseen_share=each.unseen_share,
        vanished=each.vanished,
        why="too few values to say" if few else "",
    )


def _count(missing: Number) -> int:
    return round((missing.value or 0.0) * missing.n)


def _rank(change: InputChange) -> tuple[bool, float, bool, float, str]:
    gained = change.gained.value or 0.0
    return (
        not change.emptied,
        -gained if change.emptied else 0.0,
        not change.shifted,
        -(change.effect or 0.0),
        change.name,
    )
