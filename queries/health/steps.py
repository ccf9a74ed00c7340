"""What to ask next of all models: what is wrong with the worst, then with each other one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from queries.core import words
from queries.core.answer import FollowUp
from queries.health.fleet import Line
from queries.health.vitals import Concern
from queries.wording.asked import Asked

MOST = 5
_WHY = {
    Concern.SILENT: ("traffic", "Since when has {} no data?"),
    Concern.ERRORS: ("errors", "Why does {} fail?"),
    Concern.RESULTS: ("quality", "What is wrong with the data of {}?"),
    Concern.TRAFFIC: ("traffic", "Which requests of {} changed?"),
    Concern.LATENCY: ("latency", "Where is {} slow?"),
    Concern.INPUTS: ("inputs", "Which inputs of {} changed?"),
    Concern.PERFORMANCE: ("performance", "How good is {}?"),
    Concern.OUTCOMES: ("performance", "Which outcomes of {} are missing?"),
    Concern.DECLARED: ("quality", "What is wrong with the data of {}?"),
    Concern.OUTPUTS: ("outputs", "What does {} say now?"),
}
_OF_OUTCOMES = (Concern.PERFORMANCE, Concern.OUTCOMES)
_MONTH = timedelta(days=30)
"""Rightness is asked over more than the few requests of one day."""


def next_steps(lines: Sequence[Line]) -> tuple[FollowUp, ...]:
    """For the worst model everything that shows why, then the worst of each other one."""
    wrong = [(line, line.vitals) for line in lines if line.vitals and line.vitals.concerns]
    steps = []
    for at, (line, found) in enumerate(wrong):
        name = words.shortened(line.name, 40)
        model = Asked(line.source, found.reading)
        for concern in found.concerns if at == 0 else found.concerns[:1]:
            question, label = _WHY[concern]
            since = found.reading.now - _MONTH if concern in _OF_OUTCOMES else None
            steps.append(FollowUp(label.format(name), model.next(question, since=since)))
        if at == 0:
            steps.append(FollowUp(f"What changed in {name}?", model.next("changes")))
    return tuple(steps[:MOST])
