"""What to ask next after a comparison: what the first side's difference is made of."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import FollowUp
from queries.core.filters import Filter
from queries.measures.past.before import can_compare
from queries.measures.sides.judged import FIRM
from queries.wording.sides.names import both
from queries.wording.sides.told import Told

MOST = 5
_OF = {
    "errors": ("errors", "What fails?"),
    "slow": ("latency", "Is it slow?"),
    "right": ("performance", "How good is it?"),
    "off": ("performance", "How good is it?"),
}


def next_steps(told: Told) -> tuple[FollowUp, ...]:
    """Ask whether a rollout can go on, and look at what differs."""
    return tuple(_steps(told))[:MOST]


def _steps(told: Told) -> Iterator[FollowUp]:
    found, asked = told.found, told.asked
    sides, dated = found.sides, not asked.source.undated
    if sides.of == "version" and sides.together and dated:
        yield FollowUp("Can the rollout go on?", asked.next("rollout", between=both(asked, sides)))
    if told.wider and dated:
        yield FollowUp("Are groups treated alike?", asked.next("fairness", by=told.wider.attribute))
    seen = set()
    split = sides.dimension if sides.dimension in asked.source.splits else ""
    for each in found.compared:
        question, label = _OF.get(each.metric.name, ("outputs", "Did what it says change?"))
        possible = dated or question == "performance"
        if question == "outputs":
            possible = dated and can_compare(asked.source, asked.reading)
        if each.verdict not in FIRM or question in seen or not possible:
            continue
        seen.add(question)
        yield FollowUp(label, asked.next(question, by=split))
    if asked.source.features and dated:
        chosen = both(asked, sides) and not told.names.are_times
        part = str(Filter(sides.dimension, "=", sides.names[:1])) if chosen else ""
        yield FollowUp("Have the inputs changed?", asked.next("inputs", where=part))
    if dated:
        yield FollowUp("What changed around then?", asked.next("changes"))
