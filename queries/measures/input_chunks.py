"""Inputs chunk by chunk, for sources that declare chunks: distance, missing and unseen values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from queries.core.answer import Number
from queries.core.logs import Dataset, Log
from queries.measures.categories import CategoryDrift, category_drift, known_categories
from queries.measures.drift import UsualBand, prediction_band
from queries.measures.expressions import Key, Sample
from queries.measures.numeric import NumericDrift, numeric_drift, reference_bins
from queries.measures.quality import missing_shares


@dataclass(frozen=True, slots=True)
class InputChunk:
    """One input in one chunk, numbered from 0 within its dataset.

    ``effect`` is the Jensen-Shannon distance from the whole reference, ``statistic`` the
    Kolmogorov-Smirnov distance or the chi-square of the 2 × k table; ``unseen`` the share of the
    chunk's rows with a category that is in no row of the reference (None for numbers).
    ``usual`` is the band in which the distance of one more chunk like the reference's would lie,
    corrected for the number of inputs; ``unusual`` says whether this one lies outside.
    """

    dataset: Dataset
    chunk: int
    name: str
    rows: int
    effect: float | None
    statistic: float | None
    missing: Number
    unseen: float | None
    usual: UsualBand
    unusual: bool | None


def input_chunks(log: Log, names: Sequence[str], reference: Sample) -> tuple[InputChunk, ...]:
    """Measure every input in every chunk of the reference and of production.

    Ordered by input, reference first, then chunk. Without a reference set, production alone is
    measured against ``reference`` and nothing is called unusual.
    """
    datasets = tuple(Dataset) if log.source.reference else (Dataset.PRODUCTION,)
    found = [
        each
        for dataset in (Dataset.REFERENCE, Dataset.PRODUCTION)
        if dataset in datasets
        for each in _measured(log, names, reference, dataset)
    ]
    bands = {name: _band(name, found, len(names)) for name in names}
    judged = (
        replace(each, usual=bands[each.name], unusual=bands[each.name].unusual(each.effect))
        for each in found
    )
    place = {name: at for at, name in enumerate(names)}
    return tuple(
        sorted(
            judged,
            key=lambda each: (place[each.name], each.dataset is Dataset.PRODUCTION, each.chunk),
        )
    )


def _band(name: str, found: Sequence[InputChunk], columns: int) -> UsualBand:
    distances = [
        each.effect
        for each in found
        if each.name == name and each.dataset is Dataset.REFERENCE and each.effect is not None
    ]
    return prediction_band(distances, columns=columns, upper_only=True)


def _measured(
    log: Log, names: Sequence[str], reference: Sample, dataset: Dataset
) -> Iterator[InputChunk]:
    sample = Sample(dataset)
    by = {"chunk": log.column("chunk")}
    missing = missing_shares(log, names, sample, by)
    numbers = [name for name in names if log.kind(name) == "number"]
    drifts: Mapping[Key, Mapping[str, NumericDrift]] = {}
    if numbers:
        drifts = numeric_drift(log, reference_bins(log, numbers, reference), reference, sample, by)
    for name in names:
        categories: Mapping[Key, CategoryDrift] = {}
        if name not in numbers:
            known = known_categories(log, name, reference)
            categories = category_drift(log, name, known, reference, sample, by)
        for key, shares in missing.items():
            number = drifts.get(key, {}).get(name)
            yield _chunk(dataset, key, name, shares[name], number or categories.get(key))


def _chunk(
    dataset: Dataset,
    key: Key,
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
    nothing = UsualBand(None, None, None, 0)
    return InputChunk(
        dataset,
        int(str(key[0])),
        name,
        missing.n,
        effect,
        statistic,
        missing,
        unseen,
        nothing,
        None,
    )
