"""The usual rate of each bucket, and what neighbouring buckets have in common."""

from __future__ import annotations

import math

import numpy as np

from queries.measures.counting.over_time import Array, OverTime, summed_around
from queries.statistics.scan import Scan

AROUND = 1800
"""Seconds on either side from which a bucket's usual rate is pooled."""

MANY = 200
"""From so many buckets on, permuted blocks tell by themselves how rare a stretch of a few is."""


def usual_pattern(counts: OverTime) -> Array | None:
    """Give each bucket's usual rate from the past; None without a past.

    Pooled over an hour around the bucket, and drawn towards the past's overall rate as far as the
    hours differ by no more than chance: by 1/φ, with φ Pearson's χ² over its degrees of freedom
    (James and Stein 1961).
    """
    hits, trials = counts.hits[1:].sum(axis=0), counts.trials[1:].sum(axis=0)
    if not trials.sum() or not hits.sum():
        return None
    overall = float(hits.sum() / trials.sum())
    reach = max(1, AROUND // counts.seconds)
    edges = np.arange(0, len(hits), 2 * reach)
    hourly, of = np.add.reduceat(hits, edges), np.add.reduceat(trials, edges)
    known = of > 0
    chi2 = float(((hourly - of * overall)[known] ** 2 / (of * overall)[known]).sum())
    # Without it, an hour of few requests that happened to fail would be taken for their usual hour.
    trust = max(0.0, 1 - max(1, int(known.sum()) - 1) / max(chi2, 1e-9))
    near, near_of = summed_around(hits, reach), summed_around(trials, reach)
    local = np.divide(near, near_of, out=np.full_like(near, overall), where=near_of > 0)
    return np.asarray(overall + trust * (local - overall))


def block_length(counts: OverTime, found: tuple[int, int]) -> int | None:
    """Give 1 where buckets have nothing in common with their neighbours.

    Only then may single buckets be permuted, which shows bursts and gaps of a few minutes. It is
    asked of the past. A short time without one has too few blocks to say that anything is rare:
    it is asked of the present itself, around the rates inside and outside of the stretch
    ``found``.
    """
    pattern = usual_pattern(counts)
    hits, trials = counts.hits[1:], counts.trials[1:]
    if pattern is None and len(counts.spans) == 1 and hits.shape[1] < MANY:
        hits, trials = counts.hits[:1], counts.trials[:1]
        pattern = _two_rates(hits[0], trials[0], found)
    if pattern is None:
        return None
    expected = trials * pattern
    residual = np.divide(
        hits - expected, np.sqrt(expected), out=np.zeros_like(expected), where=expected > 0
    )
    spread = float((residual**2).sum())
    together = float((residual[:, 1:] * residual[:, :-1]).sum())
    # Two standard errors of a correlation of buckets that have nothing in common.
    return 1 if spread and together / spread < 2 / math.sqrt(residual.size) else None


def _two_rates(hits: Array, trials: Array, found: tuple[int, int]) -> Array:
    """Give each bucket the rate of its side of a stretch."""
    inside = np.zeros(len(hits), bool)
    inside[slice(*found)] = True
    rates = np.zeros(len(hits))
    for part in (inside, ~inside):
        rates[part] = hits[part].sum() / max(float(trials[part].sum()), 1.0)
    return rates


def longest_silence(counts: OverTime, scan: Scan) -> tuple[tuple[int, int], float]:
    """Give the stretch without a request in which most were to be expected, and how rare that is.

    e^(-expected/φ), with the past's dispersion φ between buckets, times the number of buckets in
    which it might have begun. Permuting can't tell: it keeps a gap whole.
    """
    expected = scan.weight * (scan.k.sum() / max(scan.weight.sum(), 1e-300))
    pattern = usual_pattern(counts)
    best, most, start, mass = (0, 0), 0.0, 0, 0.0
    for at, hits in enumerate(scan.k):
        start, mass = (at + 1, 0.0) if hits else (start, mass + float(expected[at]))
        if mass > most:
            best, most = (start, at + 1), mass
    if pattern is None:
        return best, 1.0
    usual = counts.trials[1:] * pattern
    known = usual > 0
    chi2 = float(((counts.hits[1:] - usual)[known] ** 2 / usual[known]).sum())
    phi = max(1.0, chi2 / max(1, int(known.sum()) - 1))
    return best, min(1.0, len(scan) * math.exp(-most / phi))
