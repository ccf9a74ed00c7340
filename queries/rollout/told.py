"""A rollout with what was asked, and each of its guardrails in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.measures.sides.mixes import Mix
from queries.rollout.guardrails import REACH, Guardrail, State
from queries.rollout.report import Rollout
from queries.wording.asked import Asked
from queries.wording.sides.names import Names, fact, group_fact, group_name, size, what
from queries.wording.sides.told import Told as Compared

LEVELS = {
    State.WORSE: Severity.ALARM,
    State.CHANGED: Severity.WARNING,
    State.OPEN: Severity.NOTE,
    State.FEW: Severity.UNKNOWN,
    State.SAFE: Severity.GOOD,
}

LONG = 90
"""Nobody waits for so many days."""


@dataclass(frozen=True)
class Told:
    """A rollout and what was asked."""

    asked: Asked
    report: Rollout

    @property
    def compared(self) -> Compared:
        """The comparison that it rests on."""
        return Compared(self.asked, self.report.found)

    @property
    def names(self) -> Names:
        """How both versions are called."""
        return self.compared.names

    @property
    def within(self) -> str:
        """Within what they are compared."""
        return self.compared.within

    @property
    def mix(self) -> Mix | None:
        """The dimension that makes their requests least comparable, if one does."""
        return self.compared.mix

    @property
    def waiting(self) -> int:
        """The place of the guardrail that is waited for longest, of those worth waiting for."""
        known = self.report.of(State.OPEN, State.FEW)
        reached = [at for at in known if at not in self.out_of_reach] or known
        soon = [at for at in reached if self.report.days(at) <= LONG] or reached
        return max(soon, key=self.report.days)

    @property
    def out_of_reach(self) -> list[int]:
        """The places of groups that are too small to wait for."""
        return [
            at
            for at in self.report.of(State.OPEN, State.FEW)
            if self.report.guardrails[at].is_group
            and (
                self.report.guardrails[at].factor > REACH
                or self.report.guardrails[at].state is State.FEW
            )
        ]

    def name(self, each: Guardrail) -> str:
        """What a guardrail is about."""
        return group_name(each.change) if each.change else what(each.metric)


def guardrail_fact(told: Told, at: int) -> str:
    """A guardrail on both sides, weighed alike."""
    each = told.report.guardrails[at]
    if each.change is not None:
        return group_fact(each.change, each.metric, told.names.than)
    return fact(each.metric, *each.means, each.number, told.names.than)


def of_guardrail(told: Told, at: int) -> Finding:
    """Tell a guardrail with its state, and when enough will be known."""
    each = told.report.guardrails[at]
    numbers = {"difference": each.number} if each.number.n else {}
    kind = f"guardrail {each.metric.name}" if each.change is None else "guardrail group"
    if each.number.value is None:
        name = told.name(each)
        return Finding(kind, LEVELS[each.state], f"Too few to say: {name}.", numbers)
    text = guardrail_fact(told, at)
    text = f"{text[0].upper()}{text[1:]}: {_state(told, at)}."
    return Finding(kind, LEVELS[each.state], text, numbers)


def _state(told: Told, at: int) -> str:
    each = told.report.guardrails[at]
    least = size(each.metric, each.least)
    match each.state:
        case State.WORSE if each.change is not None:
            gap = words.points(each.change.value_apart or 0.0)
            return f"the gap between them opened by {gap}{_since(told, at)}"
        case State.WORSE:
            return f"worse{_since(told, at)}"
        case State.CHANGED:
            return f"its answers differ{_since(told, at)}"
        case State.OPEN:
            return f"{_may_be(each)}, and {least} matter; {_when(told, at)}"
    if each.change is not None:
        return f"no gap of {least} opened"
    if not _worst(each):
        return "not worse"
    worse = " worse" if each.metric.worse else " otherwise"
    far = size(each.metric, _worst(each))
    return f"at most {far}{worse}, less than what matters ({least})"


def _may_be(each: Guardrail) -> str:
    """How far off it may be, at the worst."""
    far = size(each.metric, _worst(each))
    if each.change is not None:
        return f"a gap between them may have opened by up to {far}"
    return f"it may be up to {far} {'worse' if each.metric.worse else 'otherwise'}"


def _worst(each: Guardrail) -> float:
    """How much worse it may be."""
    low, high = each.number.low or 0.0, each.number.high or 0.0
    if each.change is not None or not each.metric.worse:
        return max(abs(low), abs(high))
    return max(0.0, high if each.metric.worse == "higher" else -low)


def _since(told: Told, at: int) -> str:
    since = told.report.since(at)
    return f", known since {told.asked.moment(since)}" if since else ""


def _when(told: Told, at: int) -> str:
    """In how many requests and days enough will be known, if all goes on as it does."""
    days, more = told.report.days(at), told.report.requests(at)
    if told.report.guardrails[at].state is State.FEW or not math.isfinite(days):
        return "when enough will be known can't be said"
    if days > LONG:
        return "it would take months to know"
    requests = f"{words.about(more)} more requests"
    return f"enough is known in about {words.lasting(timedelta(days=days))} ({requests})"


def known_when(told: Told) -> str:
    """“is known in about 3 days”, for the guardrail that is waited for."""
    at = told.waiting
    days = told.report.days(at)
    if told.report.guardrails[at].state is State.FEW or not math.isfinite(days):
        return "is not known, and when it will be can't be said"
    if days > LONG:
        return "would take months to know"
    more = words.about(told.report.requests(at))
    return f"is known in about {words.lasting(timedelta(days=days))}, {more} more requests"


def short(told: Told, at: int) -> str:
    """“whether more requests fail”, for a headline."""
    each = told.report.guardrails[at]
    if each.change is not None:
        return f"whether a gap opens for {group_name(each.change)}"
    match each.metric.name:
        case "errors":
            return "whether more requests fail"
        case "slow":
            limit = words.duration_ms(float(each.metric.value))
            return f"whether more take over {limit}"
        case "right" | "off":
            return "how answers turn out"
    return "whether its answers differ"
