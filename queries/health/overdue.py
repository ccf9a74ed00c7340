"""Whether outcomes have stopped coming: looked at where nothing says how right a model was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.times.spans import Span
from queries.measures.counting.expressions import count_where
from queries.measures.outcomes.delays import mature_days
from queries.measures.outcomes.maturity import DayState
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived

LOOKED = timedelta(days=14)
"""So far back is looked for the first day that lacks its outcomes."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """Since which day outcomes are missing that should be in, and for how many requests."""

    since: date
    requests: int
    outcomes: int


def overdue(log: Log, reading: Reading) -> Overdue | None:
    """Find the days up to now that lack their outcomes; None where outcomes come as they did."""
    # Those of the reference alone say nothing of when any should come.
    if not log.has("outcome", Dataset.PRODUCTION) or reading.span is None:
        return None
    end = min(reading.covered_span.end, reading.now - log.source.outcome_delay)
    # A pass over one day tells mostly that all is well; one over two months looks for since when.
    if _some_came(log, reading, Span(end - timedelta(days=1), end)):
        return None
    days = mature_days(log, Span(end - LOOKED, end), reading.now, reading.zone)
    states = [each.state for each in days.maturity.days]
    mature = [at for at, state in enumerate(states) if state is DayState.MATURE]
    after = mature[-1] + 1 if mature else 0
    late = [at for at in range(after, len(states)) if states[at] is DayState.MISSING]
    if not late:
        return None
    counts = [days.counts[at] for at in late]
    return Overdue(
        days.dates[late[0]],
        sum(each.eligible for each in counts),
        sum(each.outcomes for each in counts),
    )


def _some_came(log: Log, reading: Reading, span: Span) -> bool:
    counted = log.aggregate(
        {"n": sa.func.count(), "came": count_where(has_arrived(log, reading.now))},
        spans=(span,),
        where=can_have_outcome(log),
    )[0]
    return bool(counted["came"]) or not counted["n"]
