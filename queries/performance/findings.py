"""What stands out about a model's performance, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.constant import Constant
from queries.measures.performance.metrics import METRICS
from queries.measures.performance.slices import Standout
from queries.measures.performance.stretch import WorseStretch
from queries.wording.performance.population import early_days, missing_days
from queries.wording.performance.told import Told, amount, two_cases


def findings(told: Told) -> Iterator[Finding]:
    """Tell what is known beside the headline, the most important first."""
    if lacking := told.days(DayState.MISSING):
        yield missing_days(lacking)
    if stretch := told.report.stretch:
        yield _stretch(stretch)
    if others := told.others_worse:
        yield _others(told, others)
    if (number := told.report.metrics.get("roc_auc")) and number.value is not None:
        yield _ranking(told, number)
    if told.report.constant and told.now:
        yield _against_constant(told, told.report.constant)
    if worst := told.worst:
        yield _worst(told, worst)
    if early := told.days(DayState.EARLY):
        yield early_days(early)


def _stretch(found: WorseStretch) -> Finding:
    during, rest = (
        words.share(each.value, each.low, each.high) for each in (found.during, found.elsewhere)
    )
    when = stretch_days(found)
    other = "since then" if found.from_start else "before" if found.lasts else "on other days"
    text = (
        f"{when[0].upper()}{when[1:]} it was right in {during} of cases "
        f"(n = {words.count(found.during.n)}), {other} in {rest}."
    )
    level = Severity.WARNING if found.lasts else Severity.NOTE
    return Finding("stretch", level, text, {"during": found.during, "elsewhere": found.elsewhere})


def stretch_days(found: WorseStretch) -> str:
    """Name the days of a stretch: “until 28 Oct”, “since 9 Nov”, “from 1 Nov to 4 Nov”."""
    first, last = (f"{day.day} {day:%b}" for day in (found.first, found.last))
    if found.from_start:
        return f"until {last}"
    return f"since {first}" if found.lasts else f"from {first} to {last}"


def _others(told: Told, names: list[str]) -> Finding:
    said = words.listed([told.other_words(name) for name in names[:4]])
    numbers = {name: told.report.metrics[name] for name in names}
    return Finding("worse", Severity.WARNING, f"Worse by enough: {said}.", numbers)


def _ranking(told: Told, number: Number) -> Finding:
    source = told.asked.source
    text = f"{two_cases(source)}, it ranks the right one first in {_share(number)}"
    if source.task == "multiclass":
        text += ", on average over the classes"
    numbers = {"roc_auc": number}
    before = told.report.before.metrics.get("roc_auc") if told.report.before else None
    if before and before.value is not None:
        text += f"; {_share(before)} {told.than}"
        numbers["before"] = before
    level = Severity.ALARM if told.is_worse("roc_auc") else Severity.NOTE
    return Finding("ranking", level, f"{text}.", numbers)


def _share(number: Number) -> str:
    return amount(number, "roc_auc")


def _against_constant(told: Told, constant: Constant) -> Finding:
    """Compare with one constant answer; it says little of cases that were chosen before."""
    numbers = {"constant": constant.value, "gain": constant.gain}
    always, low, high = _always(told, constant), constant.gain.low, constant.gain.high
    if low is not None and low > 0:
        return Finding("constant", Severity.GOOD, f"{always}: the model is better.", numbers)
    if told.chosen:
        text = (
            f"{always} here: doubtful cases don't get {told.chosen}, so that nearly all of these "
            "turn out alike, whoever decides."
        )
        return Finding("constant", Severity.NOTE, text, numbers)
    worse = high is not None and high < 0
    text = f"{always}: " + (
        "by this count the model is worse." if worse else "no difference from the model shown."
    )
    auc = told.report.metrics.get("roc_auc")
    if auc and auc.low is not None and auc.low > 0.5:
        text += " It does rank cases better than chance."
    return Finding("constant", Severity.WARNING, text, numbers)


def _always(told: Told, constant: Constant) -> str:
    good = amount(constant.value, told.metric)
    if isinstance(constant.answer, float):
        return f"Always answering {words.number(constant.answer)} would be off by {good}"
    if told.asked.source.task == "multiclass":
        return f"Always answering “{constant.answer}” would be right in {good}"
    return f"Always giving the commonest answer would be right in {good}"


def _worst(told: Told, worst: Standout) -> Finding:
    by, value = str(told.by).replace("_", " "), words.value(worst.value)
    here, elsewhere = _plainly(worst.here, told), _plainly(worst.elsewhere, told)
    numbers = {"worst": worst.here, "elsewhere": worst.elsewhere}
    if worst.clear:
        text = f"Worst for {by} {value}: {here}; elsewhere {elsewhere}."
        return Finding("slice", Severity.WARNING, text, numbers)
    text = f"No {by} stands out. The worst is {value}: {here}; elsewhere {elsewhere}."
    return Finding("slice", Severity.NOTE, text, numbers)


def _plainly(number: Number, told: Told) -> str:
    said = amount(number, told.metric)
    return (
        f"right in {said}" if METRICS[told.metric].unit == "share" else f"off by {said} on average"
    )
