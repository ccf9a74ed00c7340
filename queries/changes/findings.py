"""What was found around a moment, the most telling first."""

from __future__ import annotations

from collections.abc import Iterator

from queries.changes.outcome_gap import OutcomeGap
from queries.changes.phrases import (
    between,
    earlier,
    happened,
    size,
    subject,
    there,
    told,
    when,
)
from queries.changes.signals import SYMPTOMS, Kind
from queries.changes.suspects import Suspect, Suspicion, overlapping
from queries.changes.timeline import Change
from queries.changes.told import FELT, Told
from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.wording.asked import Asked

MOST = 3
"""So many that fit in time are named."""


def findings(told: Told) -> tuple[Finding, ...]:
    """The likely cause first, then what fits and what doesn't, then what was felt."""
    return tuple(_findings(told))[:5]


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
    if overlapping(cause, symptom):
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
    fits = [
        f"{happened(each.change)}{there(each.change.place)} {when(each.change, asked)}"
        for each in suspicion.others
    ]
    more = [f"{len(fits) - MOST} more"] if len(fits) > MOST else []
    listed = words.listed([*fits[:MOST], *more])
    how = "Fitting in time" if suspicion.together else "Fitting in time as well"
    text = f"{how}: {listed}. Which of them it was isn't told by time alone."
    return Finding("also", Severity.NOTE, text)


def _changed(change: Change, asked: Asked) -> Finding:
    what = happened(change)
    text = f"{what[:1].upper()}{what[1:]}{there(change.place)} {when(change, asked)}"
    if change.began and change.kind is not Kind.VERSION:
        text += between(change.began, asked)
    level = Severity.WARNING if change.ended is None else Severity.NOTE
    if change.kind in FELT and change.ended is None:
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
