"""What to ask next about a model's performance."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import FollowUp
from queries.core.writing import quote
from queries.wording.performance_told import Told


def after_performance(told: Told) -> tuple[FollowUp, ...]:
    """Look closer where it is known how good it is, else further back; and at the inputs."""
    asked, source, steps = told.asked, told.asked.source, []
    if told.now is None:
        if not source.undated and asked.reading.window.text != "last 60 days":
            text = f"performance {quote(source.name)} last 60 days"
            steps.append(FollowUp("Look further back", text))
        if source.reference and source.task != "regression":
            steps.append(FollowUp("How good is it probably?", asked.next("estimate")))
    else:
        steps += _closer(told)
    if source.features:
        steps.append(FollowUp("Have the inputs changed?", asked.next("inputs")))
    return tuple(steps)


def _closer(told: Told) -> Iterator[FollowUp]:
    """Questions that look closer at a performance that is known."""
    asked, source = told.asked, told.asked.source
    usable = [name for name in source.splits if name != told.by]
    if usable:
        label = f"By {usable[0].replace('_', ' ')}"
        yield FollowUp(label, asked.next("performance", by=usable[0]))
    if usable and source.task != "regression":
        yield FollowUp("Where is it worst?", asked.next("slices", of="performance"))
    if source.reference:
        yield FollowUp("Was it better in the laboratory?", asked.next("gap"))
    if source.task == "binary" and "score" in source.roles:
        yield FollowUp("Does 80 % mean 80 %?", asked.next("calibration"))
