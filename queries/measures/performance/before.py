"""What a model's performance is held against: its reference set, or the comparable past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.reading import Reading
from queries.core.times.spans import Span, overlap
from queries.measures.counting.expressions import Expression, Sample
from queries.measures.outcomes.delays import mature_days
from queries.measures.outcomes.outcome import outcomes_kept
from queries.measures.past.periods import comparable
from queries.measures.past.reference import narrowed_reference
from queries.measures.performance.metrics import METRICS, Metrics, headline_metric, worsened
from queries.measures.performance.tally import added, metrics, metrics_of, ranks, tallies
from queries.statistics.differences import change, wider
from queries.statistics.drift import UsualBand, prediction_band
from queries.statistics.estimates import LEVEL
from queries.statistics.multiplicity import picked_level
from queries.statistics.usual import COMPARABLE


@dataclass(frozen=True)
class Before:
    """Metrics to compare with.

    ``reference`` says that they are the reference set's, ``lacking`` which columns it lacks to be
    narrowed as the question is. Otherwise they are of the comparable past's mature days:
    ``periods`` says of how many comparable times, ``usual`` in which band each metric of one more
    would lie, where there are enough of them. ``sample`` are the rows.
    """

    metrics: Metrics
    sample: Sample
    reference: bool
    lacking: tuple[str, ...] = ()
    periods: int = 0
    usual: Mapping[str, UsualBand] | None = None

    def change(self, name: str, now: Number) -> Number:
        """Give how far a metric moved."""
        return change(now, self.metrics[name])

    def is_worse(self, name: str, now: Number, matters: float, level: float = LEVEL) -> bool | None:
        """Say whether a metric is worse: beyond chance, beyond the usual, and by enough.

        ``matters`` is absolute for shares, else relative to before; ``level`` that of the interval
        of its change. None where nothing can be said, as with fewer than four comparable times.
        """
        was = self.metrics.get(name)
        if was is None or was.value is None or (not self.reference and not self.usual):
            return None
        least = matters if METRICS[name].unit == "share" else matters * abs(was.value)
        worse = worsened(name, wider(self.change(name, now), level), least)
        # Also outside of the usual: a difference of two estimates doesn't
        # know that times vary anyway.
        if self.usual and worse:
            return self.usual[name].unusual(now.value)
        return worse

    def others_worse(self, metrics: Metrics, first: Sequence[str], matters: float) -> list[str]:
        """Name the metrics that are worse by enough although none of the ``first`` told is.

        Their intervals are corrected for how many they are (Bonferroni), so that one of them is
        called worse by chance as rarely as a single one would be.
        """
        if any(self.is_worse(name, metrics[name], matters) for name in first if name in metrics):
            return []
        others = [name for name in metrics if name not in first]
        level = picked_level(1, max(1, len(others)))
        return [name for name in others if self.is_worse(name, metrics[name], matters, level)]

    def is_slightly_worse(self, name: str, now: Number, matters: float) -> bool:
        """Say whether a metric is worse beyond chance and the usual, but by less than matters."""
        if self.is_worse(name, now, matters) is not False:
            return False
        return bool(self.is_worse(name, now, 0.0))

    def rules_out(self, name: str, now: Number, matters: float) -> bool:
        """Say whether a change for the worse by what matters lies outside of the interval."""
        moved, was = self.change(name, now), self.metrics[name]
        if moved.low is None or moved.high is None:
            return False
        least = matters if METRICS[name].unit == "share" else matters * abs(was.value or 0.0)
        furthest = -moved.low if METRICS[name].better == "higher" else moved.high
        return furthest < least


def performance_before(log: Log, reading: Reading, where: Sequence[Filter]) -> Before | None:
    """Give what to compare with: the reference set where it can be, else the comparable past."""
    name = headline_metric(log.source.task)
    reference = reference_before(log, reading.now, where)
    if reference is not None and _knows(reference, name):
        return reference
    past = None
    if reading.span is not None:
        past = _past(log, reading, Sample(where=tuple(log.matches(where))))
    return past if past is not None and _knows(past, name) else None


def _knows(before: Before, name: str) -> bool:
    number = before.metrics.get(name)
    return number is not None and number.value is not None


def reference_before(log: Log, now: datetime, where: Sequence[Filter]) -> Before | None:
    """Give the reference set's own metrics; None where it can't be judged by itself."""
    reference = log.source.reference
    if reference is None or not (reference.outcome or log.source.outcomes is None):
        return None
    narrowed = narrowed_reference(log, where)
    try:
        found = metrics_of(log, now, narrowed.sample).get((), {})
    except NotAnswerable:  # a training set need not hold predictions
        return None
    return Before(found, narrowed.sample, reference=True, lacking=narrowed.lacking)


def _past(log: Log, reading: Reading, sample: Sample) -> Before | None:
    past = comparable(
        reading.asked_span, reading.grain, reading.data_through, reading.zone, reading.first
    )
    if not past:
        return None
    whole = Span(min(span.start for span in past), max(span.end for span in past))
    mature = mature_days(log, whole, reading.now, reading.zone, sample).mature
    # Early outcomes of a past time would mislead as those of the present do.
    spans = tuple(both for span in past for day in mature if (both := overlap(span, day)))
    if not spans:
        return None
    rows = Sample(spans=spans, where=sample.where)
    by: Mapping[str, Expression] = {"period": log.period(past)}
    with outcomes_kept(log, rows):
        tallied, ranked = tallies(log, reading.now, rows, by), ranks(log, reading.now, rows, by)
        total = added(list(tallied.values()))
        if total is None:
            return None
        # Counts of the periods add up to those of all; ranks within them don't.
        overall = metrics(total, ranks(log, reading.now, rows).get((), ()))
    by_period = [metrics(tally, ranked.get(key, ())) for key, tally in tallied.items()]
    usual = _usual(by_period) if len(by_period) >= COMPARABLE else None
    return Before(overall, rows, reference=False, periods=len(by_period), usual=usual)


def _usual(periods: Sequence[Metrics]) -> Mapping[str, UsualBand]:
    values = {
        name: [number.value for each in periods if (number := each[name]).value is not None]
        for name in periods[0]
    }
    return {name: prediction_band(known) for name, known in values.items()}
