"""Whether a rollout can go on, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, CannotShow, Severity
from queries.rollout.charts import chart
from queries.rollout.findings import findings
from queries.rollout.guardrails import State, Verdict
from queries.rollout.report import Rollout
from queries.rollout.steps import next_steps
from queries.rollout.tables import tables
from queries.rollout.told import Told, guardrail_fact, known_when, short
from queries.wording.asked import Asked
from queries.wording.performance.population import chosen_alone
from queries.wording.sides.told import (
    never_together,
    population,
)

MOST = 5
_SEVERITY = {
    Verdict.HOLD: Severity.ALARM,
    Verdict.LOOK: Severity.WARNING,
    Verdict.GO_ON: Severity.GOOD,
    Verdict.UNKNOWN: Severity.UNKNOWN,
}


def answer_words(asked: Asked, report: Rollout) -> Answer:
    """Put a rollout into words, with its tables and its picture."""
    told = Told(asked, report)
    head = headline(told)
    return Answer(
        severity=_SEVERITY[report.verdict],
        headline=head,
        summary=_summary(told),
        findings=tuple(findings(told))[:MOST],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=next_steps(told),
    )


def headline(told: Told) -> str:
    """One sentence: the verdict and the number that carries it."""
    return words.shortened(f"{told.asked.name}: {_verdict(told)}", 200)


def _verdict(told: Told) -> str:
    report, newer = told.report, told.names.columns[0]
    match report.verdict:
        case Verdict.HOLD:
            worse = report.of(State.WORSE)[0]
            return f"hold the rollout of {newer}: {guardrail_fact(told, worse)}"
        case Verdict.GO_ON:
            safe = report.of(State.SAFE)
            every = words.counted(len(safe), "guardrail")
            first = guardrail_fact(told, safe[0])
            return f"the rollout of {newer} can go on, none of {every} is worse: {first}"
        case Verdict.LOOK if changed := report.of(State.CHANGED):
            return f"look before {newer} goes on, its answers differ: " + guardrail_fact(
                told, changed[0]
            )
        case Verdict.LOOK:
            waiting = told.waiting
            return f"too early to go on with {newer}: {short(told, waiting)} {known_when(told)}"
    if apart := never_together(told.compared):
        return f"nobody can say whether {newer} can go on: it and {told.names.second} {apart}"
    return f"too few requests to say whether {newer} can go on"


def _summary(told: Told) -> str:
    found, names = told.report.found, told.names
    first, second = found.rows
    span = found.sides.sample.spans
    when = ""
    if span:
        reading = told.asked.reading
        when = words.time_range(span[0].start, span[0].end, reading.zone, reading.now)
    share = words.share(first / (first + second))
    text = f"{words.counted(first, 'request')} of {names.first} and {words.count(second)} of "
    text += f"{names.second}, from {when}, while both served: {share} of them on the new one."
    matched = sum(found.counted.cells.matched)
    if told.within:
        text += f" Compared {told.within}: {words.count(matched)} have a counterpart there."
    return text


def _caveats(told: Told) -> Iterator[str]:
    report, source = told.report, told.asked.source
    yield population(told.compared)
    yield CannotShow(
        "What is not logged, what only shows later, and how the new version does where it doesn't "
        "serve yet, can't be seen here."
    )
    yield (
        f"This may be asked every day: all {len(report.guardrails)} ranges are wide enough to hold "
        "together and whenever they are read."
    )
    small = [report.guardrails[at] for at in told.out_of_reach]
    if small:
        names = words.listed([told.name(each) for each in small[:MOST]])
        yield f"Too small to be known at this pace: {names}."
    if any(each.metric.name == "right" and each.number.n for each in report.guardrails):
        yield from chosen_alone(source)
