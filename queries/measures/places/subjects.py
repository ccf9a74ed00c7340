"""What slices are judged by: which requests count, and what is counted of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import sqlalchemy as sa

from queries.core.doors.constructs import Quantile
from queries.core.errors import NotAnswerable
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.columns.declared import check_favourable, check_ok_status, check_values
from queries.measures.counting.expressions import Condition, finite
from queries.measures.counting.layout import to_read
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived
from queries.measures.predictions.scores import happened, predicted_positive

Of = Literal["errors", "performance", "decisions", "slow"]
SUBJECTS: tuple[Of, ...] = get_args(Of)
SLOW = 0.95
"""Slow is what lies beyond this quantile of the usual latency."""
_DIGITS = 4
"""So many digits of that are kept: with fewer, little may lie beyond it of a steady latency."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A share to compare slices by: the requests that ``hit``, of those that ``where`` lets in.

    ``worse`` says which way is worse, ``matters`` the smallest difference worth acting on, as a
    share of 1. ``counted`` names what is hit: the limit in milliseconds, or a class.
    """

    of: Of
    hit: Condition
    where: tuple[Condition, ...]
    worse: Literal["higher", "lower"]
    matters: float
    counted: str | float = ""


def default_subject(log: Log) -> Of:
    """Failures where they are logged, else right answers, decisions, or slow requests.

    Raises NotAnswerable where the log has nothing of these.
    """
    has: dict[Of, bool] = {
        "errors": log.has("failed"),
        "performance": log.has("outcome") and log.source.task in ("binary", "multiclass"),
        "decisions": log.has("decision") or log.has("prediction"),
        "slow": log.has("latency_ms"),
    }
    for of, possible in has.items():
        if possible:
            return of
    log.column("failed")  # says what to declare
    return "errors"


def subject(log: Log, of: Of, now: datetime, spans: Sequence[Span]) -> Subject:
    """Say what is counted; ``spans`` are those of the comparable past, else the time asked for.

    Raises NotAnswerable where the log lacks what it takes, naming what to declare.
    """
    if of == "performance":
        return right_answers(log, now)
    if of == "decisions":
        return _decided(log)
    if of == "slow":
        return _slow(log, spans)
    failed = log.column("failed")
    check_ok_status(log)
    known = (failed.is_not(None),)
    return Subject("errors", failed.is_(True), known, "higher", log.source.matters.error_rate)


def right_answers(log: Log, now: datetime) -> Subject:
    """The share of right answers among those whose outcome is in.

    Raises NotAnswerable where the model doesn't predict classes.
    """
    source = log.source
    if source.task not in ("binary", "multiclass"):
        raise NotAnswerable(
            f"{source.title} doesn't predict classes, so that no answer is right or wrong. "
            f"Ask `performance {source.name}` and split it by a column."
        )
    check_values(log)
    right: Condition
    known: Condition
    if source.task == "binary":
        said = predicted_positive(log)
        right, known = said == happened(log), said.is_not(None)
    else:
        right, known = _same_class(log), sa.not_(log.missing("prediction"))
    where = (*can_have_outcome(log), has_arrived(log, now), known)
    return Subject("performance", right, where, "lower", source.matters.performance)


def _same_class(log: Log) -> Condition:
    said, was = log.column("prediction"), log.column("outcome")
    if log.kind("prediction") == log.kind("outcome"):
        return said == was
    # Two files may hold the classes 1 and "1", which no engine compares without a cast.
    return sa.cast(said, sa.String) == sa.cast(was, sa.String)


def _decided(log: Log) -> Subject:
    """The favourable decision where one is declared, else the positive prediction."""
    source = log.source
    check_values(log)
    if source.favourable is not None and log.has("decision"):
        check_favourable(log)
        there = (sa.not_(log.missing("decision")),)
        hit, named = log.equals("decision", source.favourable), str(source.favourable)
        return Subject(
            of="decisions",
            hit=hit,
            where=there,
            worse="lower",
            matters=source.matters.performance,
            counted=named,
        )
    if source.task != "binary":
        raise NotAnswerable(
            f"{source.title} declares no favourable decision. Set `favourable` under "
            f"[sources.{source.name}], and which column is the decision under its roles."
        )
    said = predicted_positive(log)
    named = str(source.positive)
    return Subject(
        of="decisions",
        hit=said,
        where=(said.is_not(None),),
        worse="higher",
        matters=source.matters.performance,
        counted=named,
    )


def _slow(log: Log, spans: Sequence[Span]) -> Subject:
    latency = finite(log.column("latency_ms"))
    known = (latency.is_not(None),)
    within = to_read(spans) if spans else None
    limit = log.aggregate({"limit": Quantile(latency, SLOW)}, spans=within, where=known)[0]["limit"]
    # Latency has no share that matters of its own: the same part of the slow ones that are usual.
    matters = (1 - SLOW) * log.source.matters.latency
    # Counted and told by one number that a person can read and type.
    limit = 0.0 if limit is None else float(f"{limit:.{_DIGITS}g}")
    return Subject(
        of="slow", hit=latency > limit, where=known, worse="higher", matters=matters, counted=limit
    )
