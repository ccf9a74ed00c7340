"""How many requests are usual: by bucket, within a stretch, of a slice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from queries.core.times.spans import Span
from queries.measures.counting.layout import lasting
from queries.measures.counting.over_time import OverTime
from queries.measures.places.slice import SliceCounts
from queries.statistics.estimates import z_quantile
from queries.statistics.usual import COMPARABLE, Usual, usual_count

Array = npt.NDArray[np.float64]


def usual_requests(counts: OverTime) -> tuple[Array, Array, Array] | None:
    """Give each bucket's usual number of requests and the band around it; None without a past.

    Means over the past periods and an hour around the bucket; the band is quasi-Poisson,
    μ ± z·√(φ·μ·(1 + 1/m)) with one φ = max(1, Pearson χ²/df) over all buckets.
    """
    if len(counts.spans) <= COMPARABLE:
        return None
    pace = expected_requests(counts)
    past = counts.trials[1:]
    chi2 = float(((past - pace) ** 2 / pace).sum())
    phi = max(1.0, chi2 / max(1, past.size - 1))
    half = z_quantile() * np.sqrt(phi * pace * (1 + 1 / len(past)))
    return pace, np.maximum(pace - half, 0), pace + half


def expected_requests(counts: OverTime) -> Array:
    """Give how many requests each bucket usually has; never quite none, as half a one is added."""
    around = np.ones(2 * max(1, 1800 // counts.seconds) + 1)
    past, covered = counts.trials[1:], widths(counts)
    pooled = _summed(past.sum(axis=0), around) + 0.5
    return np.asarray(pooled / (_summed(covered, around) * len(past)) * covered)


def widths(counts: OverTime) -> Array:
    """Give the seconds that each bucket covers: the last may be cut short."""
    length = (counts.spans[0].end - counts.spans[0].start).total_seconds()
    starts = np.arange(counts.trials.shape[1]) * float(counts.seconds)
    return np.clip(length - starts, 1.0, counts.seconds)


def _summed(values: Array, around: Array) -> Array:
    reach = len(around) // 2
    return np.convolve(np.pad(values, reach), around, "valid")


def usual_between(counts: OverTime, start: int, stop: int) -> Usual:
    """Compare the present's requests in some buckets with the same buckets of the past."""
    whole = (start, stop) == (0, counts.trials.shape[1])
    # The whole by its true length, as the last bucket may be cut short; a past that stands by the
    # clock of the present is as long as that.
    seconds = [
        lasting(span, counts.spans[0]) if whole else float((stop - start) * counts.seconds)
        for span in counts.spans
    ]
    found = [int(row[start:stop].sum()) for row in counts.trials]
    now, *past = zip(found, seconds, strict=True)
    return usual_count(past, now)


def slice_usual(slices: Sequence[SliceCounts]) -> Usual:
    """Compare the requests of some slices together with their usual number."""
    counts = [(each.now, *each.past) for each in slices]
    now, *past = (
        (int(sum(k for k, _ in period)), period[0][1] / 1e6) for period in zip(*counts, strict=True)
    )
    return usual_count(past, now)


def profile(counts: OverTime) -> Array:
    """Give what to expect of each bucket: its past, or without one, the same time of other days."""
    if len(counts.spans) > 1:
        return expected_requests(counts)
    day = 86_400 // counts.seconds
    at = np.arange(counts.trials.shape[1]) % day
    means = np.bincount(at, counts.trials[0]) / np.maximum(np.bincount(at), 1)
    return np.asarray(means[at])


def expected_in(span: Span, counts: OverTime, expected: Array) -> float:
    """Give how many requests to expect within a span, from what each bucket has."""
    first = counts.spans[0].start
    start, stop = (
        (at - first) / timedelta(seconds=counts.seconds) for at in (span.start, span.end)
    )
    edges = np.arange(len(expected) + 1.0)
    within = np.clip(np.minimum(edges[1:], stop) - np.maximum(edges[:-1], start), 0, 1)
    beyond = max(0.0, stop - len(expected)) * float(expected.mean())
    return float((within * expected).sum()) + beyond


def part_nearby(span: Span, counts: OverTime, expected: Array) -> float:
    """Give the requests around a span as a part of those to be expected there, at most 1.

    Around means three times its length on either side, and at least an hour.
    """
    reach = max(3 * (span.end - span.start), timedelta(hours=1))
    before, after = Span(span.start - reach, span.start), Span(span.end, span.end + reach)
    first, width = counts.spans[0].start, timedelta(seconds=counts.seconds)
    at, near = np.arange(len(expected)), np.zeros(len(expected), bool)
    for each in (before, after):
        start, end = (each.start - first) / width, (each.end - first) / width
        near |= (at >= start) & (at + 1 <= end)
    usual = float(expected[near].sum())
    return min(1.0, float(counts.trials[0][near].sum()) / usual) if usual else 1.0
