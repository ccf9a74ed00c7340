"""A performance report with the verdicts that its words rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from queries.core import words
from queries.core.number import Number
from queries.core.source import Matters, Source
from queries.core.value import ColumnType
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.before import Before
from queries.measures.performance.metrics import METRICS, headline_metric
from queries.measures.performance.report import Report
from queries.measures.performance.slices import Standout, worst_slice
from queries.wording.asked import Asked
from queries.wording.before import IN_REFERENCE, Behind, in_past
from queries.wording.performance.population import chosen, in_state

UNSURE, VARIES = "no change shown", "no more than that varies anyway"


_PLAINLY = {
    "recall": "it finds {said} of “{positive}”",
    "precision": "of what it calls “{positive}”, {said} is",
    "specificity": "of all that isn't “{positive}”, it tells {said} apart",
}


class Held(Enum):
    """How far a metric held up that isn't worse by enough.

    ``WELL`` where a change for the worse that matters is ruled out. Where it isn't, ``USUAL`` if
    comparable times vary by as much, ``UNSURE`` beside a reference set.
    """

    WELL = auto()
    SLIGHTLY = auto()
    USUAL = auto()
    UNSURE = auto()


@dataclass(frozen=True)
class Told:
    """A report and what was asked."""

    asked: Asked
    report: Report
    by: str | None

    @property
    def metric(self) -> str:
        """The metric that is told first."""
        return headline_metric(self.asked.source.task)

    @property
    def now(self) -> Number | None:
        """That metric, where it could be measured."""
        found = self.report.metrics.get(self.metric)
        return found if found is not None and found.value is not None else None

    @property
    def was(self) -> Number | None:
        """That metric before, where it could be measured."""
        found = self.report.before.metrics.get(self.metric) if self.report.before else None
        return found if found is not None and found.value is not None else None

    @property
    def than(self) -> str:
        """What it is compared with: “in the reference set”, “in the weeks before”."""
        before = self.report.before
        return IN_REFERENCE if before and before.reference else in_past(self.asked.reading.grain)

    @property
    def behind(self) -> Behind | None:
        """What it is compared with, to stand behind the days of a picture."""
        if self.was is None or self.was.value is None:
            return None
        return Behind(self.was.value, self.than)

    @property
    def chosen(self) -> str:
        """The decisions that an outcome needs, “approve” or “refer”; nothing where all do."""
        return chosen(self.asked.source)

    @property
    def always(self) -> str:
        """What always giving one answer would be, where the model is no better; else nothing.

        It says little of cases that were chosen before.
        """
        gain = self.report.constant.gain if self.report.constant else None
        # Where cases were chosen before, nearly all turn out alike, and one answer is hard to beat.
        if gain is None or gain.low is None or gain.high is None or self.chosen or gain.low > 0:
            return ""
        return "better" if gain.high < 0 else "as good"

    @property
    def worst(self) -> Standout | None:
        """The worst slice, where the question is split."""
        overall = self.report.metrics.get(self.metric)
        if not self.by or overall is None:
            return None
        matters = self.asked.source.matters.performance
        return worst_slice(self.metric, self.report.parts, overall, matters)

    def is_worse(self, name: str) -> bool | None:
        """Whether a metric is worse than before; None where that can't be said."""
        number = self.report.metrics.get(name)
        if self.report.before is None or number is None:
            return None
        return self.report.before.is_worse(name, number, self.asked.source.matters.performance)

    @property
    def states(self) -> Mapping[date, DayState]:
        """What each day's outcomes are good for."""
        return {each.day: each.state for each in self.report.days}

    @property
    def held(self) -> Held | None:
        """How far the first metric held up, where it isn't worse by enough."""
        return held(self.report.before, self.metric, self.now, self.asked.source.matters)

    @property
    def others_worse(self) -> list[str]:
        """The metrics that are worse by enough although neither of the two told first is."""
        report, matters = self.report, self.asked.source.matters.performance
        if report.before is None or self.now is None:
            return []
        return report.before.others_worse(report.metrics, (self.metric, "roc_auc"), matters)

    def other_words(self, name: str) -> str:
        """One of these with its value before: “it finds 84 % of “repaid” (87 % last week)”."""
        before = self.report.before
        if before is None:
            return METRICS[name].label
        now, was = self.report.metrics[name], before.metrics[name]
        said, both = amount(now, name), f"({amount(was, name, now)} {self.than})"
        source = self.asked.source
        positive = words.shortened(str(source.positive), 30)
        if source.task == "binary" and name in _PLAINLY:
            return f"{_PLAINLY[name].format(said=said, positive=positive)} {both}"
        return f"{METRICS[name].label} {said} {both}"

    def days(self, state: DayState) -> list[str]:
        """The days in a state, as “3 Nov”."""
        return in_state(self.states, state)


def held(before: Before | None, name: str, now: Number | None, matters: Matters) -> Held | None:
    """Say how far a metric held up; None where it is worse by enough, or nothing can be said."""
    least = matters.performance
    if before is None or now is None or before.is_worse(name, now, least) is not False:
        return None
    if before.is_slightly_worse(name, now, least):
        return Held.SLIGHTLY
    if before.rules_out(name, now, least):
        return Held.WELL
    return Held.USUAL if before.usual else Held.UNSURE


def held_words(state: Held, name: str, than: str, was: str) -> str:
    """Say how far a metric held up, to follow its value: “, no worse than last week (94 %)”."""
    if state is Held.SLIGHTLY:
        less = "less often" if METRICS[name].better == "higher" else "more"
        return f", slightly {less} than {than} ({was})"
    if state is Held.WELL:
        return f", no worse than {than} ({was})"
    return f", {was} {than}: {VARIES if state is Held.USUAL else UNSURE}"


def held_meaning(state: Held | None) -> Iterator[str]:
    """What these words mean."""
    if state is Held.SLIGHTLY:
        yield (
            "“Slightly” means: beyond chance, but by less than this model's settings call worth "
            "acting on."
        )
    elif state is Held.WELL:
        yield "“No worse” means: a change for the worse that is large enough to matter would show."
    elif state is Held.USUAL:
        yield f"“{VARIES.capitalize()}” means: the times before lie as far apart among themselves."
    elif state is Held.UNSURE:
        yield f"“{UNSURE.capitalize()}” doesn't mean none: one that matters could go unseen here."


def amount(number: Number, metric: str, vague: Number | None = None) -> str:
    """A metric with the digits that its interval supports, or that of a vaguer one beside it."""
    unit: ColumnType = METRICS[metric].unit
    low, high = (vague or number).low, (vague or number).high
    if unit == "share":
        return words.share(number.value, low, high)
    return words.number(number.value, None if low is None or high is None else high - low)


def two_cases(source: Source) -> str:
    """Which two cases a ranking is of: one that turned out positive, and one that didn't."""
    if source.task == "multiclass":
        return "Of two cases, one of a class and one of another"
    return f"Of two cases, one that turned out “{source.positive}” and one that didn't"
