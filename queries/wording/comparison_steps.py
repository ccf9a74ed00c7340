"""What to ask next after a comparison: what the first side's difference is made of."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import FollowUp
from queries.core.filters import Filter
from queries.core.pairs import Pair
from queries.core.source import Visibility
from queries.measures.comparison import FIRM
from queries.wording.comparison_told import Told

MOST = 5
_OF = {
    "errors": ("errors", "What fails?"),
    "slow": ("latency", "Is it slow?"),
    "right": ("performance", "How good is it?"),
    "off": ("performance", "How good is it?"),
}


def after_comparison(told: Told) -> tuple[FollowUp, ...]:
    """Ask whether a rollout can go on, and look at what differs."""
    return tuple(_steps(told))[:MOST]


def _steps(told: Told) -> Iterator[FollowUp]:
    found, asked = told.found, told.asked
    sides, dated = found.sides, not asked.source.undated
    if sides.of == "version" and sides.together and dated:
        pair = Pair(sides.dimension, *sides.names)
        yield FollowUp("Can the rollout go on?", asked.next("rollout", between=str(pair)))
    seen = set()
    split = sides.dimension if sides.dimension in asked.source.splits else ""
    for each in found.compared:
        question, label = _OF.get(each.metric.name, ("outputs", "Did what it says change?"))
        possible = dated or question == "performance"
        if each.verdict not in FIRM or question in seen or not possible:
            continue
        seen.add(question)
        text = asked.next(question, by=split) if split else asked.next(question)
        yield FollowUp(label, text)
    if asked.source.features and dated:
        column = asked.source.columns.get(sides.dimension, "")
        chosen = column and asked.source.visible(column) is Visibility.OPEN
        part = str(Filter(sides.dimension, "=", sides.names[:1])) if chosen else ""
        yield FollowUp("Have the inputs changed?", asked.next("inputs", where=part))
    if dated:
        yield FollowUp("What changed around then?", asked.next("changes"))
