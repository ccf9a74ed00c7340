"""What an experiment's metrics read of each row, and how that becomes one value a user."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from queries.core.doors.bins import Bucket
from queries.core.errors import NotAnswerable
from queries.core.experiments import ExperimentMetric
from queries.core.log import Log
from queries.measures.counting.expressions import Condition, Expression, finite


def measured_rows(
    log: Log, at: int, metric: ExperimentMetric, since: datetime | None
) -> dict[str, Expression]:
    """Give the columns that a metric needs of each row, numbered as the metric is.

    ``came`` is when an outcome was known, in seconds after ``since``. Raises NotAnswerable where
    a column holds what can't be measured so.
    """
    if metric.kind == "share":
        found = _share(log, at, metric)
    else:
        found = {f"v{at}": _number(log, metric.column, metric)}
        if metric.kind == "ratio":
            found[f"w{at}"] = _number(log, metric.per, metric)
    if since is not None and "outcome" in metric.columns and log.has("outcome_time"):
        found[f"came{at}"] = Bucket(log.column("outcome_time"), since, 1)
    return found


def in_time(
    rows: sa.Subquery, at: int, metric: ExperimentMetric, until: Expression | None
) -> dict[str, Expression]:
    """Give a row's values where they came in time, NULL elsewhere.

    ``until`` is in seconds, as ``at`` of a row, and ``first`` the user's first exposure, as
    ``exposed`` that of a row. All rows came in time where ``until`` is None, without times.
    """
    names = [f"v{at}", f"w{at}"] if metric.kind == "ratio" else [f"v{at}"]
    if until is None:
        return {name: rows.c[name] for name in names}
    inside: Condition = sa.and_(rows.c.exposed >= rows.c.first, rows.c.at < until)
    if f"came{at}" in rows.c:
        came = rows.c[f"came{at}"]
        inside = sa.and_(inside, sa.or_(came.is_(None), came < until))
    return {name: sa.case((inside, rows.c[name])) for name in names}


def of_user(rows: sa.Subquery, at: int, metric: ExperimentMetric) -> dict[str, Expression]:
    """Give a user's value from the rows that came in time, and whether it is known at all."""
    value, zero = rows.c[f"v{at}"], sa.literal(0.0, sa.Double)
    found: dict[str, Expression] = {f"known{at}": sa.case((sa.func.count(value) > 0, 1), else_=0)}
    if metric.kind == "share":
        return found | {f"y{at}": sa.func.coalesce(sa.func.max(value), zero)}
    # Who did nothing counts as zero, or an arm that loses users would seem to gain.
    found[f"y{at}"] = sa.func.coalesce(sa.func.sum(value), zero)
    if metric.kind == "ratio":
        found[f"x{at}"] = sa.func.coalesce(sa.func.sum(rows.c[f"w{at}"]), zero)
    return found


def _share(log: Log, at: int, metric: ExperimentMetric) -> dict[str, Expression]:
    value = metric.value if metric.value is not None else ""
    try:
        hit = log.equals(metric.column, value)
    except ValueError:
        raise NotAnswerable(
            f"{log.source.title} declares that {metric.title} counts “{value}”, but “"
            f"{metric.column}” holds numbers. Correct `value` of this metric in plainlogs.toml."
        ) from None
    known = sa.not_(log.missing(metric.column))
    return {f"v{at}": sa.case((sa.and_(known, hit), 1.0), (known, 0.0))}


def _number(log: Log, name: str, metric: ExperimentMetric) -> Expression:
    kind = log.kind(name)
    if kind == "number":
        return finite(log.column(name))
    if kind == "boolean":
        return sa.case((log.column(name), 1.0), (sa.not_(log.column(name)), 0.0))
    raise NotAnswerable(
        f"“{name}” of {log.source.title} holds no numbers, so “{metric.title}” can't be summed up. "
        "Declare another column for this metric in plainlogs.toml."
    )
