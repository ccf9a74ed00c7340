"""What people overruled with what was asked, and the words that its numbers stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core import words
from queries.core.number import Number
from queries.measures.cases.sides import CLEAR
from queries.overrides.outcomes import Judged
from queries.overrides.report import OverrideReport
from queries.wording.asked import Asked
from queries.wording.differences import off_by
from queries.wording.parts import part_name


@dataclass(frozen=True)
class Told:
    """A report and what was asked; ``entities`` says that people may come back."""

    asked: Asked
    report: OverrideReport
    by: str | None
    entities: bool

    @property
    def matters(self) -> float:
        """The smallest difference worth acting on."""
        return self.asked.source.matters.performance

    @property
    def whole(self) -> Judged | None:
        """All overruled cases beside others with the same score, where enough is known of them."""
        found = self.report.outcomes.whole if self.report.outcomes else None
        return found if found and found.number.value is not None else None

    def slices(self, way: int) -> Sequence[Judged]:
        """Where people were right more often than the score (1) or less (-1), clearest first."""
        found = self.report.outcomes.slices if self.report.outcomes else ()
        clear = [each for each in found if each.turns_out(self.matters) == way]
        return sorted(clear, key=lambda each: (-surely(each), place(each)))

    def verdict(self, judged: Judged) -> str:
        """How often people were right beside the score, as a table says it."""
        if judged.number.value is None:
            return "too few to say"
        if way := judged.turns_out(self.matters):
            return "right more often" if way > 0 else "right less often"
        shown = judged.q is not None and judged.q < CLEAR
        return "less than matters" if shown else "none shown"

    def apart(self, judged: Judged) -> str:
        """“14.0 points more often (11.2 to 16.9)”, and where that is less than what matters."""
        number = judged.number
        value, low, high = number.value or 0.0, number.low or 0.0, number.high or 0.0
        if low <= 0 <= high:
            return "no difference shown"
        ends = sorted((abs(low), abs(high)))
        first, last = (f"{100 * each:.1f}" for each in ends)
        text = f"{off_by(value)} {'more' if value > 0 else 'less'} often ({first} to {last})"
        matters = abs(value) >= self.matters
        return text if matters else f"{text}, less than what matters ({off_by(self.matters)})"

    @property
    def others(self) -> str:
        """What overruled cases are held against."""
        if self.report.outcomes and self.report.outcomes.against == "reference":
            return "cases with the same score in the reference set"
        return "cases with the same score that nobody overruled"


def rate(number: Number) -> str:
    """“2.3 %”."""
    return words.share(number.value, number.low, number.high)


def right(judged: Judged) -> str:
    """“89 % right, 75 % by the score”."""
    here, there = shares(judged)
    return f"{here} right, {there} by the score"


def shares(judged: Judged) -> tuple[str, str]:
    """How often they were right, and would have been by the score."""
    low, high = judged.number.low, judged.number.high
    here, there = (words.share(min(1.0, max(0.0, each)), low, high) for each in judged.inside.means)
    return here, there


def surely(judged: Judged) -> float:
    """How far the end of its range that is nearest to zero lies from it."""
    return min(abs(judged.number.low or 0.0), abs(judged.number.high or 0.0))


def place(judged: Judged) -> str:
    """“channel branch”."""
    return part_name(judged.dimension, judged.value)


BEYOND_CHANCE = 0.01
"""Rates that chance makes so different less often than this are called more than chance."""


def than_score(way: int) -> str:
    """“more often than the score”."""
    return f"{'more' if way > 0 else 'less'} often than the score"
