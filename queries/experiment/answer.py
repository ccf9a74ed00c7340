"""Which arm won, in plain words."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import Answer, FollowUp, Severity
from queries.experiment.charts import chart
from queries.experiment.findings import findings
from queries.experiment.tables import tables
from queries.experiment.told import (
    Told,
    Verdict,
    amount,
    missing_words,
    seen_words,
    split_words,
    title_of,
)
from queries.experiment.who import caveats, summary

_SEVERITY = {
    Verdict.EMPTY: Severity.UNKNOWN,
    Verdict.SPLIT: Severity.ALARM,
    Verdict.MISSING: Severity.WARNING,
    Verdict.FEW: Severity.UNKNOWN,
    Verdict.WON: Severity.GOOD,
    Verdict.LOST: Severity.WARNING,
    Verdict.SMALL: Severity.NOTE,
    Verdict.NONE: Severity.NOTE,
}


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head = f"{told.name}: {_headline(told)}"
    severity = _SEVERITY[told.verdict]
    if told.report.harmed and severity is not Severity.ALARM:
        severity = Severity.WARNING
    return Answer(
        severity=severity,
        headline=head,
        summary=summary(told),
        findings=tuple(findings(told))[:5],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(caveats(told)),
        follow_ups=_steps(told),
    )


def _headline(told: Told) -> str:
    main, lead, verdict = told.report.main, told.lead, told.verdict
    if verdict is Verdict.EMPTY:
        return f"no {told.one} takes part {told.asked.reading.text}"
    if verdict in (Verdict.SPLIT, Verdict.MISSING):
        return f"no winner can be named; {_voided_by(told)}"
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
    return f"no difference shown, {title_of(main)} {against}; {seen_words(main, lead)} would show"


def _voided_by(told: Told) -> str:
    if told.verdict is Verdict.MISSING:
        return missing_words(told)
    at = told.report.split.furthest
    got, due = split_words(told, at)
    return f"{told.arm(at)} got {got} of the {told.who}, not {due}"


def _harm(told: Told) -> str:
    return f"{title_of(told.report.harmed[0][0])} got worse"


def _steps(told: Told) -> tuple[FollowUp, ...]:
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
