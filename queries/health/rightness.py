"""How often a model was right lately, as far as outcomes are in: one cheap pass of five days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from queries.core.errors import NotAnswerable
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.reading import Reading
from queries.core.times.spans import Span
from queries.measures.columns.declared import is_left_out
from queries.measures.columns.occurring import never_positive
from queries.measures.counting.expressions import Key, Sample
from queries.measures.outcomes.counts import BinaryOutcomes
from queries.measures.past.periods import comparable
from queries.measures.performance.residuals import Residuals
from queries.measures.performance.tally import Tally, tallies
from queries.statistics.estimates import ENOUGH
from queries.statistics.regression import regression_metrics
from queries.statistics.usual import Usual, usual_rate
from queries.statistics.usual_values import usual_value

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rightness:
    """The share of right answers, or for numbers the average error, of the latest known requests.

    ``span`` is theirs: as long as the time asked for, ending when outcomes are usually in.
    ``worse`` is so beyond how it varied, and by what the source says matters.
    """

    span: Span
    usual: Usual
    share: bool
    worse: bool


def rightness(log: Log, reading: Reading) -> Rightness | None:
    """Compare the latest requests whose outcomes are due with the same time of past weeks.

    None where nothing is known: no task, no outcomes, or fewer of them in than before.
    """
    if log.source.task == "none" or not log.has("outcome"):
        return None
    if is_left_out(log, never_positive(log)):
        return None
    end = min(reading.covered_span.end, reading.now - log.source.outcome_delay)
    # A day at least: outcomes of an hour are few, and tell of the hour.
    length = max(DAY, reading.asked_span.end - reading.asked_span.start)
    span = Span(end - length, end)
    spans = (span, *comparable(span, "rolling", end, reading.zone, reading.first))
    try:
        found = tallies(log, reading.now, Sample(spans=spans), {"period": log.period(spans)})
    except (NotAnswerable, ValueError):
        return None  # without a prediction, or with classes that its columns can't hold
    parts = [found.get(_key(period)) for period in range(len(spans))]
    if log.source.task == "regression":
        return _of_numbers(parts, span, log.source.matters.performance)
    return _of_classes(parts, span, log.source.matters.performance)


def _key(period: int) -> Key:
    return (period,)


def _of_classes(parts: Sequence[Tally | None], span: Span, matters: float) -> Rightness | None:
    # Early outcomes differ from late ones, so that fewer of them than usual say nothing yet.
    if _still_to_come(parts):
        return None
    now, *past = (_right(each) for each in parts)
    if now[1] < ENOUGH:
        return None
    usual = usual_rate(past, now)
    lost = (usual.usual.value or 0.0) - (usual.now.value or 0.0)
    return Rightness(span, usual, share=True, worse=bool(usual.unusual) and lost >= matters)


def _right(tally: Tally | None) -> tuple[int, int]:
    confusion = tally.confusion if isinstance(tally, BinaryOutcomes) else tally
    if confusion is None or isinstance(confusion, Residuals):
        return 0, 0
    right = sum(n for (actual, said), n in confusion.counts.items() if actual == said)
    return right, confusion.n


def _still_to_come(parts: Sequence[Tally | None]) -> bool:
    """Say whether clearly fewer of the outcomes are in than of the same time before."""
    arrived = [each.arrived for each in parts if isinstance(each, BinaryOutcomes)]
    if len(arrived) < 2:
        return False
    now, *past = ((each.outcomes, each.rows) for each in arrived)
    usual = usual_rate(past, now)
    return (usual.now.value or 0.0) < 0.95 * (usual.usual.value or 0.0)


def _of_numbers(parts: Sequence[Tally | None], span: Span, matters: float) -> Rightness | None:
    now, *past = (_error(each) for each in parts)
    if now is None or now.n < ENOUGH:
        return None
    usual = usual_value([each for each in past if each], now)
    grown = (usual.times.value or 0.0) >= 1 + matters
    return Rightness(span, usual, share=False, worse=bool(usual.unusual) and grown)


def _error(tally: Tally | None) -> Number | None:
    return regression_metrics(tally.model)["mae"] if isinstance(tally, Residuals) else None
