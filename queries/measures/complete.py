"""The rows of a time whose outcomes are in, whatever the model said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, timedelta

from queries.core.filters import Filter
from queries.core.logs import Dataset, Log
from queries.core.reading import Reading
from queries.measures.delays import mature_days
from queries.measures.expressions import Sample
from queries.measures.maturity import DayState
from queries.measures.outcomes import Arrived, arrivals, in_all

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
    log.column("outcome")
    conditions = tuple(log.matches(where))
    if reading.covered is None:
        whole = Sample(where=conditions)
        arrived = arrivals(log, reading.now, whole).get((), _NONE)
        return Complete(whole, arrived, arrived)
    zone, rows = reading.zone, Sample(where=conditions)
    found = mature_days(log, reading.covered, reading.now, zone, rows)
    if not found.dates:
        return Complete(Sample(spans=(), where=conditions), _NONE, _NONE)
    states = dict(zip(found.dates, (each.state for each in found.maturity.days), strict=True))
    first, last = found.dates[0], found.dates[-1]
    asked = Sample(spans=reading.spans, where=conditions)
    by_day = arrivals(log, reading.now, asked, {"day": log.day(first, last, zone)})
    good = {
        ((day - first) // timedelta(days=1),)
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
