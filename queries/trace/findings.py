"""What stands out about one request, in sentences: steps, margin, weights, places, the nearest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.formulas.tree import written
from queries.core.number import Number
from queries.statistics.rates import wilson
from queries.trace.comparable import Comparable
from queries.trace.facts import override
from queries.trace.formula_values import Cannot
from queries.trace.phrases import (
    apart,
    brief,
    empty,
    is_named,
    place,
    rarity,
    scores,
    signed,
    unusual,
    week,
)
from queries.trace.places import Place
from queries.trace.report import Traced
from queries.trace.transformations import OffTimes, Step, Verdict
from queries.wording.asked import Asked

_MOST, _NAMED = 5, 3


def findings(found: Traced, asked: Asked) -> tuple[Finding, ...]:
    """At most five sentences, what is wrong first."""
    return tuple(_findings(found, asked))[:_MOST]


def _findings(found: Traced, asked: Asked) -> Iterator[Finding]:
    if missing := empty(found):
        yield _empty(found, missing)
    if found.first_off is not None:
        yield _off(found, found.first_off, asked)
    elif (matched := _matched(found)) is not None:
        yield matched
    if (margin := _margin(found)) is not None:
        yield margin
    if found.attributions:
        yield _weighed(found)
    if found.inputs:
        yield _unusual(found)
    if found.comparable:
        yield _nearest(found, found.comparable[0])


def _empty(found: Traced, missing: Sequence[Place]) -> Finding:
    """Tell the inputs without a value that its error names, or that rarely lack one."""
    named = [one for one in missing if is_named(found, one)]
    level = Severity.WARNING if named else Severity.NOTE
    told = [f"“{one.name}” is {place(one)}" for one in missing[:_NAMED]]
    more = f", and {words.count(len(missing) - _NAMED)} more" if len(missing) > _NAMED else ""
    error = ""
    if named:
        which = words.listed([f"“{one.name}”" for one in named[:_NAMED]])
        error = f" The error of this request names {'it' if len(missing) == 1 else which}."
    numbers = {one.name: wilson(*one.empty) for one in missing[:_NAMED] if one.empty[1]}
    return Finding("inputs empty", level, f"{'; '.join(told)}{more}.{error}", numbers)


def _off(found: Traced, step: Step, asked: Asked) -> Finding:
    """Tell the first step that is logged otherwise than declared, with both values."""
    value = step.value if isinstance(step.value, float) else 0.0
    formula = written(step.formula)
    if step.verdict is Verdict.NOT_LOGGED or not isinstance(step.logged, float):
        both = f"“{formula}” comes to {brief(value)}, and the log has no value"
    else:
        computed, logged = apart(value, step.logged)
        both = f"“{formula}” comes to {computed}, the log says {logged}"
    times = found.off.get(step.name)
    text = f"“{step.name}” doesn't match the log: {both}.{_since(times, asked) if times else ''}"
    numbers = {"off": wilson(times.off, times.computable)} if times and times.computable else {}
    return Finding("step off", Severity.WARNING, text, numbers)


def _since(times: OffTimes, asked: Asked) -> str:
    """For how many requests around, and since when."""
    if not times.computable:
        return ""
    if times.off == times.computable > 1:
        return (
            f" It matches for none of {words.counted(times.computable, 'request')} looked at: "
            "is the declared expression the right one?"
        )
    if times.since is None or times.until is None:
        return f" So for {_of(times.off, times.computable)} looked at."
    off = _of(times.stretch_off, times.stretch)
    all_in = words.listed([f"{name} {words.value(value)}" for name, value in times.alike.items()])
    where = f", all in {all_in}" if all_in and times.stretch_off > 1 else ""
    when = f"since {asked.moment(times.since)}"
    if not times.goes_on:
        zone = asked.reading.zone
        since, until = times.since.astimezone(zone), times.until.astimezone(zone)
        same_day = since.date() == until.date()
        begun = f"{since:%H:%M}" if same_day else asked.moment(since)
        when = f"from {begun} to {asked.moment(until)}"
    return f" So for {off} {when}{where}."


def _of(some: int, of: int) -> str:
    return f"{words.count(some)} of {words.counted(of, 'request')}"


def _matched(found: Traced) -> Finding | None:
    """Say that all steps match, or how many could not be computed."""
    matching = sum(step.verdict is Verdict.MATCHES for step in found.steps)
    cannot = [step for step in found.steps if step.verdict is Verdict.CANNOT]
    if cannot:
        step = cannot[0]
        why = step.value.why if isinstance(step.value, Cannot) else ""
        more = f", as {words.count(len(cannot) - 1)} more" if len(cannot) > 1 else ""
        text = f"“{step.name}” can't be computed{more}: {why}."
        if matching:
            text += f" {_all(matching)} the log."
        return Finding("step not computed", Severity.NOTE, text)
    if not matching:
        return None
    return Finding("steps match", Severity.GOOD, f"{_all(matching)} the log, to a millionth.")


def _all(matching: int) -> str:
    return (
        "Its one transformation matches"
        if matching == 1
        else (f"All {words.count(matching)} transformations that were computed again match")
    )


def _margin(found: Traced) -> Finding | None:
    """How near the score was to the threshold, and how those on its side were decided."""
    score, threshold = found.row.get("score"), found.row.get("threshold")
    turned = override(found)
    said = f"{turned[0].upper()}{turned[1:]}." if turned else ""
    numbers: dict[str, Number] = {}
    if isinstance(score, int | float) and isinstance(threshold, int | float):
        parts = [said, _margin_said(float(score), float(threshold))]
        if found.places.closer and found.places.closer[1]:
            numbers["closer"] = closer = wilson(*found.places.closer)
            parts.append(
                f"{words.share(closer.value)} of {words.counted(closer.n, 'request')} "
                f"{week(found)} lay closer to theirs."
            )
        if found.places.alike and found.places.alike[1] and not turned:
            numbers["alike"] = alike = wilson(*found.places.alike)
            parts.append(f"On its side of theirs, {words.share(alike.value)} were decided alike.")
        said = " ".join(filter(None, parts))
    return Finding("margin", Severity.NOTE, said, numbers) if said else None


def _margin_said(score: float, threshold: float) -> str:
    one, other, margin = scores(score, threshold)
    if score == threshold:
        return f"The score {one} is just at the threshold."
    side = "above" if score > threshold else "below"
    return f"The score {one} is {margin} {side} the threshold {other}."


def _weighed(found: Traced) -> Finding:
    """What the model weighed most, as logged."""
    weights = [each for each in found.attributions[:_NAMED] if each.value]
    moved = words.listed([f"{each.input} {signed(each.value)}" for each in weights])
    text = f"What weighed most, in the units that are logged: {moved}. A minus lowers the score."
    if not weights:
        text = "By the logged attributions no input moved the score."
    return Finding("weighed", Severity.NOTE, text)


def _unusual(found: Traced) -> Finding:
    """Which inputs lie far from what is usual."""
    named, rows = unusual(found), words.counted(found.places.rows, "request")
    if not named:
        known = any(rarity(found.places.of[name]) is not None for name in found.inputs)
        other = "other " if empty(found) else ""
        text = f"No {other}input was unusual among {rows} {week(found)}."
        if not known:
            text = f"Too few to say which inputs were unusual: {rows} {week(found)}."
        return Finding("inputs usual", Severity.NOTE, text)
    said = [f"{one.name} {brief(one.value)} ({place(one)})" for one in named[:_NAMED]]
    more = f", and {words.count(len(named) - _NAMED)} more" if len(named) > _NAMED else ""
    text = f"Unusual among {rows} {week(found)}: {'; '.join(said)}{more}."
    numbers = {one.name: middle for one in named[:_NAMED] if (middle := one.middle) is not None}
    return Finding("inputs unusual", Severity.NOTE, text, numbers)


def _nearest(found: Traced, nearest: Comparable) -> Finding:
    """The most similar request with another decision, by what differs most."""
    decision = words.value(nearest.decision)
    others = words.counted(found.places.others, "request")
    gaps = [gap for gap in nearest.gaps if gap.size > 0]
    start = f"Of {others} decided otherwise {week(found)}, the one most like it, “{decision}”,"
    if found.places.others == 1:
        start = f"The only request decided otherwise {week(found)}, “{decision}”,"
    if not gaps:
        return Finding("nearest other", Severity.NOTE, f"{start} has the same inputs.")
    named = [f"{gap.name} {brief(gap.theirs)} (here {brief(gap.ours)})" for gap in gaps[:_NAMED]]
    rest = " and differs less in others" if len(gaps) > _NAMED else ""
    return Finding("nearest other", Severity.NOTE, f"{start} has {words.listed(named)}{rest}.")
