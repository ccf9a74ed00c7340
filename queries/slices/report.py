"""Slices of one model in one time: where it is worst, and what explains the change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.times.spans import Span, overlap
from queries.core.value import Cell
from queries.measures.counting.expressions import Sample
from queries.measures.failures.carriers import carriers
from queries.measures.outcomes.delays import mature_days
from queries.measures.outcomes.maturity import DayState
from queries.measures.past.periods import comparable
from queries.measures.places.counts import count_subgroups
from queries.measures.places.decomposition import Decomposition, decompose
from queries.measures.places.standings import Standing, standings, too_small
from queries.measures.places.subgroups import NOTHING, Subgroups
from queries.measures.places.subjects import Of, Subject, subject
from queries.statistics.usual import Usual, usual_rate


@dataclass(frozen=True)
class SliceReport:
    """What is known of a model's slices.

    ``usual`` is the rate of all requests against the comparable past, ``standings`` the slices,
    worst first. ``accounts`` divide the change by dimension. ``carrier`` is the dimension and the
    value that carry the change, beyond what all slices share. ``small`` counts the slices too
    small to say, ``apart`` the days left out since their outcomes aren't in.
    """

    subject: Subject
    counted: Subgroups
    usual: Usual
    standings: tuple[Standing, ...]
    accounts: tuple[Decomposition, ...]
    carrier: tuple[str, Cell] | None
    small: int
    apart: int = 0

    @property
    def worst(self) -> tuple[Standing, ...]:
        """The slices that stand out by themselves, worst first."""
        return tuple(each for each in self.standings if each.worst and each.through is None)


def slice_report(
    log: Log, reading: Reading, where: Sequence[Filter], of: Of, dimensions: Sequence[str]
) -> SliceReport:
    """Count and compare everything. Raises NotAnswerable where the log lacks what ``of`` takes."""
    spans = _spans(reading)
    # What counts as slow is taken from the past, so that a slow present doesn't excuse itself.
    judged = subject(log, of, reading.now, spans[1:] or spans)
    conditions = log.matches(where)
    periods, apart = [[span] for span in spans] or [[]], 0
    if of == "performance" and spans:
        periods, apart = _mature(log, reading, spans, Sample(where=tuple(conditions)))
        if not periods[0]:
            return SliceReport(
                subject=judged,
                counted=NOTHING,
                usual=usual_rate((), (0, 0)),
                standings=(),
                accounts=(),
                carrier=None,
                small=0,
                apart=apart,
            )
    counted = count_subgroups(log, dimensions, judged, periods, conditions)
    total = counted.total
    accounts = (decompose(counted.of(name)) for name in dimensions)
    return SliceReport(
        subject=judged,
        counted=counted,
        usual=usual_rate(total.past, total.now),
        standings=standings(counted, judged.worse, judged.matters),
        accounts=tuple(each for each in accounts if each is not None),
        carrier=_carrier(counted) if total.past else None,
        small=too_small(counted),
        apart=apart,
    )


def _carrier(counted: Subgroups) -> tuple[str, Cell] | None:
    """The slice that carries the change of the whole most clearly, of those with a past."""
    ranked = carriers([each.as_slice() for each in counted.single])
    known = (each for each in ranked if each.carries and each.here.usual.value is not None)
    return next(((each.dimension, each.value) for each in known), None)


def _mature(
    log: Log, reading: Reading, spans: Sequence[Span], rows: Sample
) -> tuple[list[list[Span]], int]:
    """Give the mature days of each period, and how many of the present's days are left out."""
    whole = Span(min(span.start for span in spans), spans[0].end)
    found = mature_days(log, whole, reading.now, reading.zone, rows)
    first = spans[0].start.astimezone(reading.zone).date()
    apart = sum(
        day >= first and each.state not in (DayState.MATURE, DayState.EMPTY)
        for day, each in zip(found.dates, found.maturity.days, strict=True)
    )
    periods = [[both for day in found.mature if (both := overlap(span, day))] for span in spans]
    return periods, apart


def _spans(reading: Reading) -> tuple[Span, ...]:
    """Give the span asked for and those of the comparable past; nothing where nothing is dated."""
    if reading.span is None:
        return ()
    past = comparable(
        reading.asked_span, reading.grain, reading.data_through, reading.zone, reading.first
    )
    return (reading.covered_span, *past)
