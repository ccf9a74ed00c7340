"""A report on slices with the words that depend on what they are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core import words
from queries.core.filters import Filter
from queries.core.number import Number
from queries.core.source import Visibility
from queries.core.value import Cell
from queries.measures.places.decomposition import Decomposition, beyond_chance
from queries.measures.places.standings import Standing
from queries.measures.places.subgroups import OTHERS, Subgroup
from queries.measures.places.subjects import Of
from queries.slices.report import SliceReport
from queries.statistics.rates import wilson
from queries.wording.asked import Asked

LASTING = 0.5
"""Moves are told of dimensions whose slices were there at both times for so much of the requests:
of others, such as the year, everything moves."""

_UNITS = {"performance": "answer", "decisions": "decision"}
_COUNTED = {"errors": "failed", "performance": "right", "slow": "slow"}
_MOST = {"errors": "worst", "performance": "worst", "slow": "slowest"}


@dataclass(frozen=True)
class Told:
    """A report and what was asked."""

    asked: Asked
    report: SliceReport

    @property
    def of(self) -> Of:
        """What slices are judged by."""
        return self.report.subject.of

    @property
    def unit(self) -> str:
        """What is counted: a request, an answer, a decision."""
        return _UNITS.get(self.of, "request")

    @property
    def counted(self) -> str:
        """What those are called that count, as the head of a column: “failed”, “right”."""
        return _COUNTED.get(self.of) or str(self.report.subject.counted)

    @property
    def worst_of_all(self) -> str:
        """How the slice at the end of the ranking is called: “worst”, “slowest”, “lowest”."""
        end = "highest" if self.report.subject.worse == "higher" else "lowest"
        return _MOST.get(self.of, end)

    @property
    def what(self) -> str:
        """“of requests fail”, “of answers are right”, “of decisions are “approve””."""
        return f"of {self.unit}s {self.what_of_them}"

    @property
    def what_of_them(self) -> str:
        """“fail”, “are right”, “are “approve””, “take over 191 ms”."""
        if self.of == "slow":
            return f"take over {words.duration_ms(float(self.report.subject.counted))}"
        return "fail" if self.of == "errors" else f"are {self.said}"

    @property
    def said(self) -> str:
        """“right”, or the decision in quotes."""
        return "right" if self.of == "performance" else words.echoed(self.counted)

    @property
    def is_worse(self) -> bool | None:
        """Whether all requests together are unusual, for the worse; None where nobody can say."""
        usual = self.report.usual
        if usual.unusual is None:
            return None
        return usual.unusual and usual.higher == (self.report.subject.worse == "higher")

    def is_unusual(self, standing: Standing) -> bool:
        """Whether a slice is worse than its own usual."""
        higher = self.report.subject.worse == "higher"
        return bool(standing.here.unusual) and standing.here.higher == higher

    @property
    def account(self) -> Decomposition | None:
        """The dimension whose account of the change says most; None where none says anything.

        One in which the whole and its slices disagree, else the one of the slice that carries the
        change, else the one between whose slices most requests moved, beyond chance.
        """
        accounts = self.report.accounts
        carrier = self.report.carrier
        paradox = [each for each in accounts if each.simpson]
        carried = [each for each in accounts if carrier and each.dimension == carrier[0]]
        moved = [
            each
            for each in accounts
            if each.lasting >= LASTING
            and beyond_chance(each.mix)
            and abs(each.mix.value or 0.0) >= self.report.subject.matters
        ]
        moved.sort(key=lambda each: -abs(each.mix.value or 0.0))
        return next(iter((*paradox, *carried, *moved)), None)

    def is_open(self, names: Sequence[str]) -> bool:
        """Whether requests may be chosen by these columns."""
        source = self.asked.source
        columns = source.columns
        return all(source.visible(columns.get(name, name)) is Visibility.OPEN for name in names)

    @property
    def closed(self) -> str:
        """The first column of the worst slices that is only to be split by; or nothing."""
        names = (name for each in self.report.worst for name in each.group.dimensions)
        return next((name for name in names if not self.is_open([name])), "")

    def condition(self, group: Subgroup) -> str:
        """The slice as conditions; nothing where its requests can't be chosen by it."""
        if OTHERS in group.values or not self.is_open(group.dimensions):
            return ""
        return " and ".join(
            str(Filter(name, "is missing" if value is None else "=", _text(value)))
            for name, value in zip(group.dimensions, group.values, strict=True)
        )


def _text(value: Cell) -> tuple[str, ...]:
    return () if value is None else (str(value),)


def share_of(number: Number) -> str:
    """A share with the digits that its interval supports."""
    return words.share(number.value, number.low, number.high)


def share_here(standing: Standing) -> str:
    """A slice's share with the digits that its own 95 % interval supports."""
    return share_of(wilson(*standing.group.now))
