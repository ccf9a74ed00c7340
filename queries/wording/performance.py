"""Performance in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from queries.core import words
from queries.core.answer import Answer, ColumnType, Finding, FollowUp, Number, Severity
from queries.measures.maturity import DayState
from queries.measures.performance import METRICS, Constant, change, worsened
from queries.measures.performance_report import Part, Report
from queries.wording.asked import Asked
from queries.wording.performance_charts import chart
from queries.wording.performance_tables import tables

DEFINITIONS = {
    "outcome": "What really happened, as logged later for the same request; of several, the "
    "latest.",
    "mature day": "A day of which at least 95 % of the outcomes to be expected are in, judged by "
    "how long older days' outcomes took. Only such days count in the totals, since early outcomes "
    "are not typical.",
    "worse": "Lower (for errors: higher) than before beyond chance, by at least what this model's "
    "settings call worth acting on.",
    "always the same answer": "A model that always gives the commonest answer (for numbers: the "
    "mean) needs no inputs; a useful model beats it.",
}


@dataclass(frozen=True)
class Told:
    """A report and what was asked."""

    asked: Asked
    report: Report
    by: str | None

    @property
    def metric(self) -> str:
        """The metric that is told first."""
        return "mae" if self.asked.source.task == "regression" else "accuracy"

    @property
    def now(self) -> Number | None:
        """That metric, where it could be measured."""
        found = self.report.metrics.get(self.metric)
        return found if found is not None and found.value is not None else None

    @property
    def worse(self) -> tuple[str, ...]:
        """Which of the leading metrics have become worse."""
        matters = self.asked.source.matters.performance
        return tuple(
            name
            for name in (self.metric, "roc_auc")
            if name in self.report.before
            and name in self.report.metrics
            and worsened(name, self.change(name), self._matters(name, matters))
        )

    def change(self, name: str) -> Number:
        """How far a metric moved against before."""
        return change(self.report.metrics[name], self.report.before[name])

    def _matters(self, name: str, matters: float) -> float:
        """An absolute threshold for shares, one relative to before for errors in a unit."""
        if METRICS[name].unit == "share":
            return matters
        return matters * abs(self.report.before[name].value or 0.0)


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head = headline(told)
    used = {METRICS[name].label: METRICS[name].meaning for name in told.report.metrics}
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=_summary(told),
        findings=tuple(_findings(told))[:5],
        tables=tables(told.report, told.by, told.asked.reading.zone),
        chart=chart(told.report, told.asked, told.metric, told.by, head),
        caveats=tuple(_caveats(told)),
        follow_ups=_follow_ups(told),
        definitions=DEFINITIONS | used,
    )


def headline(told: Told) -> str:
    """One sentence: how good, and whether that is as before."""
    name, now = told.asked.name, told.now
    if now is None:
        return f"{name}: too early to say how good it is {told.asked.reading.text}"
    said = _good(now, told.metric)
    before = told.report.before.get(told.metric)
    if before is None or before.value is None:
        return f"{name}: {said}"
    was = _amount(before, told.metric)
    if told.metric in told.worse:
        return f"{name}: worse than {told.report.than}: {said}, {was} before"
    if told.worse:
        return f"{name}: it ranks cases worse than {told.report.than}, though {said}"
    return f"{name}: no worse than {told.report.than}: {said}, {was} before"


def _severity(told: Told) -> Severity:
    if told.now is None:
        return Severity.UNKNOWN
    if told.worse:
        return Severity.ALARM
    gain = told.report.constant.gain if told.report.constant else None
    chosen = bool(told.asked.source.decided)
    if not chosen and gain is not None and gain.low is not None and gain.low <= 0:
        return Severity.WARNING
    return Severity.GOOD if told.report.before else Severity.NOTE


def _good(now: Number, metric: str) -> str:
    if metric == "mae":
        return f"its answers are off by {words.number(now.value)} on average"
    return f"right in {words.share(now.value, now.low, now.high)} of cases"


def _amount(number: Number, metric: str) -> str:
    return written(number, METRICS[metric].unit)


def written(number: Number, unit: ColumnType) -> str:
    """An estimate with the digits that its interval supports."""
    if unit == "share":
        return words.share(number.value, number.low, number.high)
    if number.low is None or number.high is None:
        return words.number(number.value)
    return words.number(number.value, number.high - number.low)


def _summary(told: Told) -> str:
    arrived, source = told.report.arrived, told.asked.source
    who = ""
    if source.decided:
        decided = words.listed([f"“{value}”" for value in source.decided], last="or")
        who = f" with the decision {decided}"
    text = (
        f"Of {words.counted(arrived.rows, 'request')}{who} {told.asked.reading.text}, "
        f"{words.count(arrived.outcomes)} have their outcome"
    )
    maturity = told.report.maturity
    early = _count(told, DayState.EARLY)
    if not maturity or not early:
        return text + "."
    if not maturity.mature:
        return f"{text}, and none of these days is complete yet."
    mature = words.counted(maturity.maturity.mature_outcomes, "outcome")
    days = words.counted(early, "recent day")
    return f"{text}. Counted are the {mature} of complete days; {days} left out."


def _count(told: Told, state: DayState) -> int:
    return sum(each.state is state for each in told.report.days)


def _findings(told: Told) -> Iterator[Finding]:
    for name in ("roc_auc",):
        if (number := told.report.metrics.get(name)) and number.value is not None:
            yield _ranking(told, name, number)
    if told.report.constant and told.now:
        chosen = bool(told.asked.source.decided)
        yield _against_constant(told.report.constant, told.metric, chosen=chosen)
    if told.by and (worst := _worst(told)):
        yield worst
    early = [each for each in told.report.days if each.state is DayState.EARLY]
    if early and told.report.maturity:
        usual = words.counted(told.report.maturity.maturity.usual_days, "day")
        text = (
            f"Outcomes usually take up to {usual}: days from {_day(early[0].day)} on are too "
            "young to judge and stand apart."
        )
        yield Finding("early", Severity.NOTE, text)
    lacking = [each for each in told.report.days if each.state is DayState.MISSING]
    if lacking:
        text = (
            f"Outcomes are missing for {words.counted(len(lacking), 'day')}, first "
            f"{_day(lacking[0].day)}: fewer came than older days had by that age."
        )
        yield Finding("outcomes missing", Severity.WARNING, text)


def _ranking(told: Told, name: str, number: Number) -> Finding:
    amount = _amount(number, name)
    text = f"Of two cases, one of each kind, it scores the right one higher in {amount}"
    before = told.report.before.get(name)
    level = Severity.ALARM if name in told.worse else Severity.NOTE
    if before and before.value is not None:
        text += f"; {_amount(before, name)} {told.report.than}"
    return Finding("ranking", level, text + ".", {"roc_auc": number})


def _against_constant(constant: Constant, metric: str, *, chosen: bool) -> Finding:
    """Compare with one constant answer; it says little of cases that the model has chosen itself."""
    numbers = {"constant": constant.value, "gain": constant.gain}
    good = _amount(constant.value, metric)
    if metric == "mae":
        always = f"Always answering {constant.answer} would be off by {good}"
    else:
        always = f"Always giving the commonest answer would be right in {good}"
    low, high = constant.gain.low, constant.gain.high
    if chosen and (low is None or low <= 0):
        text = f"Among these, {always[0].lower()}{always[1:]}: the doubtful cases were not chosen. "
        text += "How it ranks the chosen ones says more."
        return Finding("constant", Severity.NOTE, text, numbers)
    if low is not None and low > 0:
        return Finding("constant", Severity.GOOD, f"{always}: the model is better.", numbers)
    if high is not None and high < 0:
        return Finding("constant", Severity.ALARM, f"{always}: the model is worse.", numbers)
    text = f"{always}: no difference from the model shown."
    return Finding("constant", Severity.WARNING, text, numbers)


def _worst(told: Told) -> Finding | None:
    """The slice that stands out for the worse from all others together, by its interval."""
    now, better = told.now, METRICS[told.metric].better
    known = [each for each in told.report.parts if each.metrics[told.metric].value is not None]
    if now is None or now.value is None or len(known) < 2:
        return None
    worst = (min if better == "higher" else max)(known, key=lambda each: _value(each, told.metric))
    number = worst.metrics[told.metric]
    apart = number.high if better == "higher" else number.low
    clear = apart is not None and (apart < now.value if better == "higher" else apart > now.value)
    value = "(empty)" if worst.value is None else str(worst.value)
    label = METRICS[told.metric].label
    text = (
        f"Lowest for {told.by} {value}" if better == "higher" else f"Highest for {told.by} {value}"
    )
    text += f": {_amount(number, told.metric)} {label}, {_amount(now, told.metric)} overall"
    text += "." if clear else "; that may be chance."
    return Finding("slice", Severity.WARNING if clear else Severity.NOTE, text, {"worst": number})


def _value(part: Part, metric: str) -> float:
    return part.metrics[metric].value or 0.0


def _caveats(told: Told) -> Iterator[str]:
    decided = told.asked.source.decided
    if decided:
        said = words.listed([f"“{value}”" for value in decided], last="or")
        yield (
            f"This speaks of requests with the decision {said} alone: of all others nobody knows "
            "how they would have turned out."
        )
    if told.report.before and told.report.than and told.by is None and not told.worse:
        yield "“No worse” means: no change for the worse that is beyond chance and large enough."


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _follow_ups(told: Told) -> tuple[FollowUp, ...]:
    asked, steps = told.asked, []
    if told.now is None and asked.source.outcome_delay and not asked.source.undated:
        text = f"performance {asked.source.name} last 60 days"
        steps.append(FollowUp("Look further back", text))
    dimensions = [name for name in ("version", *asked.source.dimensions) if name != told.by]
    usable = [name for name in dimensions if name != "version" or "version" in asked.source.roles]
    if usable and told.now is not None:
        steps.append(FollowUp(f"By {usable[0]}", asked.next("performance", by=usable[0])))
    if asked.source.features:
        steps.append(FollowUp("Have the inputs changed?", asked.next("inputs")))
    return tuple(steps)
