"""Columns chunk by chunk, for sources that declare chunks: missing, unseen, out of range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.number import Number
from queries.measures.columns.category_drift import category_drift
from queries.measures.columns.missing import missing_shares
from queries.measures.counting.chunk_times import UNKNOWN, Times, chunk_number, chunk_times
from queries.measures.counting.expressions import Sample
from queries.measures.past.before import Before
from queries.quality.broken import Broken
from queries.quality.counts import number_counts
from queries.statistics.rates import wilson


@dataclass(frozen=True, slots=True)
class QualityChunk:
    """One column in one chunk, numbered from 0 within its dataset's whole log.

    ``unseen`` is the share of the chunk's rows with a category that is in no row compared with
    (None for numbers), ``outside`` and ``infinite`` those of numbers (None for categories).
    """

    dataset: Dataset
    chunk: int
    times: Times
    name: str
    missing: Number
    unseen: Number | None = None
    outside: Number | None = None
    infinite: Number | None = None


def quality_chunks(
    log: Log, columns: Sequence[Broken], before: Before, now: Sample
) -> tuple[QualityChunk, ...]:
    """Count every column in every chunk; the reference's chunks too, where it is compared with.

    Ordered by column, the reference's chunks first, then chunk.
    """
    samples = [before.sample, now] if before.is_reference else [now]
    read = [each for each in columns if not each.column.held.absent]
    found = [each for sample in samples for each in _counted(log, read, before, sample)]
    place = {name: at for at, name in enumerate(log.source.features)}
    return tuple(
        sorted(
            found,
            key=lambda each: (
                place.get(each.name, len(place)),
                each.name,
                each.dataset is Dataset.PRODUCTION,
                each.chunk,
            ),
        )
    )


def _counted(
    log: Log, columns: Sequence[Broken], before: Before, sample: Sample
) -> Iterator[QualityChunk]:
    by = {"chunk": log.column("chunk")}
    times = chunk_times(log, sample)
    numbers = {each.name: each.column.range for each in columns if each.column.known is None}
    counted = number_counts(log, list(numbers), sample, numbers, by) if numbers else {}
    drifts = {
        each.name: category_drift(log, each.name, each.column.known, before.sample, sample, by)
        for each in columns
        if each.column.known
    }
    for key, shares in missing_shares(log, [each.name for each in columns], sample, by).items():
        chunk = chunk_number(key)
        at = times.get(chunk, UNKNOWN)
        for name, missing in shares.items():
            found = QualityChunk(sample.dataset, chunk, at, name, missing)
            if name in numbers:
                each = counted[key][name]
                outside = wilson(each.below + each.above, each.rows)
                found = replace(found, outside=outside, infinite=wilson(each.infinite, each.rows))
            elif drift := drifts[name].get(key):
                unseen = wilson(drift.turnover.unseen_rows, drift.rows)
                found = replace(found, unseen=unseen)
            yield found
