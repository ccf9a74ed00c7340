"""What was found between arms, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.experiment.arms import Against, Compared, Effect
from queries.experiment.told import (
    Told,
    Verdict,
    amount,
    missing_words,
    more,
    multiple,
    seen_words,
    size,
    split_words,
    title_of,
)
from queries.experiment.who import apart


def findings(told: Told) -> Iterator[Finding]:
    """Give what was found: the split first, then effects and guardrails."""
    if told.verdict is Verdict.EMPTY:
        return
    yield _split(told)
    if told.verdict is Verdict.MISSING:
        yield _missing(told)
    elif told.verdict not in (Verdict.SPLIT, Verdict.FEW):
        yield _effects(told, told.report.main, "effect")
        yield from _guardrails(told)
        yield from _others(told)
    yield from apart(told)


def _split(told: Told) -> Finding:
    """Say whether users were split as configured."""
    split = told.report.split
    at = split.furthest
    got, due = split_words(told, at)
    arm, said = told.arm(at), words.p_value(split.p or 0.0)
    if split.broken:
        text = (
            f"The split is broken: {arm} got {got} of {words.count(sum(split.counts))} {told.who} "
            f"instead of {due} ({said}). Until it is known why, no effect can be trusted."
        )
        return Finding("split", Severity.ALARM, text)
    text = f"The split is as configured: {arm} got {got}, configured are {due} ({said})."
    return Finding("split", Severity.GOOD, text)


def _missing(told: Told) -> Finding:
    """Say that the metric is known of one arm more often than of another."""
    said = missing_words(told)
    text = (
        f"{said[0].upper()}{said[1:]} ({words.p_value(told.report.missing.p or 0.0)}). Whoever is "
        "missing counts as without it, so that the arms can't be compared until it is known why."
    )
    return Finding("missing", Severity.WARNING, text)


def _effects(told: Told, compared: Compared, kind: str) -> Finding:
    """Tell every arm against the control by one metric."""
    several = len(compared.against) > 1
    parts = [_effect(told, compared, each, several=several) for each in compared.against]
    title = title_of(compared)
    text = f"{title[0].upper()}{title[1:]}: {'; '.join(parts)}."
    level = {Effect.BETTER: Severity.GOOD, Effect.WORSE: Severity.WARNING}
    found = [each.effect for each in compared.against]
    worst = next((level[each] for each in (Effect.WORSE, Effect.BETTER) if each in found), None)
    numbers: dict[str, Number] = {}
    for each in compared.against:
        numbers |= {f"change {each.arm}": each.change, f"times {each.arm}": each.ratio}
    known = {name: each for name, each in numbers.items() if each.value is not None}
    return Finding(kind, worst or Severity.NOTE, text, known)


def _effect(told: Told, compared: Compared, found: Against, *, several: bool) -> str:
    arm = f"{told.arm(found.arm)} {amount(compared.values[found.arm])}"
    text = f"{arm} against {amount(compared.values[0])} in {told.arm(0)}"
    if found.effect is Effect.FEW:
        return f"{text}, {found.change.why}"
    text += f", {more(compared.metric, found.change)}"
    if found.effect is Effect.NONE:
        text += f": no difference shown, and {seen_words(compared, found)} would have been seen"
    elif times := multiple(found.ratio):
        text += f", {times}"
    corrected = " corrected for the number of arms" if several else ""
    return f"{text} ({words.p_value(found.corrected or 0.0)}{corrected})"


def _guardrails(told: Told) -> Iterator[Finding]:
    """Say which guardrails got worse, or how much harm might be hidden."""
    if harmed := told.report.harmed:
        compared = harmed[0][0]
        # The main metric's own harm has been told with its effect.
        if compared is not told.report.main:
            yield _effects(told, compared, "guardrail")
        return
    held = [each for each in told.report.others if each.metric.guardrail]
    parts = [each for compared in held if (each := _hidden(compared))]
    if parts:
        text = f"No harm shown: {words.listed(parts, last='or')} would have been seen."
        numbers = {each.metric.name: each.against[0].change for each in held}
        known = {name: each for name, each in numbers.items() if each.value is not None}
        hides = any(one.hides(each.metric.matters) for each in held for one in each.against)
        yield Finding("guardrail", Severity.NOTE if hides else Severity.GOOD, text, known)


def _hidden(compared: Compared) -> str:
    """Name the harm to a guardrail that would have been seen, in the arm that hides most."""
    down = -1 if compared.metric.better == "higher" else 1
    ends = [
        (max(0.0, down * end), each.change)
        for each in compared.against
        if (end := each.change.low if down < 0 else each.change.high) is not None
    ]
    if not ends:
        return ""
    most, change = max(ends, key=lambda each: each[0])
    way = "lower" if down < 0 else "higher"
    return f"{title_of(compared)} {way} by more than {size(compared.metric, most, change)}"


def _others(told: Told) -> Iterator[Finding]:
    """Tell the first further metric in which an arm differs."""
    for compared in told.report.others:
        differs = any(each.effect in (Effect.BETTER, Effect.WORSE) for each in compared.against)
        if differs and not compared.metric.guardrail:
            yield _effects(told, compared, "metric")
            return
