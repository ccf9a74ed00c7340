"""What a model says, in plain words: each output with how it was."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.measures.predictions.outputs import Output
from queries.outputs.changes import OutputChange, Verdict
from queries.outputs.mix import Mix
from queries.outputs.report import OutputReport, Shape
from queries.outputs.slices import OutputSlice
from queries.wording.asked import Asked

SEVERITY: Mapping[Verdict, Severity] = {
    Verdict.GONE: Severity.ALARM,
    Verdict.ENOUGH: Severity.WARNING,
    Verdict.STEADY: Severity.WARNING,
    Verdict.LESS: Severity.NOTE,
    Verdict.NONE: Severity.GOOD,
    Verdict.UNKNOWN: Severity.UNKNOWN,
    Verdict.FEW: Severity.UNKNOWN,
}


def severity(verdict: Verdict, *, hidden: bool) -> Severity:
    """How much a verdict asks; no change is no good news where one that matters may hide."""
    return Severity.NOTE if hidden else SEVERITY[verdict]


NEARLY = 0.02
"""A mean lies so near a power of ten times the one before, in tenfolds: within 5 %."""


@dataclass(frozen=True)
class Told:
    """A report with what was asked. ``than`` says with what it is compared, ``by`` the split."""

    asked: Asked
    report: OutputReport
    than: str
    by: str | None
    caveats: tuple[str, ...] = ()


def now_and_before(change: OutputChange, than: str) -> str:
    """“approve” in 61 % of decisions, 65 % in the weeks before."""
    now, before = change.now, change.before
    if now.value is None:
        return f"no request has a {named(change.output.name)}"
    said = _phrase(change.output, amount(now))
    if before.value is None:
        return said
    return f"{said}, {amount(before, now)} {than}{_other_unit(change)}"


def _other_unit(change: OutputChange) -> str:
    """“, 100 times as much: is its unit another now?”, where a power of ten lies between."""
    now, before = change.now.value, change.before.value
    if change.output.value is not None or not now or not before or now / before <= 0:
        return ""
    tens = math.log10(now / before)
    if abs(tens) < 0.9 or abs(tens - round(tens)) > NEARLY:
        return ""
    times = 10 ** abs(round(tens))
    much = f"{times:,} times as much" if tens > 0 else f"a {times:,}th of that"
    return f" ({much}, as if its unit were another)"


def _phrase(output: Output, said: str) -> str:
    if output.value is None:
        return f"{named(output.name)} {said} on average"
    return f"“{words.shortened(output.value, 40)}” in {said} of {output.name}s"


def named(name: str) -> str:
    """A role or metric within a sentence."""
    return name.replace("_", " ")


def amount(number: Number, like: Number | None = None) -> str:
    """A share or number with the digits that its interval, or that of another, supports.

    Beside 40 a score of 0.40 isn't 0: then its own interval counts.
    """
    said = _with_digits(number, like or number)
    return said if not number.value or re.search("[1-9]", said) else _with_digits(number, number)


def _with_digits(number: Number, digits: Number) -> str:
    if number.unit == "share":
        return words.share(number.value, digits.low, digits.high)
    if digits.low is None or digits.high is None:
        return words.number(number.value)
    return words.number(number.value, digits.high - digits.low)


def size(change: OutputChange, value: float) -> str:
    """How large a change is, in percentage points or in the output's unit."""
    return words.points(value) if change.output.value is not None else words.number(abs(value))


def steadily(change: OutputChange, than: str) -> str:
    """“approve” has kept falling, to 61 % of decisions: 67 %, 65 % and 63 % in the weeks before."""
    *was, now = change.path
    output, said = change.output, amount(now)
    way = "falling" if (now.value or 0.0) < (was[0].value or 0.0) else "rising"
    path = f"{words.listed([amount(each, now) for each in was])} {than}"
    if output.value is None:
        return f"{named(output.name)} has kept {way}, to {said} on average: {path}"
    value = words.shortened(output.value, 40)
    return f"“{value}” has kept {way}, to {said} of {output.name}s: {path}"


def not_shown(change: OutputChange, seen: float) -> str:
    """No change shown, with the size from which on one would have been seen."""
    if change.hidden:
        return f"no change shown, but one of under {size(change, seen)} could go unseen"
    return f"no change shown; one of more than {size(change, seen)} would have been seen"


def verdict(change: OutputChange, than: str) -> Finding:
    """Tell one output with its verdict."""
    text = now_and_before(change, than)
    if change.verdict is Verdict.STEADY:
        text = steadily(change, than)
    elif change.verdict is Verdict.LESS:
        text += f": changed, but less than what matters ({size(change, change.least)})"
    elif change.verdict is Verdict.NONE and change.seen is not None:
        text += f": {not_shown(change, change.seen)}"
    elif change.verdict in (Verdict.ENOUGH, Verdict.FEW):
        text += f": {change.verdict.value}"
    elif change.verdict is Verdict.GONE:
        text += f" any more; {amount(change.before)} {than}"
    else:
        text += ": too little past to say whether that is usual"
    return Finding(
        f"output {change.output.name}",
        severity(change.verdict, hidden=change.hidden),
        f"{text[0].upper()}{text[1:]}.",
        _numbers({"now": change.now, "before": change.before, "change": change.change}),
    )


def standing_out(found: OutputSlice, lead: OutputChange, level: Severity) -> Finding:
    """Tell which slice changed more than the rest."""
    name = f"{named(found.dimension)} {words.value(found.value, 40)}"
    here = _phrase(lead.output, amount(found.now))
    text = (
        f"{name[0].upper()}{name[1:]} changed more than the rest: "
        f"{here}, before {amount(found.before)}; elsewhere {amount(found.elsewhere)}, before "
        f"{amount(found.elsewhere_before)}."
    )
    numbers = {"now": found.now, "before": found.before, "apart": found.apart}
    return Finding("slice", level, text, _numbers(numbers))


def moved_between(found: Mix, lead: OutputChange) -> Finding:
    """Tell that requests moved to where the model says something else."""
    by = named(found.dimension)
    name, there = f"{by} {words.value(found.value, 40)}", _phrase(lead.output, amount(found.here))
    text = (
        f"{name[0].upper()}{name[1:]} has {words.share(found.share_now)} of the requests, "
        f"{words.share(found.share_before)} before; there {there}, elsewhere "
        f"{amount(found.elsewhere)}. Of {words.gained(100 * found.change)} in all, "
        f"{words.gained(100 * found.mix)} come with requests that moved between one {by} and "
        "another, the rest from within."
    )
    numbers = {"here": found.here, "elsewhere": found.elsewhere}
    return Finding("mix", Severity.WARNING, text, _numbers(numbers))


def spread_differently(shape: Shape, than: str) -> Finding:
    """Tell that a number is spread differently, whatever its average does."""
    compared = shape.compared
    text = (
        f"The values of {named(compared.name)} are spread differently than {than} "
        f"(shift {words.number(compared.effect)})."
    )
    why = "compared with what chance makes of it"
    number = Number(compared.effect, compared.now.n, why=why)
    return Finding("spread", Severity.WARNING, text, {"shift": number})


def _numbers(numbers: dict[str, Number]) -> dict[str, Number]:
    return {name: number for name, number in numbers.items() if number.n}


FIRM = (Verdict.GONE, Verdict.ENOUGH, Verdict.STEADY)
"""What asks somebody to look."""


def standing(told: Told) -> OutputSlice | None:
    """The slice that stands out most, where one does."""
    return next((each for each in told.report.slices if each.stands_out), None)
