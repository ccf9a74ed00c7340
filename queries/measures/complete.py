"""The rows of a time whose outcomes are in, whatever the model said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from queries.core.filters import Filter
from queries.core.logs import Log
from queries.core.reading import Reading
from queries.measures.delays import mature_days
from queries.measures.expressions import Sample
from queries.measures.maturity import DayState
from queries.measures.outcomes import Arrived, arrivals


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
        arrived = arrivals(log, reading.now, whole).get((), Arrived(0, 0, 0))
        return Complete(whole, arrived, arrived)
    rows = Sample(where=conditions)
    found = mature_days(log, reading.covered, reading.now, reading.zone, rows)
    maturity = found.maturity
    asked = Sample(spans=reading.spans, where=conditions)
    return Complete(
        Sample(spans=found.mature, where=conditions),
        arrivals(log, reading.now, asked).get((), Arrived(0, 0, 0)),
        Arrived(maturity.mature_rows, maturity.mature_outcomes, maturity.mature_outcomes),
        dict(zip(found.dates, (each.state for each in maturity.days), strict=True)),
        maturity.usual_days,
    )
