"""How good one model probably is in one time, and how earlier estimates turned out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core.doors.rows import Dataset
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.estimate.days import EstimatedDay, halved
from queries.estimate.estimating import REFERENCE, Estimating, estimating
from queries.estimate.unfamiliar import Unfamiliar, unfamiliar_inputs
from queries.measures.counting.chunk_times import UNKNOWN, Times, chunk_number, chunk_times
from queries.measures.counting.expressions import Sample
from queries.measures.outcomes.delays import judged_days
from queries.measures.outcomes.outcome import outcomes_kept
from queries.measures.outcomes.realised import Realised, realised
from queries.measures.performance.before import Before, reference_before
from queries.measures.performance.metrics import Metrics, headline_metric
from queries.measures.performance.report import chunks_of
from queries.measures.performance.slices import Part, worst_first
from queries.measures.performance.tally import metrics, ranks
from queries.measures.predictions.cbpe import Counts
from queries.measures.predictions.steps import can_say
from queries.statistics.calibration import Calibration
from queries.statistics.estimates import ENOUGH


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
    rows = Sample(spans=reading.spans, where=tuple(log.matches(where)))
    with outcomes_kept(log, rows, by):
        return _report(each, reading, where, rows, by)


def _report(
    each: Estimating, reading: Reading, where: Sequence[Filter], rows: Sample, by: str | None
) -> EstimateReport:
    log, known = each.log, None
    if log.has("outcome", Dataset.PRODUCTION) and can_say(log):
        known = realised(log, reading, rows, judged_days(log, reading, rows))
    halves = halved(each, reading, rows, known)
    # A handful still to come is no news: then all whose outcomes are in are told.
    pending = halves.pending.n >= ENOUGH or not halves.mature.n
    told = halves.pending if pending else halves.mature
    sample = halves.pending_rows if pending else halves.mature_rows
    before = reference_before(log, reading.now, where)
    return EstimateReport(
        pending=pending,
        requests=told.n,
        unscored=told.unscored,
        estimated=each.metrics(told),
        checked=_checked(each, known, halves.mature),
        reference=before,
        # Of the whole reference set, as the steps are that the estimates rest on.
        calibration=each.reference_calibration(),
        unfamiliar=unfamiliar_inputs(log, REFERENCE, sample),
        days=halves.days,
        parts=_parts(each, sample, by) if by else (),
        chunks=_chunks(each, rows, known, before) if log.source.chunks else (),
    )


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
    known: Realised | None,
    before: Before | None,
) -> tuple[EstimatedChunk, ...]:
    by = {"chunk": each.log.column("chunk")}
    was: dict[tuple[Dataset, int], Metrics] = {}
    if known is not None and known.counted.outcomes:
        measured = chunks_of(each.log, each.now, known.mature, before)
        was = {(one.dataset, one.chunk): one.metrics for one in measured}
    found = []
    for sample in (REFERENCE, rows):
        counted, times = each.counts(sample, by), chunk_times(each.log, sample)
        for key, estimated in each.each(counted).items():
            place = sample.dataset, chunk_number(key)
            when = times.get(place[1], UNKNOWN)
            n = counted[key].n
            found.append(EstimatedChunk(*place, when, n, estimated, was.get(place, {})))
    found.sort(key=lambda one: (one.dataset is Dataset.PRODUCTION, one.chunk))
    return tuple(found)
