"""What came of it with what was asked, and the words that its numbers stand in."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core import words
from queries.core.number import Number
from queries.core.value import ColumnType
from queries.measures.cases.sides import CLEAR, SliceSides, TwoSides, estimate
from queries.measures.counting.expressions import class_name
from queries.measures.sides.counts import Sums
from queries.outcomes.report import OutcomeReport
from queries.wording.asked import Asked
from queries.wording.differences import off_by


@dataclass(frozen=True)
class Told:
    """A report and what was asked; ``entities`` says that people may come back."""

    asked: Asked
    report: OutcomeReport
    by: str | None
    entities: bool

    @property
    def known(self) -> bool:
        """Whether enough outcomes are in to say anything."""
        return self.outcome(self.report.whole.outcome).value is not None

    @property
    def positive(self) -> str:
        """The outcome that is counted, quoted: “repaid”."""
        return f"“{words.shortened(class_name(self.asked.source.positive), 30)}”"

    @property
    def came(self) -> str:
        """The outcome as a table's heading."""
        return f"turned out {self.positive}" if self.report.share else "outcome"

    @property
    def value(self) -> str:
        """The declared value in words; nothing where none is declared."""
        column = self.asked.source.roles.get("value", "")
        return words.shortened(column.replace("_", " "), 40)

    @property
    def sides(self) -> tuple[str, str]:
        """How the two sides are called: “overruled” and “followed”, or by their decision."""
        versus = self.report.versus
        if versus is None or versus.decision is None:
            return "overruled", "followed"
        return f"“{words.shortened(words.value(versus.decision), 30)}”", "all other decisions"

    @property
    def unit(self) -> ColumnType:
        """The unit of outcomes."""
        return "share" if self.report.share else "number"

    @property
    def furthest(self) -> SliceSides | None:
        """The slice whose outcomes lie furthest from all others', of those beyond chance."""
        clear = [each for each in self.report.rests if each.q is not None and each.q < CLEAR]
        return max(clear, key=lambda each: abs(each.apart.value or 0.0), default=None)

    def outcome(self, sums: Sums) -> Number:
        """How often it happened, or what came on average."""
        return estimate(sums, share=self.report.share)

    def said(self, sums: Sums, share: bool | None = None) -> str:
        """“91.9 %”, or “1,204”; “too few to say”."""
        counted = self.report.share if share is None else share
        return amount(estimate(sums, share=counted), share=counted)

    def both(self, sides: TwoSides | SliceSides, *, share: bool) -> str:
        """“overruled 73 %, followed 92 %”."""
        first, second = (self.said(each, share) for each in sides.both)
        return f"{self.sides[0]} {first}, {self.sides[1]} {second}"


def amount(number: Number, *, share: bool) -> str:
    """A share, or a number, with the digits that its interval supports."""
    if number.value is None:
        return "too few to say"
    if share:
        return words.share(number.value, number.low, number.high)
    width = None if number.low is None or number.high is None else number.high - number.low
    return words.number(number.value, width)


def difference_words(number: Number, *, share: bool) -> str:
    """“18.8 points less (17.5 to 20.2)”."""
    value, low, high = number.value or 0.0, number.low or 0.0, number.high or 0.0
    way = "less" if value < 0 else "more"
    if low < 0 < high:
        return "no difference shown"
    ends = sorted((abs(low), abs(high)))
    if share:
        first, last = (off_by(each).removesuffix("s").removesuffix(" point") for each in ends)
        return f"{off_by(value)} {way} ({first} to {last})"
    first, last = (words.number(each, high - low) for each in ends)
    return f"{words.number(abs(value), high - low)} {way} ({first} to {last})"
