"""How good one model probably is in one time, and how earlier estimates turned out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add

from queries.core.filters import Filter
from queries.core.logs import Dataset, Log, Span
from queries.core.reading import Reading
from queries.measures.calibration import Calibration
from queries.measures.cbpe import Counts
from queries.measures.chunk_times import UNKNOWN, Times, chunk_number, chunk_times
from queries.measures.delays import day_spans
from queries.measures.estimating import REFERENCE, Estimating, estimating
from queries.measures.expressions import Expression, Sample
from queries.measures.maturity import DayState
from queries.measures.metrics import Metrics, headline_metric
from queries.measures.performance_before import Before, reference_before
from queries.measures.performance_report import chunks_of
from queries.measures.performance_slices import Part, worst_first
from queries.measures.performance_tally import metrics, ranks
from queries.measures.realised import Realised, realised
from queries.measures.score_steps import can_say
from queries.measures.unfamiliar import Unfamiliar, unfamiliar_inputs

MOST_DAYS = 400
"""Over more days than this, days are not told apart."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EstimatedDay:
    """One local day's estimates, and what was realised where its outcomes are in."""

    day: date
    requests: int
    estimated: Metrics
    realised: Metrics


@dataclass(frozen=True, slots=True)
class EstimatedChunk:
    """One chunk, numbered from 0 within its dataset's whole log."""

    dataset: Dataset
    chunk: int
    times: Times
    requests: int
    estimated: Metrics
    realised: Metrics


@dataclass(frozen=True, slots=True)
class Checked:
    """Estimates of the requests whose outcomes count, beside what was realised."""

    requests: int
    estimated: Metrics
    realised: Metrics


@dataclass(frozen=True)
class EstimateReport:
    """Estimates for the requests whose outcomes don't count yet; for all, where all do.

    ``pending`` says that it is the former. ``requests`` are those estimated, ``unscored`` further
    ones without a score. ``checked`` is None while no outcome counts. ``reference`` are the
    reference set's own metrics, ``calibration`` how well its scores held as they stand.
    """

    pending: bool
    requests: int
    unscored: int
    estimated: Metrics
    checked: Checked | None
    reference: Before | None
    calibration: Calibration
    unfamiliar: Unfamiliar | None
    days: tuple[EstimatedDay, ...] = ()
    parts: tuple[Part, ...] = ()
    chunks: tuple[EstimatedChunk, ...] = ()


def estimates(
    log: Log, reading: Reading, where: Sequence[Filter], by: str | None
) -> EstimateReport:
    """Estimate by what scores meant in the reference set.

    Raises NotAnswerable like ``estimating``.
    """
    each = estimating(log, reading.now)
    known = None
    if log.has("outcome", Dataset.PRODUCTION) and can_say(log):
        known = realised(log, reading, where)
    rows = Sample(where=tuple(log.matches(where)))
    halves = _dated(each, reading, reading.covered, rows, known) if reading.covered else None
    halves = halves or _undated(each, rows, known)
    pending = bool(halves.pending.n) or not halves.mature.n
    counts, sample = (
        (halves.pending, halves.pending_rows) if pending else (halves.mature, halves.mature_rows)
    )
    before = reference_before(log, reading.now, where)
    return EstimateReport(
        pending=pending,
        requests=counts.n,
        unscored=counts.unscored,
        estimated=each.metrics(counts),
        checked=_checked(each, known, halves.mature),
        reference=before,
        calibration=each.reference_calibration(),
        unfamiliar=unfamiliar_inputs(log, REFERENCE, sample),
        days=halves.days,
        parts=_parts(each, sample, by) if by else (),
        chunks=_chunks(each, rows, reading, known, before) if log.source.chunks else (),
    )


@dataclass(frozen=True)
class _Halves:
    """Requests whose outcomes count, and all others: counts and where they lie."""

    mature: Counts
    mature_rows: Sample
    pending: Counts
    pending_rows: Sample
    days: tuple[EstimatedDay, ...] = ()


def _undated(each: Estimating, rows: Sample, known: Realised | None) -> _Halves:
    counts, nothing = each.counts(rows).get((), each.nothing()), each.nothing()
    if known is not None and known.counted.outcomes:
        return _Halves(counts, rows, nothing, rows)
    return _Halves(nothing, rows, counts, rows)


def _dated(
    each: Estimating, reading: Reading, span: Span, rows: Sample, known: Realised | None
) -> _Halves:
    """Count day by day, so that one pass gives the days and both halves."""
    zone, judged = reading.zone, known.days if known else ()
    first = span.start.astimezone(zone).date()
    last = (span.end - timedelta(microseconds=1)).astimezone(zone).date()
    dates = [first + i * _DAY for i in range((last - first).days + 1)]
    was = {day.day: day.metrics for day in judged if day.state is DayState.MATURE} if known else {}
    young = day_spans((day for day in dates if day not in was), span, zone)
    mature_rows = Sample(spans=known.mature.spans if known else (), where=rows.where)
    pending_rows = Sample(spans=young, where=rows.where)
    if len(dates) > MOST_DAYS:
        mature, pending = (
            each.counts(sample).get((), each.nothing()) for sample in (mature_rows, pending_rows)
        )
        return _Halves(mature, mature_rows, pending, pending_rows)
    by: Mapping[str, Expression] = {"day": each.log.day(first, last, zone)}
    counted = {
        first + int(str(key[0])) * _DAY: counts
        for key, counts in each.counts(Sample(spans=(span,), where=rows.where), by).items()
    }
    estimated = each.each({(str(day),): counts for day, counts in counted.items()})
    days = tuple(
        EstimatedDay(day, counts.n, estimated[(str(day),)], was.get(day, {}))
        for day, counts in sorted(counted.items())
    )
    return _Halves(
        _total(each, (counts for day, counts in counted.items() if day in was)),
        mature_rows,
        _total(each, (counts for day, counts in counted.items() if day not in was)),
        pending_rows,
        days,
    )


def _total(each: Estimating, counted: Iterable[Counts]) -> Counts:
    return reduce(add, counted, each.nothing())


def _checked(each: Estimating, known: Realised | None, counts: Counts) -> Checked | None:
    if known is None or known.tally is None or not counts.n:
        return None
    ranked = ranks(each.log, each.now, known.mature).get((), ())
    return Checked(counts.n, each.metrics(counts), metrics(known.tally, ranked))


def _parts(each: Estimating, sample: Sample, by: str) -> tuple[Part, ...]:
    found = each.each(each.counts(sample, {"slice": each.log.column(by)}))
    parts = [Part(key[0], measured) for key, measured in found.items()]
    metric = headline_metric(each.log.source.task)
    return worst_first(metric if can_say(each.log) else "roc_auc", parts)


def _chunks(
    each: Estimating,
    rows: Sample,
    reading: Reading,
    known: Realised | None,
    before: Before | None,
) -> tuple[EstimatedChunk, ...]:
    by = {"chunk": each.log.column("chunk")}
    whole = Sample(spans=reading.spans, where=rows.where)
    was: dict[tuple[Dataset, int], Metrics] = {}
    if known is not None and known.counted.outcomes:
        measured = chunks_of(each.log, each.now, known.mature, before)
        was = {(one.dataset, one.chunk): one.metrics for one in measured}
    found = []
    for sample in (REFERENCE, whole):
        counted, times = each.counts(sample, by), chunk_times(each.log, sample)
        for key, estimated in each.each(counted).items():
            place = sample.dataset, chunk_number(key)
            when = times.get(place[1], UNKNOWN)
            n = counted[key].n
            found.append(EstimatedChunk(*place, when, n, estimated, was.get(place, {})))
    found.sort(key=lambda one: (one.dataset is Dataset.PRODUCTION, one.chunk))
    return tuple(found)
