"""What an experiment's metrics read of each row, and how that becomes one value a user."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from queries.core.bins import Bucket
from queries.core.errors import NotAnswerable
from queries.core.experiments import ExperimentMetric
from queries.core.logs import Log
from queries.measures.expressions import Condition, Expression, finite


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


def of_user(
    rows: sa.Subquery, at: int, metric: ExperimentMetric, until: Expression | None
) -> dict[str, Expression]:
    """Give a user's value, and whether it is known at all, from what came before ``until``.

    ``until`` is in seconds, as ``at`` of a row; None where the log has no times.
    """
    counts = _in_time(rows, at, until)
    value = rows.c[f"v{at}"]
    seen = sa.func.max(sa.case((sa.and_(counts, value.is_not(None)), 1), else_=0))
    if metric.kind == "share":
        hit = sa.func.max(sa.case((sa.and_(counts, value == 1), 1.0), else_=0.0))
        return {f"y{at}": hit, f"known{at}": seen}
    found = {f"y{at}": _summed(value, counts), f"known{at}": seen}
    if metric.kind == "ratio":
        found[f"x{at}"] = _summed(rows.c[f"w{at}"], counts)
    return found


def _summed(value: Expression, counts: Condition) -> Expression:
    zero = sa.literal(0.0, sa.Double)
    return sa.func.sum(sa.case((counts, sa.func.coalesce(value, zero)), else_=zero))


def _in_time(rows: sa.Subquery, at: int, until: Expression | None) -> Condition:
    """Whether a row counts: it came in time, and so did its outcome."""
    if until is None:
        return sa.true()
    if f"came{at}" not in rows.c:
        return rows.c.at < until
    came = rows.c[f"came{at}"]
    return sa.and_(rows.c.at < until, sa.or_(came.is_(None), came < until))


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
    return {f"v{at}": sa.case((sa.and_(known, hit), 1), (known, 0))}


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
