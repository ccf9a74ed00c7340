"""What two sides are compared by: failures, slow requests, answers, right answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa

from queries.core.doors.constructs import Quantile
from queries.core.log import Log
from queries.core.source import Source
from queries.core.times.spans import Span
from queries.measures.columns.declared import is_left_out, never_ok
from queries.measures.columns.occurring import never_positive
from queries.measures.counting.expressions import Condition, Expression, class_name, finite
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived
from queries.measures.places.subjects import SLOW, right_answers
from queries.measures.predictions.outputs import ROLES, Output, outputs
from queries.measures.pulse.milliseconds import milliseconds
from queries.measures.sides.metric import Metric
from queries.measures.sides.which import Sides

MOST_OUTPUTS = 4
"""So many of the things that a model says are compared, those acted on first."""


def slow_limit(log: Log, sides: Sides, over: int | None) -> float | None:
    """Give the limit beyond which a request is slow: the given one, or the second side's p95.

    That is rounded to two digits, so that it stays the same from one reading to the next. None
    where no latency is known.
    """
    if not log.has("latency_ms"):
        return None
    if over is not None:
        return float(over)
    latency = milliseconds(log)
    rows = log.aggregate(
        {"limit": Quantile(latency, SLOW)},
        by={"side": sides.index},
        spans=sides.sample.spans,
        where=(*sides.sample.where, latency.is_not(None)),
    )
    found = {row["side"]: row["limit"] for row in rows}
    return None if found.get(1) is None else float(f"{found[1]:.2g}")


def metrics(
    log: Log,
    now: datetime,
    sides: Sides,
    limit: float | None,
    mature: Sequence[Span] | None,
) -> Iterator[Metric]:
    """List what can be compared. ``mature`` are the spans whose outcomes are in, None for all.

    Raises NotAnswerable where declared values can't be in their columns.
    """
    matters = log.source.matters
    if log.has("failed") and not is_left_out(log, never_ok(log)):
        failed = log.column("failed")
        # Without an else: of a request without a status nobody knows whether it failed.
        flag = sa.case((failed.is_(True), 1.0), (failed.is_(False), 0.0))
        yield Metric("errors", flag, "higher", matters.error_rate)
    if limit is not None:
        latency = milliseconds(log)
        # Without an else: a request whose latency isn't known is neither slow nor fast.
        slow = sa.case((latency > limit, 1.0), (latency <= limit, 0.0))
        yield Metric("slow", slow, "higher", (1 - SLOW) * matters.latency, limit)
    yield from _outcomes(log, now, mature)
    if log.has("value"):
        worth = finite(log.column("value"))
        column = log.source.roles["value"]
        yield Metric("value", worth, "lower", matters.output, column, share=False)
    for each in _said(log, sides)[:MOST_OUTPUTS]:
        share = each.value is not None
        size = matters.decision_rate if share else matters.output
        yield Metric(
            name=each.name,
            expression=each.expression,
            worse="",
            matters=size,
            value=each.value or "",
            share=share,
        )


def _outcomes(log: Log, now: datetime, mature: Sequence[Span] | None) -> Iterator[Metric]:
    source, scored = log.source, log.has("score") and log.has("threshold")
    known = log.has("prediction") or (source.task == "binary" and scored)
    if not log.has("outcome") or source.task == "none" or not known:
        return
    if is_left_out(log, never_positive(log)):
        return
    in_time = () if mature is None else (log.period(mature).is_not(None),)
    if source.task == "regression":
        off = sa.func.abs(finite(log.column("outcome")) - finite(log.column("prediction")))
        where = (*can_have_outcome(log), has_arrived(log, now), *in_time)
        yield Metric("off", _where(where, off), "higher", source.matters.performance, share=False)
        return
    right = right_answers(log, now)
    where = (*right.where, *in_time)
    yield Metric("right", _where(where, _flag(right.hit)), "lower", source.matters.performance)


def _said(log: Log, sides: Sides) -> Sequence[Output]:
    """What the model says, where it says anything."""
    if not any(log.has(name) for name in (*ROLES, *log.source.metrics)):
        return ()
    return outputs(log, (sides.sample,))


def favourable(found: Sequence[Metric], source: Source) -> int | None:
    """Find the share of favourable decisions, else of positive predictions, among metrics."""
    named = ("prediction", class_name(source.positive)) if source.task == "binary" else None
    if source.favourable is not None:
        named = "decision", class_name(source.favourable)
    places = (at for at, each in enumerate(found) if (each.name, each.value) == named)
    return next(places, None)


def _flag(condition: Condition) -> Expression:
    return sa.cast(sa.case((condition, 1.0), else_=0.0), sa.Double)


def _where(conditions: Sequence[Condition], value: Expression) -> Expression:
    """A value where all conditions hold, else NULL."""
    return sa.case((sa.and_(*conditions), value))
