"""What to ask next of latency, chosen by what was found."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import FollowUp
from queries.core.filters import Filter
from queries.latency.report import Latency
from queries.measures.pulse.latency_verdict import Verdict
from queries.wording.asked import Asked


def next_steps(found: Latency, asked: Asked) -> tuple[FollowUp, ...]:
    """Look at the slowest requests, at the part that is slow, at failures and traffic."""
    carrier, roles = found.carrier, asked.source.roles
    part = ""
    if carrier and carrier.value is not None:
        part = str(Filter(carrier.dimension, "=", (str(carrier.value),)))
    steps = []
    if found.limit and found.limit.over.now.value:
        text = asked.next("find", since=found.since, order="slowest", where=part)
        steps.append(FollowUp("See the slowest requests", text))
    if found.verdict in (Verdict.SLOWER, Verdict.JUMPED, Verdict.PART):
        if {"status", "error"} & set(roles):
            steps.append(FollowUp("Do more of them fail?", asked.next("errors", where=part)))
        steps.append(FollowUp("Do more come than usual?", asked.next("traffic", where=part)))
        if carrier and carrier.dimension != "version" and "version" in asked.source.splits:
            text = asked.next("latency", by="version", where=part)
            steps.append(FollowUp(f"Versions in {words.value(carrier.value)}", text))
        steps.append(FollowUp("What changed around then?", asked.next("changes")))
    return tuple(steps)
