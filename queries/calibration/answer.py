"""Calibration in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.calibration.tables import chart, tables
from queries.calibration.told import CalibrationTold, said_and_came
from queries.core import words
from queries.core.answer import Answer, Finding, Severity
from queries.core.number import Number
from queries.measures.outcomes.maturity import DayState
from queries.statistics.calibration import Calibration
from queries.wording.before import whole_reference
from queries.wording.differences import off_by, typically_off
from queries.wording.parts import part_name
from queries.wording.performance.population import (
    chosen_alone,
    early_days,
    in_state,
    missing_days,
    nothing_known,
    outcomes_in,
)
from queries.wording.performance.steps import how_good_steps


def answer_words(told: CalibrationTold) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head, complete = f"{told.asked.name}: {_headline(told)}", told.report.complete
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=outcomes_in(
            told.asked, complete.arrived, complete.counted, complete.states, complete.usual_days
        ),
        findings=tuple(_findings(told))[:5],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=how_good_steps(
            told.asked,
            "calibration",
            told.by,
            known=told.is_off is not None,
            leave_out=("estimate",),
        ),
    )


def _headline(told: CalibrationTold) -> str:
    if told.is_off is None:
        return _cannot(told)
    said = _in_all(told)
    off = [each for each in told.worst.slices if each.is_off]
    if told.is_off or not off:
        return said
    name = part_name(str(told.by), off[0].value)
    return f"{said}; but off for {name}, typically by {_error(off[0].found.error)}"


def _in_all(told: CalibrationTold) -> str:
    said, came = said_and_came(told.shown)
    if told.is_off:
        promise = f"{said} doesn't mean {said}: then {came} come true"
        return f"{told.of_class}{promise}; typically off by {_error(told.now.error)}"
    example = f"{told.of_class}when it says {said}, {came} come true"
    if told.beyond_chance:
        return f"{example}; typically off by {_error(told.now.error)}, too little to matter"
    return f"{example}; typically off by {off_by(told.now.plain)}, no more than chance makes of it"


def _error(number: Number) -> str:
    return off_by(number.value)


def _cannot(told: CalibrationTold) -> str:
    rows, complete = told.worst.rows, told.report.complete
    if not rows.are_probabilities:
        share = words.share(rows.improbable_share)
        return f"its scores are no probabilities: {share} of them lie outside 0 to 1"
    if complete.counted.outcomes and not rows.n:
        return f"no request with an outcome has a score {told.asked.reading.text}"
    what = "whether its probabilities hold"
    return nothing_known(told.asked, complete.arrived, complete.counted, told.states, what)


def _severity(told: CalibrationTold) -> Severity:
    if told.is_off is None:
        return Severity.WARNING if in_state(told.states, DayState.MISSING) else Severity.UNKNOWN
    if told.is_off:
        return Severity.ALARM
    slices = any(each.is_off for each in told.worst.slices)
    return Severity.WARNING if slices else Severity.GOOD


def _findings(told: CalibrationTold) -> Iterator[Finding]:
    if lacking := in_state(told.states, DayState.MISSING):
        yield missing_days(lacking)
    if told.is_off is not None:
        yield _lean(told)
        if told.by:
            yield _slices(told)
        if told.worst.before is not None and told.worst.before.error.value is not None:
            yield _reference(told, told.worst.before)
        yield _brier(told)
    if early := in_state(told.states, DayState.EARLY):
        yield early_days(early)


def _lean(told: CalibrationTold) -> Finding:
    """Say whether it promises too much or too little in all."""
    lean, said = told.now.lean, sum(each.stated for each in told.now.bins) / told.now.n
    value, low, high = lean.value or 0.0, lean.low or 0.0, lean.high or 0.0
    on_average = words.share(said, said + low, said + high)
    came = words.share(said + value, said + low, said + high)
    text = f"In all it says {on_average} on average, and {came} came true"
    if low <= 0 <= high:
        return Finding("lean", Severity.NOTE, f"{text}: no difference shown.", {"lean": lean})
    too = "much" if value < 0 else "little"
    level = Severity.WARNING if abs(value) >= told.matters else Severity.NOTE
    by = off_by(value)
    return Finding("lean", level, f"{text}: it promises {by} too {too}.", {"lean": lean})


def _slices(told: CalibrationTold) -> Finding:
    by, slices = str(told.by).replace("_", " "), told.worst.slices
    off = [each for each in slices if each.is_off]
    if not off:
        return Finding("slice", Severity.NOTE, f"No {by} is off beyond chance and by enough.")
    worst = off[0]
    error = worst.found.error
    lean = worst.found.lean.value or 0.0
    too = "much" if lean < 0 else "little"
    text = f"Off in {by} {words.value(worst.value)}: typically by {_error(error)}"
    if worst.found.lean.low is not None and abs(lean) >= told.matters:
        text += f"; it promises {off_by(lean)} too {too} there"
    if len(off) > 1:
        text += f". {words.counted(len(off), by, f'values of {by}')} are off in all"
    return Finding("slice", Severity.WARNING, f"{text}.", {"error": error})


def _reference(told: CalibrationTold, before: Calibration) -> Finding:
    numbers = {"error": told.now.error, "before": before.error}
    was = typically_off(before.error)
    if before.is_off(told.matters):
        text = f"It was off in the reference set already, {was}."
        return Finding("reference", Severity.NOTE, text, numbers)
    if told.is_off and (told.now.error.low or 0.0) > (before.error.high or 0.0):
        text = f"In the reference set it held: {was}. That has changed."
        return Finding("reference", Severity.WARNING, text, numbers)
    text = f"In the reference set its probabilities held: {was}."
    return Finding("reference", Severity.NOTE, text, numbers)


def _brier(told: CalibrationTold) -> Finding:
    brier, n = told.now.brier, told.now.n
    rate = sum(each.hits for each in told.now.bins) / n
    width = None if brier.low is None or brier.high is None else brier.high - brier.low
    always = rate * (1 - rate)
    text = (
        f"Its Brier score is {words.number(brier.value, width)}; always saying "
        f"{words.share(rate)} would have {words.number(always, width)}"
    )
    better = brier.high is not None and brier.high < always
    level = Severity.NOTE if better else Severity.WARNING
    verdict = "its probabilities are worth more than that" if better else "no gain shown"
    return Finding("brier", level, f"{text}: {verdict}.", {"brier": brier})


def _caveats(told: CalibrationTold) -> Iterator[str]:
    rows = told.worst.rows
    yield from chosen_alone(told.asked.source)
    if rows.unscored:
        one = "has no score and doesn't" if rows.unscored == 1 else "have no score and don't"
        yield f"{words.counted(rows.unscored, 'request')} with an outcome {one} count."
    if rows.improbable and told.is_off is not None:
        lies = "lies" if rows.improbable == 1 else "lie"
        yield (
            f"{words.counted(rows.improbable, 'score')} {lies} outside 0 to 1 and can be no "
            "probability; such requests are left out."
        )
    if told.report.lacking and told.worst.before is not None:
        yield whole_reference(told.report.lacking)
    if told.is_off is False:
        yield "“Typically off” is the root of the mean squared gap, large gaps weighing more."
