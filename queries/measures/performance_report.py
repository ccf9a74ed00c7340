"""One model's performance in one time: in all, over time, by slice and chunk, against before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from queries.core.answer import Number
from queries.core.filters import Filter
from queries.core.logs import Dataset, Log, Span
from queries.core.reading import Reading
from queries.measures.chunk_times import UNKNOWN, Times, chunk_number, chunk_times
from queries.measures.classification import Confusion
from queries.measures.clustered import (
    all_widened,
    repeated_entities,
    widened,
    widened_metric,
)
from queries.measures.delays import mature_days
from queries.measures.expressions import Expression, Key, Sample
from queries.measures.maturity import DayState
from queries.measures.metrics import Metrics, headline_metric
from queries.measures.outcomes import Arrived, BinaryOutcomes, arrivals
from queries.measures.performance import Constant, constant_answer, metrics_of
from queries.measures.performance_before import Before, performance_before
from queries.measures.performance_slices import Part, worst_first
from queries.measures.performance_tally import (
    Ranks,
    Tally,
    added,
    confusion_of,
    metrics,
    ranks,
    tallies,
)
from queries.measures.rates import wilson


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: what its outcomes are good for, the share that is in, its metrics."""

    day: date
    state: DayState
    arrived: Number
    metrics: Metrics


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
    time, ``counted`` those of mature days. ``usual_days`` is the age at which outcomes are in.
    ``effect`` is the variance factor by which people who come back widen the intervals; those of
    days and chunks are left as they are.
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
    confusion: Confusion | None = None
    effect: float = 1.0


def report(log: Log, reading: Reading, where: Sequence[Filter], by: str | None) -> Report:
    """Measure everything. Raises NotAnswerable where outcomes or predictions aren't logged."""
    log.column("outcome")
    whole = Sample(spans=reading.spans, where=tuple(log.matches(where)))
    if reading.covered:
        looked = _dated(log, reading, reading.covered, whole)
    else:
        looked = _undated(log, reading.now, whole)
    now, mature, tally = reading.now, looked.mature, looked.tally
    if tally is None:
        return Report({}, None, None, looked.arrived, looked.counted, looked.days, looked.usual)
    before = performance_before(log, reading, where)
    found = Report(
        metrics=metrics(tally, ranks(log, now, mature).get((), ())),
        before=before,
        constant=constant_answer(log, now, mature, tally),
        arrived=looked.arrived,
        counted=looked.counted,
        days=looked.days,
        usual_days=looked.usual,
        parts=_parts(log, now, mature, by) if by else (),
        chunks=_chunks(log, now, mature, before) if log.source.chunks else (),
        confusion=confusion_of(tally),
    )
    return _clustered(found, repeated_entities(log, now, mature))


def _clustered(found: Report, effect: float) -> Report:
    """Widen the intervals of everything that many days went into."""
    before, constant = found.before, found.constant
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


_NONE = Arrived(0, 0, 0)


@dataclass(frozen=True)
class _Looked:
    """The rows that count, their tally (None without any), and what stands apart from them."""

    mature: Sample
    tally: Tally | None
    arrived: Arrived
    counted: Arrived
    days: tuple[Day, ...] = ()
    usual: int | None = None


def _undated(log: Log, now: datetime, whole: Sample) -> _Looked:
    tallied = tallies(log, now, whole)
    arrived = _arrived(log, now, whole, tallied).get((), _NONE)
    return _Looked(whole, tallied.get(()), arrived, arrived)


def _dated(log: Log, reading: Reading, span: Span, whole: Sample) -> _Looked:
    """Tally day by day, so that one pass gives the days and their total."""
    now, rows = reading.now, Sample(where=whole.where)
    found = mature_days(log, span, now, reading.zone, rows)
    mature = Sample(spans=found.mature, where=whole.where)
    if not found.dates:
        return _Looked(mature, None, _NONE, _NONE)
    first, last = found.dates[0], found.dates[-1]
    by: Mapping[str, Expression] = {"day": log.day(first, last, reading.zone)}
    tallied = tallies(log, now, whole, by)
    ranked = ranks(log, now, mature, by) if found.mature else {}  # of other days none is shown
    arrived = _arrived(log, now, whole, tallied, by)
    keys = [((date_ - first) // timedelta(days=1),) for date_ in found.dates]
    states = [each.state for each in found.maturity.days]
    days = tuple(
        _day(date_, state, arrived.get(key), tallied.get(key), ranked.get(key, ()))
        for date_, state, key in zip(found.dates, states, keys, strict=True)
    )
    good = [key for key, state in zip(keys, states, strict=True) if state is DayState.MATURE]
    return _Looked(
        mature,
        added([tallied[key] for key in good if key in tallied]),
        _total(arrived.values()),
        _total(arrived[key] for key in good if key in arrived),
        days,
        found.maturity.usual_days,
    )


def _arrived(
    log: Log,
    now: datetime,
    sample: Sample,
    tallied: Mapping[Key, Tally],
    by: Mapping[str, Expression] | None = None,
) -> Mapping[Key, Arrived]:
    """Give how many outcomes are in; a binary model's tally holds them already."""
    if log.source.task != "binary":
        return arrivals(log, now, sample, by)
    return {key: each.arrived for key, each in tallied.items() if isinstance(each, BinaryOutcomes)}


def _day(
    day: date, state: DayState, arrived: Arrived | None, tally: Tally | None, ranked: Ranks
) -> Day:
    came = arrived or _NONE
    share = wilson(came.outcomes, came.rows)
    return Day(day, state, share, metrics(tally, ranked) if tally else {})


def _total(arrived: Iterable[Arrived]) -> Arrived:
    listed = list(arrived)
    return Arrived(
        sum(each.rows for each in listed),
        sum(each.outcomes for each in listed),
        sum(each.judged for each in listed),
    )


def _parts(log: Log, now: datetime, mature: Sample, by: str) -> tuple[Part, ...]:
    found = metrics_of(log, now, mature, {"slice": log.column(by)})
    parts = [Part(key[0], measured) for key, measured in found.items()]
    return worst_first(headline_metric(log.source.task), parts)


def _chunks(log: Log, now: datetime, mature: Sample, before: Before | None) -> tuple[Chunk, ...]:
    by = {"chunk": log.column("chunk")}
    found = []
    for sample in [before.sample, mature] if before and before.reference else [mature]:
        times, ranked = chunk_times(log, sample), ranks(log, now, sample, by)
        for key, tally in tallies(log, now, sample, by).items():
            chunk, measured = chunk_number(key), metrics(tally, ranked.get(key, ()))
            when = times.get(chunk, UNKNOWN)
            found.append(Chunk(sample.dataset, chunk, when, measured, confusion_of(tally)))
    return tuple(found)
