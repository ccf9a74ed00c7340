"""An experiment's report with what its words rest on: verdict, amounts, differences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from queries.core import words
from queries.core.experiments import Experiment, ExperimentMetric
from queries.core.number import Number
from queries.experiment.arms import Against, Compared, Effect
from queries.experiment.enrolment import Standing
from queries.experiment.exposures import unit_column
from queries.experiment.report import ExperimentReport
from queries.wording.asked import Asked


class Verdict(StrEnum):
    """What the answer comes to."""

    EMPTY = "nobody takes part"
    SPLIT = "the split is broken"
    MISSING = "outcomes are missing from one arm more than from another"
    FEW = "too early to say"
    WON = "an arm won"
    LOST = "an arm did worse"
    SMALL = "different, but by less than what matters"
    NONE = "no difference shown"


@dataclass(frozen=True)
class Told:
    """A report and what was asked."""

    asked: Asked
    report: ExperimentReport

    @property
    def experiment(self) -> Experiment:
        """What was declared."""
        return self.report.experiment

    @property
    def name(self) -> str:
        """The model and the experiment: “lending, payment reminders”."""
        return f"{self.asked.name}, {words.shortened(self.experiment.title, 50)}"

    @property
    def lead(self) -> Against:
        """The arm that is told first."""
        return self.report.lead

    @property
    def verdict(self) -> Verdict:
        """What the answer comes to; a broken split or uneven outcomes come before any winner."""
        if not sum(self.report.split.counts):
            return Verdict.EMPTY
        if self.report.split.broken:
            return Verdict.SPLIT
        if self.report.missing.uneven:
            return Verdict.MISSING
        found = {
            Effect.BETTER: Verdict.WON,
            Effect.WORSE: Verdict.LOST,
            Effect.SMALL: Verdict.SMALL,
            Effect.NONE: Verdict.NONE,
            Effect.FEW: Verdict.FEW,
        }
        return found[self.lead.effect]

    @property
    def finished(self) -> int:
        """How many users are compared."""
        return self.report.users(Standing.FINISHED)

    @property
    def one(self) -> str:
        """What an arm was given to: a user, a request, or a row where the log doesn't say whom."""
        column = unit_column(self.asked.source, self.experiment)
        return {"": "row", "request_id": "request"}.get(column, "user")

    @property
    def who(self) -> str:
        """The same of several."""
        return f"{self.one}s"

    def arm(self, at: int) -> str:
        """An arm's name in quotes."""
        return f"“{words.shortened(self.experiment.arms[at], 40)}”"


def amount(number: Number) -> str:
    """A metric's value with the digits that its interval supports."""
    if number.unit == "share":
        return words.share(number.value, number.low, number.high)
    return words.number(number.value, _width(number))


def size(metric: ExperimentMetric, value: float, number: Number) -> str:
    """How large a difference is: “1.5 percentage points”, or in the metric's own unit."""
    return _written(metric, abs(value), number) + _unit(metric)


def more(metric: ExperimentMetric, change: Number) -> str:
    """A difference with its range: “1.5 percentage points more (1.2 to 1.8)”."""
    value, low, high = change.value or 0.0, change.low or 0.0, change.high or 0.0
    way = "more" if value >= 0 else "less"
    if not float(_written(metric, abs(value), change).replace(",", "")):
        way = "apart"
    sign = -1 if way == "less" else 1
    ends = sorted((sign * low, sign * high))
    told = [_written(metric, each, change) for each in ends]
    if ends[0] > 0 and not float(told[0].replace(",", "")):
        told[0] = f"over {told[0]}"
    between = " to ".join(told)
    return f"{size(metric, value, change)} {way} ({between})"


def multiple(ratio: Number) -> str:
    """A ratio with its range: “1.016 times (1.013 to 1.020)”; nothing where there is none."""
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return ""
    width = _width(ratio)
    low, high = (words.number(each, width) for each in (ratio.low, ratio.high))
    return f"{words.number(ratio.value, width)} times ({low} to {high})"


def title_of(compared: Compared) -> str:
    """What a metric is called, within a sentence."""
    return words.shortened(compared.metric.title, 50)


def cells(number: Number) -> tuple[float | None, float | None, float | None]:
    """A value and the ends of its range, as they stand in a table or a picture."""
    return number.value, number.low, number.high


def _written(metric: ExperimentMetric, value: float, number: Number) -> str:
    scale = 100 if metric.kind == "share" else 1
    width = _width(number)
    text = words.number(scale * value, None if width is None else scale * width)
    return text.replace("-", "−")


def _unit(metric: ExperimentMetric) -> str:
    return " percentage points" if metric.kind == "share" else ""


def _width(number: Number) -> float | None:
    if number.low is None or number.high is None:
        return None
    return number.high - number.low or None


def split_words(told: Told, at: int) -> tuple[str, str]:
    """What share of the users an arm got, and what it should have got."""
    split = told.report.split
    n = sum(split.counts)
    # As many digits as chance leaves certain of so many users.
    spread = 2 * (split.shares[at] * (1 - split.shares[at]) / n) ** 0.5
    return (
        words.share(split.counts[at] / n, 0.0, spread),
        words.share(split.shares[at], 0.0, spread),
    )


def seen_words(compared: Compared, found: Against) -> str:
    """Name the differences that would have been seen, “only” where one that matters may hide."""
    seen = size(compared.metric, found.seen or 0.0, found.change)
    only = "only " if found.hides(compared.metric.matters) else ""
    return f"{only}one larger than {seen}"


def missing_words(told: Told) -> str:
    """““outcome” is not known for 24 % of the users in “new”, and for 1 % in “old””."""
    missing = told.report.missing
    share, control = (words.share(missing.share(at)) for at in (missing.arm, 0))
    return (
        f"“{told.report.main.metric.column}” is not known for {share} of the {told.who} in "
        f"{told.arm(missing.arm)}, and for {control} in {told.arm(0)}"
    )
