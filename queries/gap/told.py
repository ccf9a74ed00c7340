"""A gap between production and the reference set, with the verdicts that its words rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from queries.core import words
from queries.core.number import Number
from queries.core.value import Cell
from queries.gap.report import Gap, GapPart
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.metrics import METRICS, worsened
from queries.measures.performance.releases import Age
from queries.measures.performance.report import Report
from queries.statistics.differences import change
from queries.wording.asked import Asked
from queries.wording.differences import off_by
from queries.wording.performance.told import Told as PerformanceTold
from queries.wording.performance.told import amount


@dataclass(frozen=True, slots=True)
class Ageing:
    """A version in its first week and in its latest that can be judged."""

    version: Cell
    first: Age
    last: Age
    change: Number
    worse: bool | None


@dataclass(frozen=True)
class Told:
    """A gap and what was asked."""

    asked: Asked
    gap: Gap
    by: str | None

    @property
    def told(self) -> PerformanceTold:
        """The performance report that it rests on."""
        return PerformanceTold(self.asked, self.gap.report, None)

    @property
    def report(self) -> Report:
        """What is known of production."""
        return self.gap.report

    @property
    def metric(self) -> str:
        """The metric that is told first."""
        return self.told.metric

    @property
    def now(self) -> Number | None:
        """That metric in production, where it could be measured."""
        return self.told.now

    @property
    def was(self) -> Number | None:
        """That metric in the reference set, where it could be measured."""
        found = self.gap.before.metrics.get(self.metric)
        return found if found is not None and found.value is not None else None

    @property
    def states(self) -> Mapping[date, DayState]:
        """What each day's outcomes are good for."""
        return self.told.states

    def moved(self, name: str) -> Number | None:
        """Production less reference; None where either is unknown."""
        now, was = self.report.metrics.get(name), self.gap.before.metrics.get(name)
        if now is None or was is None or now.value is None or was.value is None:
            return None
        return change(now, was)

    def worse(self, name: str, matters: float | None = None) -> bool:
        """Whether a metric is worse beyond chance and by enough."""
        return self._is(name, self.moved(name), matters)

    @property
    def other_worse(self) -> list[str]:
        """The metrics that are worse by enough although neither of the two first told is."""
        return self.told.others_worse

    @property
    def all_worse(self) -> list[str]:
        """All metrics that are worse by enough."""
        return self.other_worse or [name for name in self.report.metrics if self.worse(name)]

    @property
    def better(self) -> bool:
        """Whether the metric told first is better beyond chance and by enough."""
        moved = self.moved(self.metric)
        if moved is None or moved.value is None or moved.low is None or moved.high is None:
            return False
        # Better is worse of the opposite change: one rule for both.
        turned = Number(-moved.value, moved.n, -moved.high, -moved.low, moved.unit)
        return self._is(self.metric, turned)

    @property
    def ruled_out(self) -> bool:
        """Whether the metric told first can't be worse by enough, as far as chance goes."""
        moved = self.moved(self.metric)
        if moved is None or moved.value is None or moved.low is None or moved.high is None:
            return False
        # As if it had moved so far for certain, in either direction.
        ends = (Number(each, moved.n, each, each, moved.unit) for each in (moved.low, moved.high))
        return not any(self._is(self.metric, each) for each in ends)

    @property
    def ageing(self) -> tuple[Ageing, ...]:
        """Each version whose release was seen, with two weeks that can be judged."""
        by_version: dict[Cell, list[Age]] = {}
        for age in self.gap.ages:
            # A version that was there when the log began may be of any age.
            if not age.from_start and age.metrics[self.metric].value is not None:
                by_version.setdefault(age.version, []).append(age)
        found = []
        for version, weeks in by_version.items():
            if len(weeks) < 2:
                continue
            first, last = weeks[0], weeks[-1]
            moved = change(last.metrics[self.metric], first.metrics[self.metric])
            found.append(Ageing(version, first, last, moved, self._is(self.metric, moved)))
        return tuple(found)

    def _is(self, name: str, moved: Number | None, matters: float | None = None) -> bool:
        if moved is None:
            return False
        least = self.asked.source.matters.performance if matters is None else matters
        if METRICS[name].unit != "share":
            least *= abs(self.gap.before.metrics[name].value or 0.0)
        return bool(worsened(name, moved, least))


def distance(value: float, moved: Number, told: Told) -> str:
    """How far a metric moved, without its direction: in points for shares, else in its unit."""
    if METRICS[told.metric].unit == "share":
        return off_by(value)
    width = None if moved.low is None or moved.high is None else moved.high - moved.low
    return words.number(abs(value), width)


def worst_parts(parts: tuple[GapPart, ...]) -> tuple[GapPart, ...]:
    """The slices that are worse than their reference, the largest gap first."""
    return tuple(part for part in parts if part.worse)


def good_words(told: Told, number: Number, vague: Number | None = None) -> str:
    """“right in 91 % of cases”, “off by 3.2 on average”."""
    said = amount(number, told.metric, vague)
    return f"off by {said} on average" if told.metric == "mae" else f"right in {said} of cases"
