"""One model's performance in one time: in all, over time, by slice and chunk, against before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from queries.core.doors.rows import Dataset
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.measures.counting.chunk_times import UNKNOWN, Times, chunk_number, chunk_times
from queries.measures.counting.expressions import EVERYTHING, Sample
from queries.measures.outcomes.delays import judged_days
from queries.measures.outcomes.outcome import Arrived, outcomes_kept
from queries.measures.outcomes.realised import Realised, days_ranked, realised
from queries.measures.performance.before import Before, performance_before
from queries.measures.performance.clustered import all_widened, repeated_entities
from queries.measures.performance.constant import Constant, constant_answer
from queries.measures.performance.metrics import Metrics, headline_metric
from queries.measures.performance.slices import Part, worst_first
from queries.measures.performance.stretch import WorseStretch, worse_stretch
from queries.measures.performance.tally import (
    Day,
    confusion_of,
    metrics,
    metrics_of,
    ranks,
    tallies,
)
from queries.statistics.classification import Confusion
from queries.statistics.design_effect import widened, widened_metric


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk's metrics, numbered from 0 within its dataset's whole log."""

    dataset: Dataset
    chunk: int
    times: Times
    metrics: Metrics
    confusion: Confusion | None = None


@dataclass(frozen=True)
class Report:
    """What is known of a model's performance.

    ``metrics``, ``parts`` and production's ``chunks`` rest on mature days alone (on everything,
    where the log has no times); empty where no day is mature. ``arrived`` counts all rows of the
    time, ``counted`` those of mature days. ``usual_days`` is the age at which outcomes are in,
    ``mature`` the rows that count. ``effect`` is the variance factor by which people who come back
    widen the intervals; those of days and chunks are left as they are. ``stretch`` are days on
    which it was right less often than on all others.
    """

    metrics: Metrics
    before: Before | None
    constant: Constant | None
    arrived: Arrived
    counted: Arrived
    days: tuple[Day, ...] = ()
    usual_days: int | None = None
    parts: tuple[Part, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    mature: Sample = EVERYTHING
    confusion: Confusion | None = None
    effect: float = 1.0
    stretch: WorseStretch | None = None


def report(log: Log, reading: Reading, where: Sequence[Filter], by: str | None) -> Report:
    """Measure everything, against the reference set or the past.

    Raises NotAnswerable where outcomes or predictions aren't logged.
    """
    # Asked for its refusal: without an outcome it says what to declare.
    log.column("outcome")
    whole = Sample(spans=reading.spans, where=tuple(log.matches(where)))
    days = judged_days(log, reading, whole)
    before = performance_before(log, reading, where) if days is None or days.mature else None
    with outcomes_kept(log, whole, by):
        looked = realised(log, reading, whole, days)
        found = _report(log, reading.now, before, looked, by)
        return replace(
            found,
            days=days_ranked(log, reading, found.days, looked.mature),
            stretch=worse_stretch(found.days, log.source.matters.performance),
        )


def report_against(log: Log, reading: Reading, where: Sequence[Filter], before: Before) -> Report:
    """Measure everything in all, against what is given; of single days what needs no order.

    Raises NotAnswerable where outcomes or predictions aren't logged.
    """
    log.column("outcome")
    whole = Sample(spans=reading.spans, where=tuple(log.matches(where)))
    days = judged_days(log, reading, whole)
    given = before if days is None or days.mature else None
    with outcomes_kept(log, whole):
        return _report(log, reading.now, given, realised(log, reading, whole, days), None)


def _report(
    log: Log, now: datetime, before: Before | None, looked: Realised, by: str | None
) -> Report:
    mature, tally = looked.mature, looked.tally
    if tally is None:
        return Report(
            metrics={},
            before=None,
            constant=None,
            arrived=looked.arrived,
            counted=looked.counted,
            days=looked.days,
            usual_days=looked.usual,
        )
    found = Report(
        metrics=metrics(tally, ranks(log, now, mature).get((), ())),
        before=before,
        constant=constant_answer(log, now, mature, tally),
        arrived=looked.arrived,
        counted=looked.counted,
        days=looked.days,
        usual_days=looked.usual,
        parts=parts_of(log, now, mature, by) if by else (),
        chunks=chunks_of(log, now, mature, before) if log.source.chunks else (),
        mature=mature,
        confusion=confusion_of(tally),
    )
    return _clustered(found, repeated_entities(log, now, mature))


def _clustered(found: Report, effect: float) -> Report:
    """Widen the intervals of everything that many days went into."""
    before, constant = found.before, found.constant
    # The effect is of production's rows, and says nothing of the people in a reference set.
    if before and not before.reference:
        before = replace(before, metrics=all_widened(before.metrics, effect))
    if constant:
        value, gain = widened_metric(constant.value, effect), widened(constant.gain, effect)
        constant = replace(constant, value=value, gain=gain)
    return replace(
        found,
        metrics=all_widened(found.metrics, effect),
        before=before,
        constant=constant,
        parts=tuple(replace(e, metrics=all_widened(e.metrics, effect)) for e in found.parts),
        effect=effect,
    )


def parts_of(log: Log, now: datetime, sample: Sample, by: str) -> tuple[Part, ...]:
    """Measure each slice of some rows, the worst first."""
    found = metrics_of(log, now, sample, {"slice": log.column(by)})
    parts = [Part(key[0], measured) for key, measured in found.items()]
    return worst_first(headline_metric(log.source.task), parts)


def chunks_of(log: Log, now: datetime, sample: Sample, before: Before | None) -> tuple[Chunk, ...]:
    """Measure each chunk of some rows, after those of the reference set where it is compared."""
    by = {"chunk": log.column("chunk")}
    found = []
    for rows in [before.sample, sample] if before and before.reference else [sample]:
        times, ranked = chunk_times(log, rows), ranks(log, now, rows, by)
        for key, tally in tallies(log, now, rows, by).items():
            chunk, measured = chunk_number(key), metrics(tally, ranked.get(key, ()))
            when = times.get(chunk, UNKNOWN)
            found.append(Chunk(rows.dataset, chunk, when, measured, confusion_of(tally)))
    return tuple(found)
