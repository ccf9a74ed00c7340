"""Each user of an experiment once: first exposures, by arm, and what is measured of whom.

All of it is SQL over a relation of the log: first exposures are found by user before anything is
summed up, so no id leaves the engine.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from queries.core.doors.bins import Bucket
from queries.core.experiments import Experiment, ExperimentMetric
from queries.core.log import Log
from queries.core.source import Source
from queries.core.times.reading import Reading
from queries.core.times.spans import Span, naive
from queries.experiment.values import in_time, measured_rows, of_user
from queries.measures.counting.expressions import Condition, Expression

FIRST = "first"
"""The column with a user's first exposure; ``arm0`` and on have that in each arm."""


def users_of(
    log: Log, experiment: Experiment, reading: Reading, where: Sequence[Condition]
) -> sa.Subquery:
    """Give one row a user: the first exposure, that in each arm, and what is measured."""
    metrics = tuple(experiment.metrics.values())
    rows = _rows(log, experiment, reading, metrics, where)
    in_an_arm = sa.case((rows.c.arm.is_not(None), rows.c.exposed))
    # A window and no join: the log is read once for exposures and for what is measured.
    first = sa.func.min(in_an_arm).over(partition_by=rows.c.unit)
    at_first = sa.select(rows, first.label(FIRST)).subquery()
    until = _until(at_first.c[FIRST], experiment, reading)
    counted: dict[str, Expression] = {}
    for at, metric in enumerate(metrics):
        counted |= in_time(at_first, at, metric, until)
    kept = [at_first.c[name] for name in ("unit", FIRST, "arm", "exposed")]
    watched = sa.select(*kept, *(value.label(name) for name, value in counted.items())).subquery()
    measured: dict[str, Expression] = {"rows": sa.func.count()}
    for at in range(len(experiment.arms) + 1):
        in_it = sa.case((watched.c.arm == at, watched.c.exposed))
        measured[f"arm{at}"] = sa.func.min(in_it)
    for at, metric in enumerate(metrics):
        measured |= of_user(watched, at, metric)
    by = (watched.c.unit, watched.c[FIRST])
    return (
        sa.select(*by, *(each.label(name) for name, each in measured.items()))
        .group_by(*by)
        .subquery()
    )


def _rows(
    log: Log,
    experiment: Experiment,
    reading: Reading,
    metrics: Iterable[ExperimentMetric],
    where: Sequence[Condition],
) -> sa.Subquery:
    since = _origin(reading)
    spans = None
    if reading.covered is not None and reading.first is not None:
        # From the log's beginning whatever was asked for: first is first of all.
        spans = (Span(min(reading.first, reading.covered.start), reading.covered.end),)
    columns: dict[str, Expression] = {
        "unit": unit_of(log, experiment),
        "arm": _arm(log, experiment),
        "exposed": _exposed(log),
    }
    if since is not None:
        columns["at"] = Bucket(log.column("time"), since, 1)
    for at, metric in enumerate(metrics):
        columns |= measured_rows(log, at, metric, since)
    belongs = [*where]
    if "experiment" in log.source.roles:
        belongs.append(log.equals("experiment", experiment.name))
    return log.relation(columns, spans=spans, where=belongs)


def _until(first: Expression, experiment: Experiment, reading: Reading) -> Expression | None:
    """Give the second until which a user is watched; None in a log without times."""
    since = _origin(reading)
    if since is None or reading.covered is None:
        return None
    if experiment.window is None:
        seconds = (naive(reading.covered.end) - since).total_seconds()
        # Beyond the last request's own second, so that nobody's last row is cut off.
        return sa.literal(math.ceil(seconds) + 1, sa.BigInteger)
    seconds = round(experiment.window.total_seconds())
    return Bucket(first, since, 1) + sa.literal(seconds, sa.BigInteger)


def _origin(reading: Reading) -> datetime | None:
    return None if reading.first is None else naive(reading.first)


def unit_of(log: Log, experiment: Experiment) -> Expression:
    """Give whom an arm was given to; where the log doesn't tell, each row is one of its own."""
    if name := unit_column(log.source, experiment):
        return log.column(name)
    return sa.func.row_number().over()


def unit_column(source: Source, experiment: Experiment) -> str:
    """Name the column that says whom an arm was given to; nothing where there is none."""
    return experiment.unit or ("entity_id" if "entity_id" in source.roles else "")


def _arm(log: Log, experiment: Experiment) -> Expression:
    """Number the arm, the control first; one that is not declared comes last."""
    arms = experiment.arms
    return sa.case(
        (log.missing("variant"), None),
        *((log.equals("variant", arm), at) for at, arm in enumerate(arms)),
        else_=len(arms),
    )


def _exposed(log: Log) -> Expression:
    if log.source.undated:
        return sa.literal(0)
    if "exposed_at" not in log.source.roles:
        return log.column("time")
    return sa.func.coalesce(log.column("exposed_at"), log.column("time"))
