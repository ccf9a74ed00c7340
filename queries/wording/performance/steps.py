"""What to ask next about how good a model is: the questions that its source can answer."""

from __future__ import annotations

from collections.abc import Collection

from queries.core.answer import FollowUp
from queries.core.source import Source, Task
from queries.wording.asked import Asked


def how_good_steps(
    asked: Asked, question: str, by: str | None, *, known: bool, leave_out: Collection[str] = ()
) -> tuple[FollowUp, ...]:
    """Look further back, or split; then the further questions about outcomes, and the inputs.

    ``known`` says that the question could be answered; where it couldn't, for want of outcomes,
    those that need as many are no help.
    """
    steps = [_split(asked, question, by) if known else _further_back(asked, question)]
    steps += [
        FollowUp(label, asked.next(next_))
        for next_, (label, fits) in _questions(asked.source).items()
        if fits and next_ not in (question, *leave_out) and (known or next_ in _WITHOUT_OUTCOMES)
    ]
    return tuple(step for step in steps if step is not None)[:5]


_WITHOUT_OUTCOMES = ("estimate", "inputs")


def _questions(source: Source) -> dict[str, tuple[str, bool]]:
    """Give each question's words, and whether this source can answer it."""
    known = "outcome" in {*source.roles, *source.outcome_columns}
    compared = knows_reference(source)
    return {
        "performance": ("How good is it?", known),
        "estimate": ("How good is it probably?", compared and _scored(source, "binary")),
        "gap": ("Was it only good in the laboratory?", known and compared),
        "calibration": ("Does 80 % mean 80 %?", known and _scored(source, "binary", "multiclass")),
        "inputs": ("Have the inputs changed?", bool(source.features)),
    }


def knows_reference(source: Source) -> bool:
    """Say whether a reference set is declared whose outcomes are known."""
    reference = source.reference
    return reference is not None and bool(reference.outcome or source.outcomes is None)


def _scored(source: Source, *tasks: Task) -> bool:
    scores = source.scores if source.task == "multiclass" else "score" in source.roles
    return source.task in tasks and bool(scores)


def _split(asked: Asked, question: str, by: str | None) -> FollowUp | None:
    other = next((name for name in asked.source.splits if name != by), None)
    if other is None:
        return None
    return FollowUp(f"By {other.replace('_', ' ')}", asked.next(question, by=other))


def _further_back(asked: Asked, question: str) -> FollowUp | None:
    if asked.source.undated or asked.reading.window.text == "last 60 days":
        return None
    return FollowUp("Look further back", f"{question} {asked.source.name} last 60 days")
