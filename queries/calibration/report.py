"""One model's calibration in one time: in all, by slice and chunk, and in its reference set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from queries.core.doors.rows import Dataset
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.value import Cell
from queries.measures.counting.chunk_times import UNKNOWN, Times, chunk_number, chunk_times
from queries.measures.counting.expressions import Sample
from queries.measures.outcomes.complete import Complete, complete_rows
from queries.measures.outcomes.outcome import outcomes_kept
from queries.measures.past.reference import Narrowed, narrowed_reference
from queries.measures.predictions.reliability import Stated, in_all, reliability, stated
from queries.measures.predictions.scores import Score, scores_of
from queries.statistics.calibration import Calibration, calibration
from queries.statistics.multiplicity import benjamini_hochberg


@dataclass(frozen=True, slots=True)
class SliceCalibration:
    """One slice, and whether it is off: beyond chance among so many slices, and by enough."""

    value: Cell
    found: Calibration
    is_off: bool


@dataclass(frozen=True, slots=True)
class ChunkCalibration:
    """One chunk, numbered from 0 within its dataset's whole log."""

    dataset: Dataset
    chunk: int
    times: Times
    found: Calibration


@dataclass(frozen=True, slots=True)
class ClassCalibration:
    """The calibration of one class's score: what it rests on, now and in the reference set.

    ``before`` is None where no reference set can be judged.
    """

    label: str
    rows: Stated
    now: Calibration
    before: Calibration | None
    slices: tuple[SliceCalibration, ...] = ()
    chunks: tuple[ChunkCalibration, ...] = ()


@dataclass(frozen=True)
class CalibrationReport:
    """What is known of a model's calibration, the worst class first.

    ``lacking`` are the columns that the reference set lacks to be narrowed as the question is.
    """

    complete: Complete
    classes: tuple[ClassCalibration, ...]
    lacking: tuple[str, ...] = ()


def calibrations(
    log: Log, reading: Reading, where: Sequence[Filter], by: str | None
) -> CalibrationReport:
    """Measure the calibration of every score. Raises NotAnswerable without score or outcome."""
    scores, whole = scores_of(log), Sample(spans=reading.spans, where=tuple(log.matches(where)))
    with outcomes_kept(log, whole, by):
        complete = complete_rows(log, reading, where)
        narrowed = _reference(log, where)
        found = [_class(log, reading.now, score, complete.rows, narrowed, by) for score in scores]
    found.sort(key=lambda each: -(each.now.error.value or 0.0))
    return CalibrationReport(complete, tuple(found), narrowed.lacking if narrowed else ())


def _reference(log: Log, where: Sequence[Filter]) -> Narrowed | None:
    reference = log.source.reference
    if reference is None or not log.has("outcome", Dataset.REFERENCE):
        return None
    several = log.source.task == "multiclass"
    names = [f"score:{label}" for label in log.source.scores] if several else ["score"]
    if not all(log.has(name, Dataset.REFERENCE) for name in names):
        return None
    return narrowed_reference(log, where)


def _class(
    log: Log,
    now: datetime,
    score: Score,
    rows: Sample,
    narrowed: Narrowed | None,
    by: str | None,
) -> ClassCalibration:
    before = None
    if narrowed is not None:
        cut = stated(log, now, score, narrowed.sample)
        before = in_all(log, now, score, narrowed.sample, cut)
    cut = stated(log, now, score, rows)
    measured = in_all(log, now, score, rows, cut)
    if not cut.are_probabilities:
        return ClassCalibration(score.label, cut, measured, before)
    return ClassCalibration(
        label=score.label,
        rows=cut,
        now=measured,
        before=before,
        slices=_slices(log, now, score, rows, cut, by) if by else (),
        chunks=_chunks(log, now, score, rows, cut, narrowed) if log.source.chunks else (),
    )


def _slices(
    log: Log, now: datetime, score: Score, rows: Sample, cut: Stated, by: str
) -> tuple[SliceCalibration, ...]:
    """Measure each slice on the bins of all, the worst first and those too small to say last."""
    # Not on bins of their own: small slices would have few wide ones, in which gaps cancel out.
    by_slice = reliability(log, now, score, rows, cut.edges, {"slice": log.column(by)})
    found = {key[0]: calibration(bins, np.random.default_rng(0)) for key, bins in by_slice.items()}
    adjusted = benjamini_hochberg([each.chance.p for each in found.values()])
    matters = log.source.matters.performance
    slices = [
        SliceCalibration(value, each, p is not None and p <= 0.05 and bool(each.is_off(matters)))
        for (value, each), p in zip(found.items(), adjusted, strict=True)
    ]
    slices.sort(key=lambda each: (-(each.found.error.value or -1.0), str(each.value)))
    return tuple(slices)


def _chunks(
    log: Log,
    now: datetime,
    score: Score,
    rows: Sample,
    cut: Stated,
    narrowed: Narrowed | None,
) -> tuple[ChunkCalibration, ...]:
    found = []
    for sample in [narrowed.sample, rows] if narrowed else [rows]:
        times = chunk_times(log, sample)
        by_chunk = reliability(log, now, score, sample, cut.edges, {"chunk": log.column("chunk")})
        for key, bins in by_chunk.items():
            chunk = chunk_number(key)
            measured = calibration(bins, np.random.default_rng(0))
            found.append(
                ChunkCalibration(sample.dataset, chunk, times.get(chunk, UNKNOWN), measured)
            )
    return tuple(found)
