"""What stands out about calibration, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from queries.calibration.told import Told, error_words
from queries.core import words
from queries.core.answer import Finding, Severity
from queries.measures.outcomes.maturity import DayState
from queries.statistics.calibration import Calibration
from queries.wording.differences import off_by, typically_off
from queries.wording.performance.population import (
    early_days,
    in_state,
    missing_days,
)


def findings(told: Told) -> Iterator[Finding]:
    """Give what stands out, what its outcomes allow first."""
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


def _lean(told: Told) -> Finding:
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


def _slices(told: Told) -> Finding:
    by, slices = str(told.by).replace("_", " "), told.worst.slices
    off = [each for each in slices if each.is_off]
    if not off:
        return Finding("slice", Severity.NOTE, f"No {by} is off beyond chance and by enough.")
    worst = off[0]
    error = worst.found.error
    lean = worst.found.lean.value or 0.0
    too = "much" if lean < 0 else "little"
    text = f"Off in {by} {words.value(worst.value)}: typically by {error_words(error)}"
    if worst.found.lean.low is not None and abs(lean) >= told.matters:
        text += f"; it promises {off_by(lean)} too {too} there"
    if len(off) > 1:
        text += f". {words.counted(len(off), by, f'values of {by}')} are off in all"
    return Finding("slice", Severity.WARNING, f"{text}.", {"error": error})


def _reference(told: Told, before: Calibration) -> Finding:
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


def _brier(told: Told) -> Finding:
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
