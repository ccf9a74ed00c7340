"""Has a number changed: histograms on the reference's bins, and distances from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from queries.core.formulas.sql import LARGEST
from queries.core.log import Log
from queries.measures.columns.cumulative import cumulative_distances
from queries.measures.columns.profiles import NumericProfile, numeric_profiles, skews
from queries.measures.counting.apart import counted_apart
from queries.measures.counting.batches import groups_in_batches
from queries.measures.counting.expressions import Expression, Key, Sample
from queries.statistics.distances import Stability, jensen_shannon, psi
from queries.statistics.drift import Bins, doane_bins

OUTSIDE = -1


@dataclass(frozen=True, slots=True)
class Binned:
    """A reference column: its profile, its bins, and how many rows lie in each."""

    profile: NumericProfile
    bins: Bins
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NumericDrift:
    """How far a column's values lie from the reference's; each None where one side has none.

    ``counts`` are rows per bin of the reference, and last those outside of its range.
    ``wasserstein`` is in the column's own unit.
    """

    n: int
    counts: tuple[int, ...]
    jensen_shannon: float | None
    psi: Stability
    kolmogorov_smirnov: float | None
    wasserstein: float | None


def reference_bins(log: Log, names: Sequence[str], reference: Sample) -> dict[str, Binned]:
    """Profile the reference's columns and count them on Doane's bins: three passes for some."""
    profiles = numeric_profiles(log, names, reference)[()]
    skew = skews(log, profiles, reference)
    bins = {
        name: doane_bins(each.n, skew[name], each.low or 0.0, each.high or 0.0)
        for name, each in profiles.items()
    }
    counted = histograms(log, bins, reference).get((), {})
    return {
        name: Binned(each, bins[name], counted.get(name, (0,) * (bins[name].count + 1))[:-1])
        for name, each in profiles.items()
    }


def numeric_drift(
    log: Log,
    reference: Mapping[str, Binned],
    reference_sample: Sample,
    current: Sample,
    by: Mapping[str, Expression] | None = None,
    *,
    cumulative: bool = True,
) -> dict[Key, dict[str, NumericDrift]]:
    """Measure how far columns lie from their reference, by group.

    Jensen-Shannon and PSI on the reference's bins, with one more for values outside of its range
    (as NannyML), from one pass for all columns; with ``cumulative``, Kolmogorov-Smirnov and
    Wasserstein from one pass a column. Missing and infinite values belong to neither side.
    """
    bins = {name: each.bins for name, each in reference.items()}
    far = {
        name: cumulative_distances(log, name, each.profile, reference_sample, current, by)
        if cumulative
        else {}
        for name, each in reference.items()
    }
    return {
        key: {
            name: _drift(reference[name], counted, far[name].get(key, (None, None)))
            for name, counted in columns.items()
        }
        for key, columns in histograms(log, bins, current, by).items()
    }


def histograms(
    log: Log,
    bins: Mapping[str, Bins],
    sample: Sample,
    by: Mapping[str, Expression] | None = None,
) -> dict[Key, dict[str, tuple[int, ...]]]:
    """Count rows by bin for several columns, some in a pass; last, those outside of the bins.

    A group without rows doesn't appear.
    """
    if not bins:
        return {}
    labelled = {f"g{i}": each for i, each in enumerate((by or {}).values())}
    return groups_in_batches(
        [*bins],
        lambda some: _histograms(log, {name: bins[name] for name in some}, sample, labelled),
    )


def _histograms(
    log: Log, bins: Mapping[str, Bins], sample: Sample, labelled: Mapping[str, Expression]
) -> dict[Key, dict[str, tuple[int, ...]]]:
    names = list(bins)
    binned = [_bin(log.column(name), bins[name]) for name in names]
    found: dict[Key, dict[str, list[int]]] = {}
    for row in log.run(counted_apart(log, binned, sample, labelled)):
        key = tuple(row[label] for label in labelled)
        into = found.setdefault(key, {name: [0] * (bins[name].count + 1) for name in names})
        if row["value"] is not None:
            into[names[row["which"]]][int(row["value"])] += row["n"]
    return {key: {name: tuple(n) for name, n in each.items()} for key, each in found.items()}


def _bin(column: Expression, bins: Bins) -> Expression:
    """Give the bin of a number, or ``OUTSIDE``; NULL for one that is missing or infinite.

    The same bins as ``constructs.Bin`` has, in half its time: no number lies beyond the edges.
    """
    number, last = sa.cast(column, sa.Double), sa.literal(float(bins.count - 1), sa.Double)
    width = (bins.high - bins.low) / bins.count
    # A value at the very top would open a bin of its own; a constant has one bin and no width.
    place = sa.func.least(sa.func.floor((number - bins.low) / width), last) if width else last
    return sa.case(
        (number.between(bins.low, bins.high), place),
        # NaN and infinity fail both ranges and come out NULL, on either engine.
        (number.between(-LARGEST, LARGEST), sa.literal(float(OUTSIDE), sa.Double)),
    )


def _drift(
    reference: Binned, counted: tuple[int, ...], far: tuple[float | None, float | None]
) -> NumericDrift:
    # No value of the reference lies outside of its own range.
    before = (*reference.counts, 0)
    return NumericDrift(
        sum(counted), counted, jensen_shannon(before, counted), psi(before, counted), *far
    )
