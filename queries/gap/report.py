"""One model in production against its reference set: in all, by slice, by age of the version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queries.core.doors.rows import Dataset
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.reading import Reading
from queries.core.value import Cell
from queries.measures.counting.expressions import Sample
from queries.measures.outcomes.outcome import outcomes_kept
from queries.measures.performance.before import Before, reference_before
from queries.measures.performance.metrics import METRICS, Metrics, headline_metric, worsened
from queries.measures.performance.releases import Age, ages
from queries.measures.performance.report import Report, report_against
from queries.measures.performance.tally import metrics_of
from queries.statistics.differences import change, wider
from queries.statistics.multiplicity import picked_level


@dataclass(frozen=True, slots=True)
class GapPart:
    """One slice in production and in the reference set.

    ``own`` says that the reference set has the slice; it is held against all of that otherwise.
    ``gap`` is production less reference, at the level for so many slices, and ``worse`` whether
    that is for the worse beyond chance and by enough (None where it can't be said).
    """

    value: Cell
    now: Metrics
    before: Metrics
    own: bool
    gap: Number
    worse: bool | None


@dataclass(frozen=True)
class Gap:
    """A performance report that is compared with the reference set, and its parts.

    ``decisions`` says whether the reference set has decisions, so that it could be narrowed to
    those that can have an outcome.
    """

    report: Report
    before: Before
    decisions: bool
    parts: tuple[GapPart, ...] = ()
    ages: tuple[Age, ...] = ()


def gap(log: Log, reading: Reading, where: Sequence[Filter], by: str | None) -> Gap:
    """Measure production on complete days, and the reference set whole.

    Raises NotAnswerable without a reference set that can be judged by itself.
    """
    before = _reference(log, reading.now, where)
    decisions = log.has("decision", Dataset.REFERENCE)
    whole = Sample(spans=reading.spans, where=tuple(log.matches(where)))
    with outcomes_kept(log, whole, by, "version"):
        found = report_against(log, reading, where, before)
        if not found.metrics:
            return Gap(found, before, decisions)
        return Gap(
            found,
            before,
            decisions,
            _parts(log, reading.now, found.mature, before, by) if by else (),
            ages(log, reading.now, found.mature),
        )


def _reference(log: Log, now: datetime, where: Sequence[Filter]) -> Before:
    title, section = log.source.title, f"[sources.{log.source.name}.reference]"
    if log.source.reference is None:
        raise NotAnswerable(
            f"{title} has no reference set to compare production with. Declare a training or "
            f"validation set with its outcomes under {section}."
        )
    before = reference_before(log, now, where)
    if before is None:
        raise NotAnswerable(
            f"The reference set of {title} lacks outcomes or predictions. Declare its `outcome` "
            f"under {section}, and log there what the model said."
        )
    return before


def _parts(log: Log, now: datetime, mature: Sample, before: Before, by: str) -> tuple[GapPart, ...]:
    """Hold each slice against its own in the reference set, the largest gap first."""
    key = {"slice": log.column(by)}
    production = metrics_of(log, now, mature, key)
    reference: dict[tuple[Cell, ...], dict[str, Number]] = {}
    if log.has(by, Dataset.REFERENCE):
        reference = metrics_of(log, now, before.sample, key)
    metric, matters = headline_metric(log.source.task), log.source.matters.performance
    # The largest of so many gaps is told first: its interval is that of one picked out.
    level = picked_level(1, max(1, len(production)))
    found = []
    for value, metrics in production.items():
        own = value in reference and reference[value][metric].value is not None
        was = reference[value] if own else before.metrics
        moved = wider(change(metrics[metric], was[metric]), level)
        size = 1.0 if METRICS[metric].unit == "share" else abs(was[metric].value or 0.0)
        found.append(
            GapPart(
                value=value[0],
                now=metrics,
                before=was,
                own=own,
                gap=moved,
                worse=worsened(metric, moved, matters * size),
            )
        )
    turn = 1 if METRICS[metric].better == "higher" else -1

    def place(part: GapPart) -> tuple[bool, float, str]:
        return part.gap.value is None, turn * (part.gap.value or 0.0), str(part.value)

    return tuple(sorted(found, key=place))
