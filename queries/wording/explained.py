"""What explains a change of what a model says: one next question of several answers."""

from __future__ import annotations

from queries.core.answer import FollowUp
from queries.wording.asked import Asked


def explained(asked: Asked) -> tuple[FollowUp, ...]:
    """Ask what a change of the decisions, or of the positive predictions, is made of."""
    roles, source = asked.source.roles.keys(), asked.source
    decided = source.favourable is not None and "decision" in roles
    predicted = "prediction" in roles or {"score", "threshold"} <= roles
    if (
        source.undated
        or not source.splits
        or not (decided or (source.task == "binary" and predicted))
    ):
        return ()
    return (FollowUp("What explains it?", asked.next("slices", of="decisions")),)
