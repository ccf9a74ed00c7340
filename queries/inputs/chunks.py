"""Inputs chunk by chunk, for sources that declare chunks: distance, missing values, in brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.number import Number
from queries.inputs.summaries import NO_SUMMARY, Summary, summaries
from queries.measures.columns.category_drift import CategoryDrift, drift_of_each
from queries.measures.columns.comparisons import Baseline
from queries.measures.columns.missing import missing_shares
from queries.measures.columns.numbers import NumericDrift, numeric_drift
from queries.measures.counting.chunk_times import UNKNOWN, Times, chunk_number, chunk_times
from queries.measures.counting.expressions import Key, Sample
from queries.statistics.drift import UsualBand, prediction_band


@dataclass(frozen=True, slots=True)
class InputChunk:
    """One input in one chunk, numbered from 0 within its dataset's whole log.

    ``times`` are those of the chunk's first and last row that was looked at. ``effect`` is the
    Jensen-Shannon distance from what is compared with, ``statistic`` the Kolmogorov-Smirnov
    distance or the chi-square of the 2 × k table; ``unseen`` the share of the chunk's rows with a
    category that is in no row compared with (None for numbers); ``summary`` is of numbers alone.
    ``usual`` is the band in which
    the distance of one more chunk like the reference's would lie, corrected for the number of
    inputs; ``unusual`` says whether this one lies outside.
    """

    dataset: Dataset
    chunk: int
    times: Times
    name: str
    rows: int
    effect: float | None
    statistic: float | None
    missing: Number
    unseen: float | None
    summary: Summary
    usual: UsualBand
    unusual: bool | None


def input_chunks(log: Log, before: Baseline, now: Sample) -> tuple[InputChunk, ...]:
    """Measure every input in every chunk, against the reference or the comparable past.

    Ordered by input, the reference's chunks first, then chunk. Without a reference set,
    production alone is measured and nothing is called unusual.
    """
    samples = [before.sample, now] if before.sample.dataset is Dataset.REFERENCE else [now]
    found = [each for sample in samples for each in _measured(log, before, sample)]
    whole = log.source.chunks.rows if log.source.chunks else 1
    names = [*before.bins, *before.known]
    usual = {name: _reference_distances(name, found, whole) for name in names}
    judged = (_judged(each, usual[each.name], whole, len(names)) for each in found)
    place = {name: at for at, name in enumerate(log.source.features)}
    return tuple(
        sorted(
            judged,
            key=lambda each: (place[each.name], each.dataset is Dataset.PRODUCTION, each.chunk),
        )
    )


def _reference_distances(name: str, found: Sequence[InputChunk], whole: int) -> list[float]:
    """Give the distances of the reference's chunks; a last one much smaller tells little."""
    return [
        each.effect
        for each in found
        if each.name == name
        and each.dataset is Dataset.REFERENCE
        and each.effect is not None
        and each.rows >= whole / 2
    ]


def _judged(chunk: InputChunk, distances: Sequence[float], whole: int, columns: int) -> InputChunk:
    size = chunk.rows / whole
    band = prediction_band(distances, size_ratio=size, columns=columns, upper_only=True)
    return replace(chunk, usual=band, unusual=band.unusual(chunk.effect))


def _measured(log: Log, before: Baseline, sample: Sample) -> Iterator[InputChunk]:
    by = {"chunk": log.column("chunk")}
    times = chunk_times(log, sample)
    missing = missing_shares(log, [*before.bins, *before.known], sample, by)
    numbers: Mapping[Key, Mapping[str, NumericDrift]] = {}
    if before.bins:
        numbers = numeric_drift(log, before.bins, before.sample, sample, by)
    categories = drift_of_each(log, before.known, before.sample, sample, by)
    summed = summaries(log, list(before.bins), sample, by)
    for key, shares in missing.items():
        chunk = chunk_number(key)
        for name, share in shares.items():
            drift = numbers.get(key, {}).get(name) or categories.get(name, {}).get(key)
            found = _chunk(sample.dataset, chunk, name, share, drift)
            summary = summed.get(key, {}).get(name, NO_SUMMARY)
            yield replace(found, times=times.get(chunk, UNKNOWN), summary=summary)


def _chunk(
    dataset: Dataset,
    chunk: int,
    name: str,
    missing: Number,
    drift: NumericDrift | CategoryDrift | None,
) -> InputChunk:
    effect = statistic = unseen = None
    if isinstance(drift, NumericDrift):
        effect, statistic = drift.jensen_shannon, drift.kolmogorov_smirnov
    elif drift is not None:
        effect, statistic = drift.jensen_shannon, drift.chi_square.statistic
        unseen = drift.turnover.unseen_rows / drift.rows if drift.rows else None
    return InputChunk(
        dataset=dataset,
        chunk=chunk,
        times=UNKNOWN,
        name=name,
        rows=missing.n,
        effect=effect,
        statistic=statistic,
        missing=missing,
        unseen=unseen,
        summary=NO_SUMMARY,
        usual=UsualBand(None, None, None, 0),
        unusual=None,
    )
