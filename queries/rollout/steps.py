"""What to ask next of a rollout: what it was held for, and what it was not."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import FollowUp
from queries.rollout.guardrails import State, Verdict
from queries.rollout.told import Told
from queries.wording.sides.names import both

MOST = 5
_OF = {
    "errors": ("errors", "What fails?"),
    "slow": ("latency", "Is it slow?"),
    "right": ("performance", "How good is it?"),
    "off": ("performance", "How good is it?"),
}


def next_steps(told: Told) -> tuple[FollowUp, ...]:
    """Look at both versions side by side, and at what is worse."""
    return tuple(_steps(told))[:MOST]


def _steps(told: Told) -> Iterator[FollowUp]:
    asked, report = told.asked, told.report
    sides = report.found.sides
    yield FollowUp("Both side by side", asked.next("compare", between=both(asked, sides)))
    worse = [report.guardrails[at].change for at in report.of(State.WORSE)]
    if change := next((each for each in worse if each is not None), None):
        text = asked.next("fairness", by=change.attribute)
        yield FollowUp("Are groups treated alike?", text)
    asked_already = set()
    for at in report.of(State.WORSE, State.CHANGED):
        name = report.guardrails[at].metric.name
        question, label = _OF.get(name, ("outputs", "Did what it says change?"))
        if question not in asked_already:
            asked_already.add(question)
            yield FollowUp(label, asked.next(question, by=sides.dimension))
    if asked.source.features:
        yield FollowUp("Have the inputs changed?", asked.next("inputs"))
    if report.verdict is not Verdict.GO_ON:
        yield FollowUp("What changed around then?", asked.next("changes"))
