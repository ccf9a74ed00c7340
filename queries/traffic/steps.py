"""What to ask next of requests, chosen by what was found."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import FollowUp
from queries.core.filters import Filter
from queries.measures.pulse.traffic import Traffic, Verdict
from queries.wording.asked import Asked


def next_steps(found: Traffic, asked: Asked) -> tuple[FollowUp, ...]:
    """Look at failures and at what changed, and whether other models are the same."""
    steps = []
    roles = asked.source.roles
    if found.timeline.total(0)[1] and {"status", "error"} & set(roles):
        steps.append(FollowUp("Do more of them fail?", asked.next("errors")))
    part = found.part
    if (
        part
        and part.value is not None
        and part.dimension != "version"
        and "version" in asked.source.splits
    ):
        where = str(Filter(part.dimension, "=", (str(part.value),)))
        text = asked.next("traffic", by="version", where=where)
        steps.append(FollowUp(f"Versions in {words.value(part.value)}", text))
    if found.verdict not in (Verdict.USUAL, Verdict.UNKNOWN, Verdict.NONE):
        steps.append(FollowUp("What changed around then?", asked.next("changes")))
        steps.append(FollowUp("Are other models the same?", asked.everywhere("health")))
    return tuple(steps)
