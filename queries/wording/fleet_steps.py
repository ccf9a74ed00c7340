"""What to ask next of requests, latency and all models, chosen by what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from queries.core import words
from queries.core.answer import FollowUp
from queries.core.filters import Filter
from queries.measures.fleet import Line
from queries.measures.latency import Latency
from queries.measures.latency_verdict import Verdict as Speed
from queries.measures.traffic import Traffic
from queries.measures.traffic import Verdict as Flow
from queries.measures.vitals import Concern
from queries.wording.asked import Asked


def after_traffic(found: Traffic, asked: Asked) -> tuple[FollowUp, ...]:
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
    if found.verdict not in (Flow.USUAL, Flow.UNKNOWN, Flow.NONE):
        steps.append(FollowUp("What changed around then?", asked.next("changes")))
        steps.append(FollowUp("Are other models the same?", asked.everywhere("health")))
    return tuple(steps)


def after_latency(found: Latency, asked: Asked) -> tuple[FollowUp, ...]:
    """Look at the slowest requests, at the part that is slow, at failures and traffic."""
    carrier, roles = found.carrier, asked.source.roles
    part = ""
    if carrier and carrier.value is not None:
        part = str(Filter(carrier.dimension, "=", (str(carrier.value),)))
    steps = []
    if found.limit and found.limit.over.now.value:
        text = asked.next("find", since=found.since, order="slowest", where=part)
        steps.append(FollowUp("See the slowest requests", text))
    if found.verdict in (Speed.SLOWER, Speed.JUMPED, Speed.PART):
        if {"status", "error"} & set(roles):
            steps.append(FollowUp("Do more of them fail?", asked.next("errors", where=part)))
        steps.append(FollowUp("Do more come than usual?", asked.next("traffic", where=part)))
        if carrier and carrier.dimension != "version" and "version" in asked.source.splits:
            text = asked.next("latency", by="version", where=part)
            steps.append(FollowUp(f"Versions in {words.value(carrier.value)}", text))
        steps.append(FollowUp("What changed around then?", asked.next("changes")))
    return tuple(steps)


MOST = 5
_WHY = {
    Concern.SILENT: ("traffic", "Since when has {} no data?"),
    Concern.ERRORS: ("errors", "Why does {} fail?"),
    Concern.TRAFFIC: ("traffic", "Which requests of {} changed?"),
    Concern.LATENCY: ("latency", "Where is {} slow?"),
    Concern.INPUTS: ("inputs", "Which inputs of {} changed?"),
    Concern.PERFORMANCE: ("performance", "How good is {}?"),
    Concern.OUTPUTS: ("outputs", "What does {} say now?"),
}
_MONTH = timedelta(days=30)
"""Rightness is asked over more than the few requests of one day."""


def after_health(lines: Sequence[Line]) -> tuple[FollowUp, ...]:
    """For the worst model everything that shows why, then the worst of each other one."""
    wrong = [(line, line.vitals) for line in lines if line.vitals and line.vitals.concerns]
    steps = []
    for at, (line, found) in enumerate(wrong):
        name = words.shortened(line.name, 40)
        model = Asked(line.source, found.reading)
        for concern in found.concerns if at == 0 else found.concerns[:1]:
            question, label = _WHY[concern]
            since = found.reading.now - _MONTH if concern is Concern.PERFORMANCE else None
            steps.append(FollowUp(label.format(name), model.next(question, since=since)))
        if at == 0:
            steps.append(FollowUp(f"What changed in {name}?", model.next("changes")))
    return tuple(steps[:MOST])
