"""What became of a model's answers in one time: the days whose outcomes are in, and the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.measures.counting.expressions import Expression, Key, Sample
from queries.measures.outcomes.arrivals import arrivals
from queries.measures.outcomes.counts import BinaryOutcomes
from queries.measures.outcomes.delays import MatureDays
from queries.measures.outcomes.maturity import DayState
from queries.measures.outcomes.outcome import Arrived, in_all
from queries.measures.performance.tally import Day, Tally, added, metrics, ranks, tallies
from queries.statistics.rates import wilson

_DAY = timedelta(days=1)
_NONE = Arrived(0, 0, 0)


@dataclass(frozen=True)
class Realised:
    """The rows that count, their tally (None without any), and what stands apart from them.

    Rows of mature days count; all of them, where the log has no times. ``arrived`` counts all rows
    of the time, ``counted`` those of mature days. ``usual`` is the age in days at which outcomes
    are in.
    """

    mature: Sample
    tally: Tally | None
    arrived: Arrived
    counted: Arrived
    days: tuple[Day, ...] = ()
    usual: int | None = None


def realised(log: Log, reading: Reading, whole: Sample, days: MatureDays | None) -> Realised:
    """Tally predictions against outcomes, day by day where days were judged.

    Raises NotAnswerable where outcomes or predictions aren't logged.
    """
    if days is None:
        return _undated(log, reading.now, whole)
    return _dated(log, reading, whole, days)


def _undated(log: Log, now: datetime, whole: Sample) -> Realised:
    tallied = tallies(log, now, whole)
    arrived = _arrived(log, now, whole, tallied).get((), _NONE)
    return Realised(whole, tallied.get(()), arrived, arrived)


def _dated(log: Log, reading: Reading, whole: Sample, found: MatureDays) -> Realised:
    """Tally day by day, so that one pass gives the days and their total."""
    now, mature = reading.now, Sample(spans=found.mature, where=whole.where)
    if not found.dates:
        return Realised(mature, None, _NONE, _NONE)
    first, last = found.dates[0], found.dates[-1]
    by: Mapping[str, Expression] = {"day": log.day(first, last, reading.zone)}
    tallied = tallies(log, now, whole, by)
    arrived = _arrived(log, now, whole, tallied, by)
    keys = [((date_ - first) // _DAY,) for date_ in found.dates]
    states = [each.state for each in found.maturity.days]
    days = tuple(
        _day(date_, state, arrived.get(key), tallied.get(key))
        for date_, state, key in zip(found.dates, states, keys, strict=True)
    )
    good = [key for key, state in zip(keys, states, strict=True) if state is DayState.MATURE]
    return Realised(
        mature=mature,
        tally=added([tallied[key] for key in good if key in tallied]),
        arrived=in_all(arrived.values()),
        counted=in_all(arrived[key] for key in good if key in arrived),
        days=days,
        usual=found.maturity.usual_days,
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
        # Class counts leave out rows without a prediction, whose outcomes
        # have arrived all the same.
        return arrivals(log, now, sample, by)
    return {key: each.arrived for key, each in tallied.items() if isinstance(each, BinaryOutcomes)}


def _day(day: date, state: DayState, arrived: Arrived | None, tally: Tally | None) -> Day:
    came = arrived or _NONE
    share = wilson(came.outcomes, came.rows)
    return Day(day, state, share, metrics(tally) if tally else {}, tally)


def days_ranked(log: Log, reading: Reading, days: Sequence[Day], mature: Sample) -> tuple[Day, ...]:
    """Add to each mature day what scores tell by their order, such as AUC; one pass."""
    if not days or not mature.spans:
        return tuple(days)
    first = days[0].day
    by: Mapping[str, Expression] = {"day": log.day(first, days[-1].day, reading.zone)}
    ranked = ranks(log, reading.now, mature, by)
    return tuple(
        replace(each, metrics=metrics(each.tally, ranked[key]))
        if each.tally and (key := ((each.day - first) // _DAY,)) in ranked
        else each
        for each in days
    )
