"""What changed, and what is likely to have come first, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from queries.core import words
from queries.core.answer import Finding, Number, Severity
from queries.measures.onset import FEWEST_BUCKETS
from queries.measures.outcome_gap import OutcomeGap
from queries.measures.periods import COMPARABLE
from queries.measures.signals import SYMPTOMS, Kind
from queries.measures.suspects import Suspect, Suspicion
from queries.measures.timeline import Change, Timeline
from queries.wording.asked import Asked
from queries.wording.before import few_periods
from queries.wording.change_words import (
    between,
    earlier,
    happened,
    size,
    sizes,
    subject,
    there,
    told,
    when,
)

_FELT = (Kind.ERRORS, Kind.LATENCY)


@dataclass(frozen=True)
class Told:
    """What is to be said: the time line, what is suspected, whether outcomes stopped.

    ``dated`` says whether the log tells when outcomes came, so that a stop could be seen.
    """

    asked: Asked
    line: Timeline
    suspicion: Suspicion | None
    gap: OutcomeGap | None
    dated: bool

    @property
    def likely(self) -> Suspect | None:
        """The likely first cause."""
        return self.suspicion.likely if self.suspicion else None


def severity(told: Told) -> Severity:
    """Failing and slowness that last ask most; a version alone asks little."""
    changes = told.line.changes
    if any(each.kind in _FELT and each.ended is None for each in changes):
        return Severity.ALARM
    if told.gap or any(each.kind is not Kind.VERSION and each.ended is None for each in changes):
        return Severity.WARNING
    if changes or len(told.line.spans) <= COMPARABLE:
        return Severity.NOTE
    return Severity.GOOD


def headline(told: Told) -> str:
    """One sentence: the likely first cause, or the first change, or that nothing changed."""
    asked, changes = told.asked, told.line.changes
    if told.likely and told.suspicion:
        cause = told.likely.change
        return (
            f"{asked.name}: {_brief(cause, asked)}, {earlier(told.likely.ahead)} "
            f"{_followed(told.suspicion.symptom, cause)}: the likely first cause"
        )
    if told.suspicion or any(each.kind in _FELT for each in changes):
        worst = told.suspicion.symptom if told.suspicion else _felt(changes)
        return f"{asked.name}: {_brief(worst, asked)}; what came first isn't seen"
    if changes:
        first = _brief(changes[0], asked)
        if len(changes) == 1:
            return f"{asked.name}: {first}; nothing else changed {asked.reading.text}"
        many = f"{len(changes)} things changed {asked.reading.text}"
        return f"{asked.name}: {many}, first {first}"
    if told.gap:
        since = asked.moment(told.gap.since)
        return f"{asked.name}: no outcomes have arrived since {since}; nothing else changed"
    return f"{asked.name}: nothing changed {asked.reading.text}"


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


def looked_at(told: Told) -> list[str]:
    """Name what was looked at, in the order of the question."""
    line = told.line
    kinds = {each.signal.kind for each in line.searched}
    inputs = {each.signal.column for each in line.searched if each.signal.kind is Kind.EMPTIED}
    said = {
        Kind.TRAFFIC: "traffic",
        Kind.ERRORS: "failures",
        Kind.LATENCY: "latency",
        Kind.SCORE: "scores",
        Kind.DECISION: "decisions",
        Kind.PREDICTION: "predictions",
    }
    names = ["new versions"] if line.versions else []
    names += [name for kind, name in said.items() if kind in kinds]
    if inputs:
        names.append(words.counted(len(inputs), "input"))
    return names + (["arriving outcomes"] if told.dated else [])


def findings(told: Told) -> tuple[Finding, ...]:
    """The likely cause first, then what fits and what doesn't, then what was felt."""
    return tuple(_findings(told))[:5]


def caveats(told: Told) -> tuple[str, ...]:
    """What the reader must know before leaning on it."""
    return tuple(_caveats(told))


def _findings(told: Told) -> Iterator[Finding]:
    suspicion, said = told.suspicion, set[int]()
    if suspicion and told.likely:
        yield _likely(told.likely, suspicion, told.asked)
        said.add(id(told.likely.change))
    if suspicion:
        for innocent in suspicion.innocent[:1]:
            yield _innocent(innocent, suspicion.symptom, told.asked)
            said.add(id(innocent.change))
        if suspicion.others:
            yield _others(suspicion, told.asked)
            said |= {id(each.change) for each in suspicion.others}
    if told.gap:
        yield _stopped(told.gap, told.asked)
    order = [*SYMPTOMS, *Kind]
    rest = [each for each in told.line.changes if id(each) not in said]
    for change in sorted(rest, key=lambda each: order.index(each.kind)):
        yield _changed(change, told.asked)


def _likely(suspect: Suspect, suspicion: Suspicion, asked: Asked) -> Finding:
    cause = suspect.change
    text = f"The likely first cause: {happened(cause)}{there(cause.place)} {when(cause, asked)}"
    text += f"{between(cause.began, asked) if cause.began else ''}; {size(cause)}. "
    text += f"{_why(suspect, suspicion)} That fits; it need not be the cause."
    return Finding("likely", Severity.WARNING, text, _numbers(cause) | _compared(suspect))


def _why(suspect: Suspect, suspicion: Suspicion) -> str:
    cause, symptom = suspect.change, suspicion.symptom
    why = f"Its onset is {earlier(suspect.ahead)} {_theirs(symptom)}"
    if cause.place and cause.place == symptom.place:
        why += f", in the same {cause.place.dimension.replace('_', ' ')}"
    if suspect.named:
        why += f", and they say “{words.shortened(suspicion.text, 60)}”"
    elif suspect.alone:
        having, lacking = suspect.having, suspect.lacking
        why += f"; of the requests with it {_share(having)} {_do(symptom)}, of the others "
        why += f"{_share(lacking)}"
    if cause.began and symptom.began and cause.began.high >= symptom.began.low:
        why += "; the ranges of the two overlap, so that their order isn't sure"
    return f"{why}."


def _innocent(suspect: Suspect, symptom: Change, asked: Asked) -> Finding:
    change = suspect.change
    what = happened(change)
    text = (
        f"{what[:1].upper()}{what[1:]}{there(change.place)} {when(change, asked)}, "
        f"{earlier(suspect.ahead)} {_theirs(symptom)}, but it doesn't explain them: "
        f"{_share(suspect.having)} of the requests with it {_do(symptom)}, and "
        f"{_share(suspect.lacking)} of those without it."
    )
    return Finding("innocent", Severity.NOTE, text, _numbers(change) | _compared(suspect))


def _others(suspicion: Suspicion, asked: Asked) -> Finding:
    listed = words.listed(
        [
            f"{happened(each.change)}{there(each.change.place)} {when(each.change, asked)}"
            for each in suspicion.others[:3]
        ]
    )
    text = f"Fitting in time as well: {listed}. Which of them it was isn't told by time alone."
    return Finding("also", Severity.NOTE, text)


def _changed(change: Change, asked: Asked) -> Finding:
    what = happened(change)
    text = f"{what[:1].upper()}{what[1:]}{there(change.place)} {when(change, asked)}"
    if change.began and change.kind is not Kind.VERSION:
        text += between(change.began, asked)
    level = Severity.WARNING if change.ended is None else Severity.NOTE
    if change.kind in _FELT and change.ended is None:
        level = Severity.ALARM
    if change.kind is Kind.VERSION:
        level = Severity.NOTE
    return Finding(change.kind.value, level, f"{text}: {size(change)}.", _numbers(change))


def _stopped(gap: OutcomeGap, asked: Asked) -> Finding:
    text = (
        f"No outcome is dated since {asked.moment(gap.since)}, "
        f"{words.counted(gap.days, 'whole day')} so far; a usual day has "
        f"{words.count(gap.usual.value or 0)}."
    )
    return Finding("outcomes", Severity.WARNING, text, {"usual": gap.usual})


def _numbers(change: Change) -> dict[str, Number]:
    return {
        "before": told(change.kind, change.stretch.base),
        "during": told(change.kind, change.stretch.during),
    }


def _compared(suspect: Suspect) -> dict[str, Number]:
    return {"having": suspect.having, "lacking": suspect.lacking}


def _share(number: Number) -> str:
    return words.share(number.value, number.low, number.high)


def _do(symptom: Change) -> str:
    return {Kind.ERRORS: "fail", Kind.LATENCY: "are slow"}.get(symptom.kind, "show it")


def _theirs(symptom: Change) -> str:
    told = {Kind.ERRORS: "the failures'", Kind.LATENCY: "the slowness's"}
    return told.get(symptom.kind, f"that of {subject(symptom.signal)}")


def _followed(symptom: Change, cause: Change) -> str:
    """Say what followed, with its size: “failures there rose to 33 %”."""
    where = ""
    if symptom.place:
        where = " there" if symptom.place == cause.place else there(symptom.place)
    during, _ = sizes(symptom)
    if symptom.kind in _FELT:
        return f"{subject(symptom.signal)}{where} rose to {during}"
    return f"{happened(symptom)}{where}"


def _felt(changes: tuple[Change, ...]) -> Change:
    return next(each for each in changes if each.kind in _FELT)


def _brief(change: Change, asked: Asked) -> str:
    return f"{happened(change)}{there(change.place)} {when(change, asked)}"


def _caveats(told: Told) -> Iterator[str]:
    line, past = told.line, len(told.line.spans) - 1
    if line.searched[0].counts.hits.shape[1] < FEWEST_BUCKETS:
        yield (
            "That is too short a time to say since when: ask for at least "
            f"{words.counted(FEWEST_BUCKETS * line.seconds // 60, 'minute')}."
        )
    if past < COMPARABLE:
        yield few_periods(past)
    if not past:
        yield (
            "Without a time before, traffic and values never seen can't be judged, and a pattern "
            "that every day has may be taken for a change."
        )
    if any(each.began is None for each in line.changes):
        yield "What was so all that time began before it: ask for a longer time to see when."
