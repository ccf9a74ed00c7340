"""Seeded simulations of what the measures promise: short in the suite, whole in the benchmark."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from queries.changes.detection import search
from queries.changes.pinning import around_onset, pinned
from queries.changes.signals import Gauge, Kind, Signal
from queries.core.times.spans import Span
from queries.measures.counting.over_time import OverTime
from queries.measures.failures.carriers import carriers
from queries.measures.places.decomposition import decompose
from queries.measures.places.slice import SliceCounts
from queries.measures.places.standings import standings
from queries.measures.places.subgroups import Subgroup, Subgroups
from queries.statistics.onset import Shift, find_shift
from queries.statistics.usual import usual_rate

Array = npt.NDArray[np.float64]
Drawn = list[list[tuple[int, int]]]
"""Hits and trials by dimension and value."""

Kept = tuple[tuple[int, int], ...]
"""A slice by the number of its dimension and of its value; a pair by two of these."""

DAY = 288
SHARES = np.array([0.05, 0.35, 0.3, 0.2, 0.1])


def planted(
    rng: np.random.Generator,
    rates: tuple[float, float],
    stretch: tuple[int, int],
    mean: float = 43,
    buckets: int = DAY,
) -> tuple[Array, Array]:
    """Draw hits and trials of five-minute buckets whose rate is another one inside a stretch."""
    trials = rng.poisson(mean, buckets)
    rate = np.full(buckets, rates[0])
    rate[slice(*stretch)] = rates[1]
    return rng.binomial(trials, rate).astype(float), trials.astype(float)


def shifts(
    rates: tuple[float, float], stretch: tuple[int, int], runs: int, permutations: int = 39
) -> list[Shift]:
    """Look for planted shifts in a number of days."""
    rng = np.random.default_rng(42)
    return [
        find_shift(*planted(rng, rates, stretch), rng, permutations=permutations)
        for _ in range(runs)
    ]


def onsets_found(runs: int, permutations: int = 39) -> float:
    """Give the share of days, 1.5 to 7 % at 43 requests a bucket, found within ten minutes."""
    found = shifts((0.015, 0.07), (220, DAY), runs, permutations)
    return sum(each.began is not None and abs(each.began.at - 220) <= 2 for each in found) / runs


def day_of_slices(rng: np.random.Generator, rate: float, one: float | None = None) -> Drawn:
    """Draw 20,000 rows over 6 dimensions of 5 values; the third's first may have another rate."""
    values = [rng.choice(5, 20_000, p=SHARES) for _ in range(6)]
    rates = np.full(20_000, rate)
    if one is not None:
        rates[values[2] == 0] = one
    failed = rng.random(20_000) < rates
    return [[(int(failed[d == v].sum()), int((d == v).sum())) for v in range(5)] for d in values]


def sliced(now: Drawn, past: list[Drawn]) -> list[SliceCounts]:
    """Put counts by dimension and value into slices."""
    return [
        SliceCounts(f"d{d}", v, now[d][v], tuple(period[d][v] for period in past))
        for d in range(6)
        for v in range(5)
    ]


def slices_found(runs: int) -> float:
    """Give the share of runs with the slice of 5 % going from 10 to 15 % in the top three."""
    rng = np.random.default_rng(3)
    top = 0
    for _ in range(runs):
        past = [day_of_slices(rng, 0.1) for _ in range(2)]
        found = carriers(sliced(day_of_slices(rng, 0.1, one=0.15), past))
        top += ("d2", 0) in [(each.dimension, each.value) for each in found[:3]]
    return top / runs


def whole_day(rng: np.random.Generator, one: float | None = None) -> dict[Kept, tuple[int, int]]:
    """Draw such a day at 10 %, counted by every dimension and every pair."""
    values = rng.choice(5, (6, 20_000), p=SHARES)
    rates = np.full(20_000, 0.1)
    if one is not None:
        rates[values[2] == 0] = one
    failed = rng.random(20_000) < rates
    counts: dict[Kept, tuple[int, int]] = {(): (int(failed.sum()), 20_000)}
    for d in range(6):
        _tally(counts, (d,), values[d], failed)
    for d, e in combinations(range(6), 2):
        _tally(counts, (d, e), 5 * values[d] + values[e], failed)
    return counts


def _tally(
    counts: dict[Kept, tuple[int, int]],
    dimensions: tuple[int, ...],
    codes: npt.NDArray[np.int64],
    failed: npt.NDArray[np.bool_],
) -> None:
    trials, hits = np.bincount(codes), np.bincount(codes, weights=failed)
    for code, (k, n) in enumerate(zip(hits.tolist(), trials.tolist(), strict=True)):
        values = (code,) if len(dimensions) == 1 else divmod(code, 5)
        counts[tuple(zip(dimensions, values, strict=True))] = (int(k), n)


def every_subgroup(
    now: dict[Kept, tuple[int, int]], past: dict[Kept, tuple[int, int]]
) -> Subgroups:
    """Put a day's counts beside a past day's."""
    groups = [
        Subgroup(
            tuple(f"d{d}" for d, _ in key),
            tuple(v for _, v in key),
            counts,
            (past.get(key, (0, 0)),),
        )
        for key, counts in now.items()
    ]
    by_size: list[tuple[Subgroup, ...]] = [
        tuple(each for each in groups if len(each.dimensions) == size) for size in range(3)
    ]
    return Subgroups(by_size[0][0], by_size[1], by_size[2], (), 0)


def worst_found(runs: int) -> float:
    """Give the share of runs with that slice in the top three of all single ones and pairs."""
    rng = np.random.default_rng(7)
    top = 0
    for _ in range(runs):
        counted = every_subgroup(whole_day(rng, one=0.15), whole_day(rng))
        found = standings(counted, "higher", 0.005)[:3]
        top += (("d2",), (0,)) in [(each.group.dimensions, each.group.values) for each in found]
    return top / runs


def falsely_worst(runs: int) -> float:
    """Give the share of unchanged days of which any slice is said to stand out."""
    rng = np.random.default_rng(8)
    false = 0
    for _ in range(runs):
        counted = every_subgroup(whole_day(rng), whole_day(rng))
        false += any(each.worst for each in standings(counted, "higher", 0.005))
    return false / runs


def decompositions_cover(runs: int) -> dict[str, float]:
    """Give how often the intervals of a change and its two effects hold the true ones.

    Two days of 20,000 requests in four slices, whose rates and shares both change.
    """
    w0, w1 = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.3, 0.3, 0.2, 0.2])
    r0, r1 = np.array([0.02, 0.05, 0.1, 0.2]), np.array([0.03, 0.05, 0.08, 0.25])
    true_rate = float(((w0 + w1) / 2 * (r1 - r0)).sum())
    true_change = float((w1 * r1).sum() - (w0 * r0).sum())
    truth = {"change": true_change, "rate": true_rate, "mix": true_change - true_rate}
    rng, held = np.random.default_rng(9), dict.fromkeys(truth, 0)
    for _ in range(runs):
        now, past = rng.multinomial(20_000, w1), rng.multinomial(20_000, w0)
        hits, past_hits = rng.binomial(now, r1), rng.binomial(past, r0)
        found = decompose(
            [
                Subgroup(("d",), (v,), (int(hits[v]), int(now[v])), ((past_hits[v], past[v]),))
                for v in range(4)
            ]
        )
        assert found is not None
        for name, value in truth.items():
            number = getattr(found, name)
            held[name] += number.low <= value <= number.high
    return {name: count / runs for name, count in held.items()}


def false_alarms(runs: int, rate: float, shape: Literal["normal", "lognormal"]) -> float:
    """Give the share of unchanged days, varying by 20 %, that are called unusual."""
    rng = np.random.default_rng(5)
    drawn = rng.standard_normal((runs, 5))
    # Both have a mean of 1 and a standard deviation of 20 %.
    factor = 1 + 0.2 * drawn if shape == "normal" else np.exp(0.198 * drawn - 0.0196)
    hits = rng.binomial(20_000, np.clip(rate * factor, 0, 1))
    false = sum(
        bool(usual_rate([(k, 20_000) for k in row[:4]], (row[4], 20_000)).unusual)
        for row in hits.tolist()
    )
    return false / runs


def quiet_days(runs: int, signals: int = 20, mean: float = 87) -> float:
    """Give the share of unchanged days, searched by so many signals, in which nothing changed.

    Five-minute buckets of today and of four comparable days. Traffic swings by half with the hour
    and varies by 7 % between days and 4 % between hours; rates of 0.4, 1.5, 4 and 25 % vary by
    10 to 20 % between days, and every other one by two fifths with the hour.
    """
    rng = np.random.default_rng(7)
    quiet = 0
    for _ in range(runs):
        trials = rng.poisson(_traffic(rng, mean)).astype(float)
        # Traffic is counted by the time: 300 seconds in microseconds.
        counted = [(TRAFFIC, trials, np.full_like(trials, 3e8))]
        counted += [_quiet_signal(rng, trials, number) for number in range(signals - 1)]
        over_time = [OverTime(DAYS, 300, hits, of) for _, hits, of in counted]
        found = search([signal for signal, _, _ in counted], over_time, rng)
        quiet += not any(each.changed for each in found)
    return quiet / runs


def quiet_without_a_past(runs: int, buckets: int, seconds: int, mean: float = 40) -> float:
    """Give the share of unchanged times, with nothing to compare them with, called unchanged.

    Twenty rates of 0.4 to 25 %, every other one of which swings by two fifths with the hour.
    """
    rng = np.random.default_rng(12)
    span = Span(_END - timedelta(seconds=buckets * seconds), _END)
    signals = [
        Signal(Kind.EMPTIED, str(at), sa.true(), matters=matters if gauge == "points" else 0.05)
        for at, (_, gauge, matters, _) in enumerate(QUIET * 4)
    ]
    quiet = 0
    for _ in range(runs):
        trials = rng.poisson(mean, (1, buckets)).astype(float)
        days = (rng.random() + np.arange(buckets) * seconds / 86_400) * 2 * np.pi
        rates = [
            rate * (1 + (0.4 * np.sin(days) if at % 2 else 0 * days))
            for at, (rate, *_) in enumerate(QUIET * 4)
        ]
        drawn = [rng.binomial(trials.astype(int), rate[None]).astype(float) for rate in rates]
        counted = [OverTime((span,), seconds, hits, trials) for hits in drawn]
        quiet += not any(each.changed for each in search(signals, counted, rng))
    return quiet / runs


def onsets_pinned(runs: int, mean: float = 12) -> tuple[float, float]:
    """Give the shares of onsets told within ten minutes, and within their intervals.

    Rates of 1.5 % go to 7 % at any minute of the day's second third; ``mean`` requests a minute.
    """
    rng = np.random.default_rng(11)
    close = covered = 0
    for _ in range(runs):
        onset = int(rng.integers(480, 960))
        trials = rng.poisson(mean, (5, 1440))
        rates = np.full((5, 1440), 0.015)
        rates[0, onset:] = 0.07
        fine = OverTime(DAYS, 60, rng.binomial(trials, rates).astype(float), trials.astype(float))
        coarse = fine.coarser(5)
        (found,) = search([FAILED], [coarse], rng)
        if found.changed and found.stretch.began:
            told = pinned(around_onset(found.stretch, coarse), fine, found.stretch)
            at = fine.at(onset)
            close += abs(told.at - at) <= timedelta(minutes=10)
            covered += told.low <= at <= told.high
    return close / runs, covered / runs


def _traffic(rng: np.random.Generator, mean: float) -> Array:
    """Give how many requests to expect in each bucket of five days."""
    rhythm = 1 + 0.5 * np.sin(2 * np.pi * np.arange(DAY) / DAY)
    days = np.exp(0.07 * rng.standard_normal((5, 1)))
    hours = np.repeat(np.exp(0.04 * rng.standard_normal((5, 24))), 12, axis=1)
    return np.asarray(mean * rhythm * days * hours)


def _quiet_signal(
    rng: np.random.Generator, trials: Array, number: int
) -> tuple[Signal, Array, Array]:
    """Draw the hits of a signal whose rate does nothing that it doesn't always do."""
    rate, gauge, matters, varies = QUIET[number % len(QUIET)]
    rates = rate * np.exp(varies * rng.standard_normal((5, 1)))
    if number % 2:
        rates = rates * (1 + 0.4 * np.sin(2 * np.pi * np.arange(DAY) / DAY))
    hits = rng.binomial(trials.astype(int), np.broadcast_to(rates.clip(0, 1), trials.shape))
    kind = Kind.ERRORS if number == FAILURES else Kind.INPUT
    signal = Signal(kind, str(number), sa.true(), gauge=gauge, matters=matters)
    return signal, hits.astype(float), trials


_END = datetime(2026, 11, 23, tzinfo=UTC)
DAYS = tuple(Span(_END - timedelta(days=7 * i + 1), _END - timedelta(days=7 * i)) for i in range(5))
TRAFFIC = Signal(Kind.TRAFFIC, "", sa.true(), gauge="pace", matters=0.3)
FAILED = Signal(Kind.ERRORS, "failed", sa.true(), matters=0.005)
QUIET: tuple[tuple[float, Gauge, float, float], ...] = (
    (0.004, "points", 0.01, 0.2),
    (0.015, "points", 0.005, 0.2),
    (0.25, "shape", 0.1, 0.1),
    (0.04, "points", 0.05, 0.2),
    (0.25, "shape", 0.1, 0.1),
)
"""Rate, gauge, smallest change that matters, and by how much days vary."""
FAILURES = 1
"""Which of the signals are failures: those of 1.5 %, half a point of which matters."""
