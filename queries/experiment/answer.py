"""Which arm won, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, Finding, FollowUp, Severity
from queries.core.number import Number
from queries.experiment.arms import Against, Compared, Effect
from queries.experiment.charts import chart
from queries.experiment.tables import tables
from queries.experiment.told import (
    ExperimentTold,
    Verdict,
    amount,
    more,
    multiple,
    size,
    title_of,
)
from queries.experiment.who import apart, caveats, summary

_SEVERITY = {
    Verdict.EMPTY: Severity.UNKNOWN,
    Verdict.SPLIT: Severity.ALARM,
    Verdict.FEW: Severity.UNKNOWN,
    Verdict.WON: Severity.GOOD,
    Verdict.LOST: Severity.WARNING,
    Verdict.SMALL: Severity.NOTE,
    Verdict.NONE: Severity.NOTE,
}


def answer_words(told: ExperimentTold) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head = f"{told.name}: {_headline(told)}"
    severity = _SEVERITY[told.verdict]
    if told.report.harmed and severity is not Severity.ALARM:
        severity = Severity.WARNING
    return Answer(
        severity=severity,
        headline=head,
        summary=summary(told),
        findings=tuple(_findings(told))[:5],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(caveats(told)),
        follow_ups=_steps(told),
    )


def _headline(told: ExperimentTold) -> str:
    main, lead, verdict = told.report.main, told.lead, told.verdict
    if verdict is Verdict.EMPTY:
        return f"no {told.one} takes part {told.asked.reading.text}"
    if verdict is Verdict.SPLIT:
        at = told.report.split.furthest
        got, due = _got(told, at)
        return f"no winner can be named; {told.arm(at)} got {got} of the {told.who}, not {due}"
    if verdict is Verdict.FEW:
        n = min(each.n for each in main.values)
        if told.finished and not told.report.known(main.metric.name):
            return f"no arm can be judged, “{main.metric.column}” is empty for every {told.one}"
        early = "too early" if told.report.running else "too few"
        only = f"only {words.counted(n, told.one)} to compare" if n else f"no {told.one} to compare"
        return f"{early} to say which arm won; {only} in one arm"
    against = f"{amount(main.values[lead.arm])} against {amount(main.values[0])}"
    if verdict is Verdict.WON:
        text = f"{told.arm(lead.arm)} won, {title_of(main)} {against}"
        return f"{text}; but {_harm(told)}" if told.report.harmed else text
    if verdict is Verdict.LOST:
        return f"{told.arm(lead.arm)} did worse, {title_of(main)} {against}"
    if verdict is Verdict.SMALL:
        return f"{told.arm(lead.arm)} differs by less than what matters, {title_of(main)} {against}"
    return f"no difference shown, {title_of(main)} {against}; {_seen(main, lead)} would show"


def _harm(told: ExperimentTold) -> str:
    return f"{title_of(told.report.harmed[0][0])} got worse"


def _got(told: ExperimentTold, at: int) -> tuple[str, str]:
    """What share of the users an arm got, and what it should have got."""
    split = told.report.split
    n = sum(split.counts)
    spread = 2 * (split.shares[at] * (1 - split.shares[at]) / n) ** 0.5
    return (
        words.share(split.counts[at] / n, 0.0, spread),
        words.share(split.shares[at], 0.0, spread),
    )


def _findings(told: ExperimentTold) -> Iterator[Finding]:
    if told.verdict is Verdict.EMPTY:
        return
    yield _split(told)
    if told.verdict not in (Verdict.SPLIT, Verdict.FEW):
        yield _effects(told, told.report.main, "effect")
        yield from _guardrails(told)
        yield from _others(told)
    yield from apart(told)


def _split(told: ExperimentTold) -> Finding:
    """Say whether users were split as configured."""
    split = told.report.split
    at = split.furthest
    got, due = _got(told, at)
    arm, said = told.arm(at), words.p_value(split.p or 0.0)
    if split.broken:
        text = (
            f"The split is broken: {arm} got {got} of {words.count(sum(split.counts))} {told.who} "
            f"instead of {due} ({said}). Until it is known why, no effect can be trusted."
        )
        return Finding("split", Severity.ALARM, text)
    text = f"The split is as configured: {arm} got {got}, configured are {due} ({said})."
    return Finding("split", Severity.GOOD, text)


def _effects(told: ExperimentTold, compared: Compared, kind: str) -> Finding:
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


def _effect(told: ExperimentTold, compared: Compared, found: Against, *, several: bool) -> str:
    arm = f"{told.arm(found.arm)} {amount(compared.values[found.arm])}"
    text = f"{arm} against {amount(compared.values[0])} in {told.arm(0)}"
    if found.effect is Effect.FEW:
        return f"{text}, {found.change.why}"
    text += f", {more(compared.metric, found.change)}"
    if found.effect is Effect.NONE:
        text += f": no difference shown, and {_seen(compared, found)} would have been seen"
    elif times := multiple(found.ratio):
        text += f", {times}"
    corrected = " corrected for the number of arms" if several else ""
    return f"{text} ({words.p_value(found.corrected or 0.0)}{corrected})"


def _seen(compared: Compared, found: Against) -> str:
    """Name the differences that would have been seen, “only” where one that matters may hide."""
    seen = size(compared.metric, found.seen or 0.0, found.change)
    only = "only " if found.hides(compared.metric.matters) else ""
    return f"{only}one larger than {seen}"


def _guardrails(told: ExperimentTold) -> Iterator[Finding]:
    """Say which guardrails got worse, or how much harm might be hidden."""
    if harmed := told.report.harmed:
        compared = harmed[0][0]
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


def _others(told: ExperimentTold) -> Iterator[Finding]:
    """Tell the first further metric in which an arm differs."""
    for compared in told.report.others:
        differs = any(each.effect in (Effect.BETTER, Effect.WORSE) for each in compared.against)
        if differs and not compared.metric.guardrail:
            yield _effects(told, compared, "metric")
            return


def _steps(told: ExperimentTold) -> tuple[FollowUp, ...]:
    """Another metric, and what else may differ between the arms."""
    asked, experiment = told.asked, told.experiment
    steps = [
        FollowUp(
            words.shortened(f"Judge by {metric.title}", 60),
            asked.next("experiment", experiment=experiment.name, metric=name),
        )
        for name, metric in experiment.metrics.items()
        if name != experiment.main and not metric.guardrail
    ][:2]
    roles = asked.source.roles
    if "status" in roles or "error" in roles:
        steps.append(FollowUp("Does one arm fail more?", asked.next("errors", by="variant")))
    if "latency_ms" in roles:
        steps.append(FollowUp("Is one arm slower?", asked.next("latency", by="variant")))
    return tuple(steps)
