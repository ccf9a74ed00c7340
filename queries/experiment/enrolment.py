"""Who takes part in an experiment, each user once, and what is measured of them: one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from queries.core.experiments import Experiment, ExperimentMetric
from queries.core.log import Log
from queries.core.times.index import day_index
from queries.core.times.reading import Reading
from queries.core.times.spans import naive
from queries.experiment.exposures import FIRST, users_of
from queries.measures.counting.expressions import Condition, Expression, total
from queries.statistics.moments import Sums


class Standing(StrEnum):
    """What becomes of a user; only the finished ones are compared."""

    FINISHED = "finished"
    OPEN = "window not over"
    CROSSED = "seen in several arms"
    CONTRADICTED = "in several arms at once"
    UNDECLARED = "in an arm that is not declared"
    ARMLESS = "without an arm"
    EARLIER = "exposed before the time asked for"
    LATER = "exposed after the end"
    NOBODY = "rows without a user"


@dataclass(frozen=True, slots=True)
class Group:
    """Users of one standing and arm, and of one day of first exposure where they are finished.

    ``arm`` counts from 0, the control; None where there is none. ``sums`` are by metric, over
    users; ``known`` counts those of whom a metric's column is known at all.
    """

    standing: Standing
    arm: int | None
    day: int | None
    users: int
    rows: int
    sums: Mapping[str, Sums]
    known: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Period:
    """When users count: first exposed from ``since`` on, and finished before ``closed``.

    ``since`` is None where the whole log was asked for. The days are those of first exposures;
    all are None where the log has no times.
    """

    since: datetime | None = None
    closed: datetime | None = None
    first: date | None = None
    last: date | None = None


def period_of(experiment: Experiment, reading: Reading) -> Period:
    """Give when users of an experiment count, for a time that was asked for."""
    if reading.covered is None or reading.first is None:
        return Period()
    covered = reading.covered
    return Period(
        covered.start if covered.start > reading.first else None,
        # Only whose whole window has passed: younger users had less time to do what is counted.
        covered.end - (experiment.window or timedelta(0)),
        max(covered.start, reading.first).astimezone(reading.zone).date(),
        covered.end.astimezone(reading.zone).date(),
    )


def enrolment(
    log: Log,
    experiment: Experiment,
    reading: Reading,
    where: Sequence[Condition],
) -> tuple[Group, ...]:
    """Count users by standing, arm and day, and sum up what is measured of the finished ones.

    Rows from the log's beginning are read, so that the first exposure is the first. Uses a
    relation: first exposures are found by user before anything is summed up, so no id leaves the
    engine.
    """
    period, metrics = period_of(experiment, reading), tuple(experiment.metrics.values())
    groups = tuple(
        _group(row, metrics) for row in log.run(_groups(log, experiment, reading, period, where))
    )
    # The log takes the rows of the result for those that were read.
    log.statements[-1] = replace(log.statements[-1], rows=sum(each.rows for each in groups))
    return groups


def _groups(
    log: Log,
    experiment: Experiment,
    reading: Reading,
    period: Period,
    where: Sequence[Condition],
) -> sa.Select[Any]:
    users = users_of(log, experiment, reading, where)
    arms = [users.c[f"arm{at}"] for at in range(len(experiment.arms) + 1)]
    standing = _standing(users, arms, experiment, period).label("standing")
    arm = sa.case(*((users.c[FIRST] == each, at) for at, each in enumerate(arms[:-1])), else_=None)
    standings = sa.select(users, standing, arm.label("arm")).subquery()
    day: Expression = sa.cast(sa.null(), sa.BigInteger)
    if period.first and period.last:
        finished = standings.c.standing == Standing.FINISHED.value
        counted = day_index(standings.c[FIRST], period.first, period.last, reading.zone)
        # Who was exposed before the log began counts from its first day on.
        day = sa.case((finished, sa.func.coalesce(counted, 0)), else_=None)
    placed = sa.select(standings, day.label("day")).subquery()
    by = [placed.c.standing, placed.c.arm, placed.c.day]
    measures: dict[str, Expression] = {
        "users": sa.func.count(),
        "rows": sa.func.sum(placed.c["rows"]),
    }
    for at, metric in enumerate(experiment.metrics.values()):
        measures |= _sums(placed, at, metric)
    labelled = (measure.label(name) for name, measure in measures.items())
    return sa.select(*by, *labelled).group_by(*by)


def _standing(
    users: sa.Subquery, arms: Sequence[Expression], experiment: Experiment, period: Period
) -> Expression:
    first = users.c[FIRST]
    several = sum((sa.case((each.is_not(None), 1), else_=0) for each in arms), sa.literal(0))
    at_once = sum((sa.case((each == first, 1), else_=0) for each in arms), sa.literal(0))
    # The first that holds counts, so that the order says why somebody is left out.
    cases: list[tuple[Condition, Standing]] = [
        (users.c.unit.is_(None), Standing.NOBODY),
        (several == 0, Standing.ARMLESS),
    ]
    if period.since is not None:
        cases.append((first < naive(period.since), Standing.EARLIER))
    if period.closed is not None and experiment.ends is not None:
        cases.append((first >= naive(experiment.ends), Standing.LATER))
    cases += [
        # Before those who crossed: whoever was in two arms at one moment has no first one.
        (at_once > 1, Standing.CONTRADICTED),
        (sa.and_(several > 1, arms[-1].is_(None)), Standing.CROSSED),
        (sa.and_(several > 1, arms[-1] != first), Standing.CROSSED),
        (arms[-1].is_not(None), Standing.UNDECLARED),
    ]
    if period.closed is not None:
        cases.append((first >= naive(period.closed), Standing.OPEN))
    whens = ((condition, sa.literal(each.value)) for condition, each in cases)
    return sa.case(*whens, else_=sa.literal(Standing.FINISHED.value))


def _sums(users: sa.Subquery, at: int, metric: ExperimentMetric) -> dict[str, Expression]:
    y, known = users.c[f"y{at}"], users.c[f"known{at}"]
    found = {f"y{at}": total(y), f"yy{at}": total(y * y), f"known{at}": sa.func.sum(known)}
    if metric.kind == "ratio":
        x = users.c[f"x{at}"]
        found |= {f"x{at}": total(x), f"xx{at}": total(x * x), f"xy{at}": total(x * y)}
    return found


def _group(row: Mapping[str, Any], metrics: Sequence[ExperimentMetric]) -> Group:
    n = int(row["users"])
    return Group(
        standing=Standing(row["standing"]),
        arm=row["arm"],
        day=row["day"],
        users=n,
        rows=int(row["rows"]),
        sums={
            each.name: Sums(
                n, *(float(row.get(f"{name}{at}", 0.0)) for name in ("y", "yy", "x", "xx", "xy"))
            )
            for at, each in enumerate(metrics)
        },
        known={each.name: int(row[f"known{at}"]) for at, each in enumerate(metrics)},
    )
