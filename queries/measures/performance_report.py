"""One model's performance in one time: in all, over time, by slice and chunk, against before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queries.core.answer import Cell, Number
from queries.core.logs import Dataset, Log
from queries.core.reading import Reading
from queries.measures.delays import MatureDays, mature_days
from queries.measures.expressions import Condition, Sample
from queries.measures.maturity import DayState
from queries.measures.outcomes import Arrived, arrivals
from queries.measures.performance import Constant, Metrics, constant_answer, metrics_of
from queries.measures.periods import comparable


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: what its outcomes are good for, the share that is in, its metrics."""

    day: date
    state: DayState
    arrived: Number
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class Part:
    """One slice's or chunk's metrics. ``dataset`` says of which data."""

    value: Cell
    metrics: Metrics
    dataset: Dataset = Dataset.PRODUCTION


@dataclass(frozen=True)
class Report:
    """What is known of a model's performance.

    ``metrics`` rest on mature days alone (on everything, where the log has no times); empty where
    no day is mature. ``before`` are those of the reference set or of the comparable past,
    ``than`` names which. ``arrived`` counts all rows of the time, mature or not.
    """

    metrics: Metrics
    before: Metrics
    than: str
    constant: Constant | None
    arrived: Arrived
    maturity: MatureDays | None
    days: tuple[Day, ...]
    parts: tuple[Part, ...]
    chunks: tuple[Part, ...]


def report(log: Log, reading: Reading, where: Sequence[Condition], by: str | None) -> Report:
    """Measure everything. Raises NotAnswerable where outcomes or predictions aren't logged."""
    log.column("outcome")
    now, filters = reading.now, tuple(where)
    whole = Sample(spans=reading.spans, where=filters)
    maturity = None
    mature = whole
    if reading.covered:
        maturity = mature_days(log, reading.covered, now, reading.zone, Sample(where=filters))
        mature = Sample(spans=maturity.mature, where=filters)
    judged = maturity is None or bool(maturity.mature)
    metrics = metrics_of(log, now, mature).get((), {}) if judged else {}
    before, than = _before(log, reading, filters) if judged else ({}, "")
    nothing = Arrived(0, 0, 0)
    return Report(
        metrics=metrics,
        before=before,
        than=than,
        constant=constant_answer(log, now, mature) if judged else None,
        arrived=arrivals(log, now, whole).get((), nothing),
        maturity=maturity,
        days=_days(log, reading, whole, maturity) if maturity else (),
        parts=_parts(log, now, mature, by) if by and judged else (),
        chunks=_chunks(log, now, filters) if log.source.chunks else (),
    )


def _before(log: Log, reading: Reading, where: tuple[Condition, ...]) -> tuple[Metrics, str]:
    """The reference set where it has outcomes, else the mature days of the comparable past."""
    reference = log.source.reference
    if reference is not None and (reference.outcome or not log.source.outcomes):
        found = metrics_of(log, reading.now, Sample(Dataset.REFERENCE)).get((), {})
        if any(each.value is not None for each in found.values()):
            return found, "in the reference set"
    if reading.span is None:
        return {}, ""
    past = comparable(
        reading.span, reading.grain, reading.data_through, reading.zone, reading.first
    )
    if not past:
        return {}, ""
    return metrics_of(log, reading.now, Sample(spans=past, where=where)).get(
        (), {}
    ), "in the weeks before"


def _days(log: Log, reading: Reading, whole: Sample, maturity: MatureDays) -> tuple[Day, ...]:
    if not maturity.dates:
        return ()
    first, last = maturity.dates[0], maturity.dates[-1]
    by_day = metrics_of(log, reading.now, whole, {"day": log.day(first, last, reading.zone)})
    return tuple(
        Day(day, each.state, each.arrived, by_day.get(((day - first) // timedelta(days=1),), {}))
        for day, each in zip(maturity.dates, maturity.maturity.days, strict=True)
    )


def _parts(log: Log, now: datetime, mature: Sample, by: str) -> tuple[Part, ...]:
    found = metrics_of(log, now, mature, {"slice": log.column(by)})
    return tuple(Part(key[0], metrics) for key, metrics in found.items())


def _chunks(log: Log, now: datetime, where: tuple[Condition, ...]) -> tuple[Part, ...]:
    by = {"chunk": log.column("chunk")}
    samples: Mapping[Dataset, Sample] = {Dataset.PRODUCTION: Sample(where=where)}
    if log.source.reference is not None and log.source.reference.outcome:
        samples = {Dataset.REFERENCE: Sample(Dataset.REFERENCE)} | dict(samples)
    return tuple(
        Part(key[0], metrics, dataset)
        for dataset, sample in samples.items()
        for key, metrics in metrics_of(log, now, sample, by).items()
    )
