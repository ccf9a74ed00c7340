"""The rows of a time whose outcomes are in, whatever the model said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, timedelta

from queries.core.doors.rows import Dataset
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.times.spans import midnight
from queries.measures.counting.expressions import Key, Sample
from queries.measures.outcomes.arrivals import arrivals
from queries.measures.outcomes.delays import MatureDays, mature_days
from queries.measures.outcomes.maturity import DayState
from queries.measures.outcomes.outcome import Arrived, in_all

_NONE = Arrived(0, 0, 0)
_JUDGED_BY = ("time", "decision", "outcome", "outcome_time", "prediction", "score")


@dataclass(frozen=True)
class Complete:
    """The rows of mature days; all of them, where the log has no times.

    ``arrived`` counts all rows of the time, ``counted`` those of mature days, both with their
    outcomes. ``states`` says what each local day's outcomes are good for, ``usual_days`` at which
    age they are in.
    """

    rows: Sample
    arrived: Arrived
    counted: Arrived
    states: Mapping[date, DayState] = field(default_factory=dict)
    usual_days: int | None = None


def complete_rows(log: Log, reading: Reading, where: Sequence[Filter]) -> Complete:
    """Judge the days by how long outcomes take. Raises NotAnswerable without an outcome."""
    # Asked for its refusal: without an outcome it says what to declare.
    log.column("outcome")
    conditions = tuple(log.matches(where))
    if reading.covered is None:
        whole = Sample(where=conditions)
        arrived = arrivals(log, reading.now, whole).get((), _NONE)
        return Complete(whole, arrived, arrived)
    rows = Sample(where=conditions)
    found = mature_days(log, reading.covered, reading.now, reading.zone, rows)
    if not found.dates:
        return Complete(Sample(spans=(), where=conditions), _NONE, _NONE)
    states = dict(zip(found.dates, (each.state for each in found.maturity.days), strict=True))
    by_day = _by_day(log, reading, Sample(spans=reading.spans, where=conditions), found)
    good = {
        ((day - found.dates[0]) // timedelta(days=1),)
        for day, state in states.items()
        if state is DayState.MATURE
    }
    return Complete(
        Sample(spans=found.mature, where=conditions),
        in_all(by_day.values()),
        in_all(each for key, each in by_day.items() if key in good),
        states,
        found.maturity.usual_days,
    )


def _by_day(log: Log, reading: Reading, asked: Sample, found: MatureDays) -> Mapping[Key, Arrived]:
    """Count outcomes by day; those by which days were judged, where these are the same."""
    first, last = found.dates[0], found.dates[-1]
    # Judging has counted whole days up to now without a look at predictions; another pass is
    # saved where that is just what is asked.
    if log.has("prediction") or not _whole_days(reading, first, last):
        return arrivals(log, reading.now, asked, {"day": log.day(first, last, reading.zone)})
    days = enumerate(found.counts)
    return {(at,): Arrived(day.eligible, day.outcomes, day.outcomes) for at, day in days}


def _whole_days(reading: Reading, first: date, last: date) -> bool:
    """Tell whether a time leaves out none of these days' requests."""
    covered, through = reading.covered_span, reading.data_through
    end = midnight(last + timedelta(days=1), reading.zone)
    at_end = covered.end >= end or (through is not None and covered.end > through)
    return covered.start <= midnight(first, reading.zone) and at_end


def every_row_kept(
    log: Log, reading: Reading, where: Sequence[Filter], names: Sequence[str]
) -> AbstractContextManager[None]:
    """Join all rows of a time with their outcomes once, also those that can have none.

    ``names`` are the columns that a block needs beside what outcomes are judged by.
    """
    if log.source.outcomes is None:
        return nullcontext()
    wanted = dict.fromkeys((*_JUDGED_BY, *names))
    held = [name for name in wanted if log.has(name, Dataset.PRODUCTION)]
    return log.kept(held, spans=reading.spans, where=tuple(log.matches(where)))
