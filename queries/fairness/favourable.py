"""What counts as favourable for a person: a decision, an answer, a score, or how it turned out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from queries.core.errors import NotAnswerable
from queries.core.log import Log
from queries.core.source import Scalar
from queries.measures.columns.declared import check_favourable, check_values
from queries.measures.counting.expressions import Condition, finite
from queries.measures.outcomes.outcome import has_arrived
from queries.measures.predictions.scores import happened, predicted_positive

Of = Literal["decision", "prediction", "score", "outcome"]


@dataclass(frozen=True, eq=False)
class Favourable:
    """What is counted. ``known`` holds where it is known at all; ``value`` names it.

    ``declared`` is whether the source says what is favourable; else the positive class stands
    for it. ``positive`` is the condition of the model's positive answer, for what came of it;
    None where the log has no answer.
    """

    of: Of
    hit: Condition
    known: Condition
    value: Scalar
    declared: bool
    positive: Condition | None = None


def favourable(log: Log, of: str | None, cutoff: float | None, now: datetime) -> Favourable:
    """Say what counts: a score against a cut-off, else as asked, else what the log has.

    Raises NotAnswerable where the log lacks it, naming what to declare.
    """
    check_values(log)
    if cutoff is not None:
        return _score(log, cutoff)
    chosen = of or _default(log)
    if chosen == "decision":
        return _decision(log)
    return _outcome(log, now) if chosen == "outcome" else _prediction(log)


def _default(log: Log) -> Of:
    if log.has("decision") and log.source.favourable is not None:
        return "decision"
    if log.has("prediction") or (log.has("score") and log.has("threshold")):
        return "prediction"
    return "outcome" if log.has("outcome") and not log.has("decision") else "decision"


def _decision(log: Log) -> Favourable:
    source, column = log.source, log.column("decision")
    if source.favourable is None:
        raise NotAnswerable(
            f"{source.title} declares no favourable decision. "
            f"Set `favourable` under [sources.{source.name}]."
        )
    check_favourable(log)
    hit = log.equals("decision", source.favourable)
    positive = _said(log) if _answers(log) else hit
    known = sa.and_(column.is_not(None), sa.not_(log.missing("decision")))
    return Favourable(
        of="decision",
        hit=hit,
        known=known,
        value=source.favourable,
        declared=True,
        positive=positive,
    )


def _prediction(log: Log) -> Favourable:
    if not _answers(log):
        log.column("prediction")
    if log.source.task == "binary":
        said = _said(log)
        hit, value, declared = _good(log, said, "prediction")
        return Favourable(
            of="prediction",
            hit=hit,
            known=said.is_not(None),
            value=value,
            declared=declared,
            positive=said,
        )
    value, known = _class(log), sa.not_(log.missing("prediction"))
    return Favourable("prediction", log.equals("prediction", value), known, value, True)


def _score(log: Log, cutoff: float) -> Favourable:
    score = finite(log.column("score"))
    said = score >= cutoff if log.source.score_direction == "higher" else score <= cutoff
    hit, value, declared = _good(log, said, "prediction")
    return Favourable(
        of="score", hit=hit, known=said.is_not(None), value=value, declared=declared, positive=said
    )


def _outcome(log: Log, now: datetime) -> Favourable:
    came = has_arrived(log, now)
    if log.source.task == "binary":
        hit, value, declared = _good(log, happened(log), "outcome")
        return Favourable("outcome", hit, came, value, declared)
    value = _class(log)
    return Favourable("outcome", log.equals("outcome", value), came, value, True)


def _class(log: Log) -> Scalar:
    source = log.source
    if source.favourable is None or log.has("decision"):
        raise NotAnswerable(
            f"{source.title} doesn't say which of its answers is good for a person. "
            f"Set `favourable` under [sources.{source.name}]."
        )
    return source.favourable


def _answers(log: Log) -> bool:
    return log.has("prediction") or (log.has("score") and log.has("threshold"))


def _said(log: Log) -> Condition:
    return predicted_positive(log)


def _good(log: Log, positive: Condition, name: str) -> tuple[Condition, Scalar, bool]:
    """Turn the positive answer round where the other one is declared to be favourable."""
    source = log.source
    if source.favourable is None or log.has("decision"):
        return positive, source.positive, False
    check_favourable(log, name)
    if str(source.favourable) == str(source.positive):
        return positive, source.favourable, True
    return sa.not_(positive), source.favourable, True
