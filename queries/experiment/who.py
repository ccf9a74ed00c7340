"""Of whom an answer about an experiment speaks, who is left out, and what it can't show."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import CannotShow, Finding, Population, Severity
from queries.experiment.enrolment import Standing
from queries.experiment.exposures import unit_column
from queries.experiment.split import BROKEN
from queries.experiment.told import Told, Verdict
from queries.statistics.rates import wilson

MANY = 0.01
"""From this share of users in several arms on, the assignment deserves a look."""


def summary(told: Told) -> str:
    """Say how many users take part, how many of them are compared, and whether it goes on."""
    report = told.report
    n = sum(report.split.counts)
    if told.verdict is Verdict.EMPTY:
        return _nobody(told)
    when = told.asked.reading.text
    verb = "was" if n == 1 else "were"
    if told.asked.source.undated:
        text = f"{words.counted(n, told.one)} {verb} given an arm"
    else:
        text = f"{words.counted(n, told.one)} {verb} first exposed {when}"
    if not told.finished:
        return f"{text}. No {told.one} can be compared yet."
    compared = "all" if told.finished == n else words.count(told.finished)
    text += f"; {compared} of them {'is' if told.finished == 1 else 'are'} compared"
    if report.running:
        return f"{text}. It is still running; these ranges may be read at any time."
    return f"{text}."


def _nobody(told: Told) -> str:
    name = told.experiment.name
    armless = told.report.users(Standing.ARMLESS) + told.report.users(Standing.UNDECLARED)
    if armless:
        return (
            f"{words.counted(armless, told.one)} of it have no arm that is declared. Check `split` "
            f"of experiment {name} in plainlogs.toml."
        )
    if told.report.rows(Standing.NOBODY):
        column = unit_column(told.asked.source, told.experiment)
        return f"“{column}”, which tells whom an arm was given to, is empty in all of its rows."
    return f"No row belongs to {name}. Check that its name stands so in the log, and the time."


def apart(told: Told) -> Iterator[Finding]:
    """Tell who is left out, and who is still to come."""
    report = told.report
    crossed, at_once = (report.users(each) for each in (Standing.CROSSED, Standing.CONTRADICTED))
    if crossed or at_once:
        n = sum(report.split.counts) + at_once
        share = wilson(crossed + at_once, n)
        several = crossed + at_once
        verb = "was" if several == 1 else "were"
        text = f"{words.counted(several, told.one)} of {words.count(n)} "
        text += f"({words.share(share.value, share.low, share.high)}) {verb} seen in several arms"
        if at_once:
            text += f", {words.count(at_once)} of them at the same moment"
        level = Severity.WARNING if (share.value or 0.0) >= MANY else Severity.NOTE
        yield Finding("left out", level, f"{text}; they are left out.", {"share": share})
    if still := report.users(Standing.OPEN):
        window = told.experiment.window
        whose = "its" if still == 1 else "their"
        within = f"within {whose} {words.lasting(window)}" if window else "new"
        counted = f"{words.counted(still, told.one)} {'is' if still == 1 else 'are'} still {within}"
        apart_ = "it is" if still == 1 else "they are"
        text = f"{counted}; {apart_} counted apart, and may still change the answer."
        yield Finding("to come", Severity.NOTE, text)


def caveats(told: Told) -> Iterator[str]:
    """Say what is not counted, what the numbers rest on, and what they can't show."""
    report, one = told.report, told.one
    if told.verdict is not Verdict.EMPTY:
        yield _population(told)
        yield _cannot_show(told)
    yield from _left_out(told)
    known = report.known(report.main.metric.name)
    if unknown := told.finished - known:
        metric = report.main.metric
        as_ = "without it" if metric.kind == "share" else "0"
        yield (
            f"Of {words.count(unknown)} of the {words.counted(told.finished, one)} compared, "
            f"“{metric.column}” is not known; they count as {as_}."
        )
    if one == "row":
        yield "The log doesn't say whom an arm was given to, so every row counts as one of its own."
    if told.asked.where:
        yield (
            "Only rows that meet the conditions count. Where an arm itself changes what they ask "
            "for, the arms are no longer alike."
        )
    if len(told.experiment.arms) > 2:
        yield "Each arm is compared with the control, not with the other arms."
    if told.verdict is Verdict.SPLIT:
        yield f"A split counts as broken below p = {BROKEN}, however the arms did."


def _left_out(told: Told) -> Iterator[str]:
    report = told.report
    told_apart = {
        Standing.UNDECLARED: "first came into an arm that is not declared",
        Standing.ARMLESS: "never had an arm",
        Standing.EARLIER: "first came before the time asked for",
        Standing.LATER: "first came after the experiment's end",
    }
    for standing, text in told_apart.items():
        if n := report.users(standing):
            verb = "is" if n == 1 else "are"
            yield f"{words.counted(n, told.one)} {text} and {verb} left out."
    if rows := report.rows(Standing.NOBODY):
        verb = "names" if rows == 1 else "name"
        yield f"{words.counted(rows, 'row')} of the experiment {verb} no {told.one}: left out."


def _population(told: Told) -> Population:
    """Say of how many users the numbers speak, and of what time after each one's exposure."""
    n, window = sum(told.report.split.counts), told.experiment.window
    into = "given an arm" if told.asked.source.undated else "first exposed"
    of = "all" if told.finished == n else f"{words.count(told.finished)} of"
    counted = f"Counted are {of} {words.counted(n, told.one)} {into}"
    if window is None:
        return Population(f"{counted}, each once and with all that the log has of it.")
    within = words.lasting(window)
    return Population(f"{counted}: those whose {within} are over, with what came within these.")


def _cannot_show(told: Told) -> CannotShow:
    if told.verdict is Verdict.SPLIT:
        return CannotShow(
            "It can't show which arm is better: whatever spoilt the split may also make the "
            f"{told.who} of one arm unlike those of the other."
        )
    window = told.experiment.window
    later = f"after those {words.lasting(window)}" if window else "later"
    return CannotShow(
        f"It can't show what comes {later}, nor what holds for {told.who} that took no part."
    )
