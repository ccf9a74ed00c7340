"""A model's scores: what each is of, how it ranks, and the probability that it states."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core.errors import NotAnswerable
from queries.core.logs import Log
from queries.measures.expressions import Condition, Expression, class_name, finite
from queries.measures.outcomes import happened, stated_probability


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
