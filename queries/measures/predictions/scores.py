"""A model's scores: what each is of, how it ranks, and the probability that it states."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core.errors import NotAnswerable
from queries.core.log import Log
from queries.measures.counting.expressions import Condition, Expression, class_name, finite


@dataclass(frozen=True, eq=False)
class Score:
    """The score of one class, against all others.

    ``rising`` is the score so turned that more means more likely, ``stated`` the probability that
    it states if it is one; both NULL where it is missing or infinite. ``happened`` is whether the
    class was the outcome.
    """

    label: str
    rising: Expression
    stated: Expression
    happened: Condition


def scores_of(log: Log) -> tuple[Score, ...]:
    """Give the score of a binary model, or that of each class of a multiclass model.

    Raises NotAnswerable where the log has none, with what to declare.
    """
    if log.source.task != "multiclass":
        return (binary_score(log),)
    if found := class_scores(log):
        return found
    raise NotAnswerable(
        f"{log.source.title} has no score for any class. Declare which columns they are in "
        f"[sources.{log.source.name}.roles.scores]."
    )


def binary_score(log: Log) -> Score:
    """Give the score of the positive class. Raises NotAnswerable where the log has none."""
    score = finite(log.column("score"))
    rising = score if log.source.score_direction == "higher" else -score
    label = class_name(log.source.positive)
    return Score(label, rising, stated_probability(log), happened(log))


def class_scores(log: Log) -> tuple[Score, ...]:
    """Give the score of each class that has one of its own."""
    return tuple(
        Score(class_name(label), score, score, log.equals("outcome", label))
        for label in log.source.scores
        if log.has(f"score:{label}")
        for score in [finite(log.column(f"score:{label}"))]
    )


def predicted_positive(log: Log) -> Condition:
    """Whether the positive class was predicted: by the prediction, else by score and threshold.

    NULL where neither is known. Raises NotAnswerable where the log has neither.
    """
    if log.has("prediction") or not (log.has("score") and log.has("threshold")):
        return log.equals("prediction", log.source.positive)
    score, threshold = finite(log.column("score")), finite(log.column("threshold"))
    return score >= threshold if log.source.score_direction == "higher" else score <= threshold


def stated_probability(log: Log) -> Expression:
    """Give how likely a binary model's score makes the positive class, if it is a probability.

    One minus a score that says less when it is higher; NULL where it is missing or infinite.
    Raises NotAnswerable where the log has no score.
    """
    score = finite(log.column("score"))
    return score if log.source.score_direction == "higher" else 1 - score


def happened(log: Log) -> Condition:
    """Whether the positive class happened; NULL where the outcome is unknown."""
    return log.equals("outcome", log.source.positive)
