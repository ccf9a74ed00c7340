"""What changed, and what is likely to have come first, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.changes.charts import chart
from queries.changes.findings import findings
from queries.changes.phrases import (
    earlier,
    happened,
    sizes,
    subject,
    there,
    when,
)
from queries.changes.signals import Kind
from queries.changes.steps import next_steps
from queries.changes.suspects import Suspicion, overlapping
from queries.changes.tables import tables
from queries.changes.timeline import Change
from queries.changes.told import FELT, Told, looked_at
from queries.core import words
from queries.core.answer import Answer, Severity
from queries.statistics.onset import FEWEST_BUCKETS
from queries.statistics.usual import COMPARABLE
from queries.wording.asked import Asked
from queries.wording.before import few_periods


def answer_words(told: Told) -> Answer:
    """Say what changed, and what is likely to have come first."""
    title = headline(told)
    return Answer(
        severity=severity(told),
        headline=title,
        summary=summary(told),
        findings=findings(told),
        tables=tables(told),
        chart=chart(told, title),
        caveats=caveats(told),
        follow_ups=next_steps(told),
    )


def severity(told: Told) -> Severity:
    """Failing and slowness that last ask most; a version alone asks little."""
    changes = told.line.changes
    if any(each.kind in FELT and each.ended is None for each in changes):
        return Severity.ALARM
    if told.gap or any(each.kind is not Kind.VERSION and each.ended is None for each in changes):
        return Severity.WARNING
    if not changes and not told.line.judged:
        return Severity.UNKNOWN
    if changes or len(told.line.spans) <= COMPARABLE:
        return Severity.NOTE
    return Severity.GOOD


def headline(told: Told) -> str:
    """One sentence: the likely first cause, or the first change, or that none is shown."""
    asked, changes = told.asked, told.line.changes
    if told.likely and told.suspicion:
        cause, symptom = told.likely.change, told.suspicion.symptom
        ahead = "about when" if overlapping(cause, symptom) else earlier(told.likely.ahead)
        return (
            f"{asked.name}: {_brief(cause, asked)}, {ahead} {_followed(symptom, cause)}: "
            "the likely first cause"
        )
    if told.suspicion and told.suspicion.together:
        return f"{asked.name}: {_together(told.suspicion, asked)}; which came first isn't seen"
    if len(changes) > 1 and (told.suspicion or any(each.kind in FELT for each in changes)):
        worst = told.suspicion.symptom if told.suspicion else _felt(changes)
        return f"{asked.name}: {_brief(worst, asked)}; what came first isn't seen"
    if changes:
        first = _brief(changes[0], asked)
        if len(changes) == 1:
            return f"{asked.name}: {first}; no other change shown {asked.reading.text}"
        many = f"{len(changes)} things changed {asked.reading.text}"
        return f"{asked.name}: {many}, first {first}"
    if told.gap:
        since = asked.moment(told.gap.since)
        return f"{asked.name}: no outcomes have arrived since {since}; no other change shown"
    if not told.line.judged:
        return f"{asked.name}: too few requests {asked.reading.text} to say what changed"
    return f"{asked.name}: no change shown {asked.reading.text}"


def summary(told: Told) -> str:
    """How much was looked at, and what it was compared with."""
    line = told.line
    past, requests = len(line.spans) - 1, words.counted(line.requests, "request")
    against = (
        f"against {words.counted(past, 'comparable time')} before"
        if past
        else "without a comparable time before"
    )
    return (
        f"Looked at {requests} {told.asked.reading.text}, {against}: "
        f"{words.listed(looked_at(told))}."
    )


def caveats(told: Told) -> tuple[str, ...]:
    """What the reader must know before leaning on it."""
    return tuple(_caveats(told))


def _followed(symptom: Change, cause: Change) -> str:
    """Say what followed, with its size: “failures there rose to 33 %”."""
    where = ""
    if symptom.place:
        where = " there" if symptom.place == cause.place else there(symptom.place)
    during, _ = sizes(symptom)
    if symptom.kind in FELT:
        return f"{subject(symptom.signal)}{where} rose to {during}"
    return f"{happened(symptom)}{where}"


def _together(suspicion: Suspicion, asked: Asked) -> str:
    """Say how many things changed together, and what followed or came with them."""
    first, symptom = suspicion.together[0], suspicion.symptom
    began = first.change.began
    at = f" at about {asked.moment(began.at)}" if began else ""
    ahead = "about when" if overlapping(first.change, symptom) else earlier(first.ahead)
    many = f"{len(suspicion.together)} things changed together{at}"
    return f"{many}, {ahead} {_followed(symptom, first.change)}"


def _felt(changes: tuple[Change, ...]) -> Change:
    return next(each for each in changes if each.kind in FELT)


def _brief(change: Change, asked: Asked) -> str:
    return f"{happened(change)}{there(change.place)} {when(change, asked)}"


def _caveats(told: Told) -> Iterator[str]:
    line, past = told.line, len(told.line.spans) - 1
    if line.searched[0].counts.hits.shape[1] < FEWEST_BUCKETS:
        yield (
            "That is too short a time to say since when: ask for at least "
            f"{words.counted(FEWEST_BUCKETS * line.seconds // 60, 'minute')}."
        )
    if 0 < past < COMPARABLE:
        yield few_periods(past)
    if not past:
        yield (
            "Without a time before, traffic and values never seen can't be judged, and a pattern "
            "that every day has may be taken for a change."
        )
    if any(each.began is None for each in line.changes):
        yield "What was so all that time began before it: ask for a longer time to see when."
