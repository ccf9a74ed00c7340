"""What an answer about groups speaks of, and how groups, rates and gaps are put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queries.core import words
from queries.core.number import Number
from queries.core.value import Cell
from queries.fairness.groups import FOUR_FIFTHS, Gap
from queries.fairness.opened import opened
from queries.fairness.reference import group_name
from queries.fairness.report import FairnessReport
from queries.measures.counting.expressions import Key
from queries.wording.asked import Asked
from queries.wording.differences import off_by

BEYOND_CHANCE = 0.05


@dataclass(frozen=True)
class Told:
    """What was asked, what was found, the cut-off and the date chosen, and who comes back."""

    asked: Asked
    report: FairnessReport
    cutoff: float | None
    turn: datetime | None
    entities: bool

    @property
    def matters(self) -> float:
        """The smallest difference of shares worth acting on."""
        return self.asked.source.matters.decision_rate

    @property
    def attributes(self) -> str:
        """“sex”, or “sex and age group”."""
        return words.listed([name.replace("_", " ") for name in self.report.by])

    @property
    def favourable(self) -> str:
        """What is counted, short: “approve”."""
        value = words.value(self.report.favourable.value)
        if self.cutoff is not None:
            side = "up" if self.asked.source.score_direction == "higher" else "down"
            return f"a score from {self.cutoff:g} {side}"
        return f"“{words.shortened(value, 30)}”"

    @property
    def lead(self) -> Gap | None:
        """The gap that carries the answer: the widest beyond chance, else the largest group's."""
        found = list(zip(self.report.gaps, self.report.q, strict=True))
        firm = [gap for gap, q in found if q is not None and q < BEYOND_CHANCE]
        if firm:
            return max(firm, key=size)
        return max(self.report.gaps, key=lambda gap: gap.tally.n, default=None)

    def is_gap(self, gap: Gap) -> bool:
        """Whether a gap is beyond chance, corrected for the number of groups, and matters."""
        q = self.report.q[self.report.gaps.index(gap)]
        return q is not None and q < BEYOND_CHANCE and size(gap) >= self.matters

    @property
    def opening(self) -> tuple[Gap, Gap] | None:
        """The widest gap that opened: in the version before, and in the one with which."""
        found = [opened(self.report, gap.group, self.matters) for gap in self.report.gaps]
        return max((each for each in found if each), key=lambda each: size(each[1]), default=None)

    @property
    def below(self) -> list[Key]:
        """The groups below four fifths of the highest rate."""
        least = FOUR_FIFTHS * self.report.highest
        return [
            group for group, tally in self.report.groups.items() if (tally.rate.value or 0) < least
        ]


def shown(group: Key) -> str:
    """A group's name within a sentence."""
    return words.shortened(group_name(group), 30)


def one(value: Cell) -> str:
    """One value's name within a table or sentence."""
    return words.shortened(words.value(value), 40)


def size(gap: Gap) -> float:
    """How far apart a group's rate lies from that of the reference group."""
    return abs(gap.difference.value or 0.0)


def apart(gap: Gap, told: Told) -> str:
    """“The rate of women is 9.1 points less than that of men (8.8 to 9.4).”."""
    reference = told.report.reference or ()
    way = "less" if (gap.difference.value or 0) < 0 else "more"
    ends = sorted(abs(100 * (each or 0)) for each in (gap.difference.low, gap.difference.high))
    if (gap.difference.low or 0) < 0 < (gap.difference.high or 0):
        low, high = words.gained(100 * (gap.difference.low or 0)), gap.difference.high or 0
        between = f"between {low} and {words.gained(100 * high)}"
    else:
        between = f"{words.number(ends[0], 0.1)} to {words.number(ends[1], 0.1)}"
    much = off_by(size(gap))
    group, other = one(group_name(gap.group)), one(group_name(reference))
    return f"The rate of {group} is {much} {way} than that of {other} ({between})."


def rate_words(number: Number) -> str:
    """A rate with its range."""
    return words.share(number.value, number.low, number.high)
