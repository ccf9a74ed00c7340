"""Failures in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from queries.core import words
from queries.core.answer import Answer
from queries.core.value import Cell
from queries.errors.charts import chart
from queries.errors.findings import findings
from queries.errors.phrases import UP, part_words, severity
from queries.errors.steps import next_steps
from queries.errors.tables import tables
from queries.measures.counting.over_time import OverTime
from queries.measures.failures.incident import Incident, Verdict
from queries.measures.failures.results import Results
from queries.wording.asked import Asked
from queries.wording.odd_time import odd_time
from queries.wording.unknown_results import left_unknown, unknown_share


def answer_words(
    incident: Incident,
    asked: Asked,
    known: Results,
    split: str | None,
    shown: Sequence[str],
    parts: Mapping[Cell, OverTime],
) -> Answer:
    """Say what was found of failures; ``parts`` are drawn, by the dimension ``split``."""
    hidden = known.hide(asked.source.matters.error_rate)
    title = headline(incident, asked, known if hidden else None)
    return Answer(
        severity=severity(incident, hidden=hidden),
        headline=title,
        summary=summary(incident, asked),
        findings=findings(incident, asked),
        tables=tables(incident, asked, split, shown),
        chart=chart(incident, asked, parts, title),
        caveats=(*left_unknown(known), *caveats(incident, asked)),
        follow_ups=next_steps(incident, asked),
    )


def headline(incident: Incident, asked: Asked, hidden: Results | None = None) -> str:
    """One sentence: the verdict and the number that carries it.

    ``hidden`` are results so many of which aren't known that failures could hide among them.
    """
    now = incident.usual.now
    rate = words.share(now.value, now.low, now.high)
    if hidden and incident.verdict not in UP:
        return f"{asked.name}: {unknown_share(hidden)}; of the others {rate} did"
    said = {
        Verdict.NONE: f"no requests {asked.reading.text}",
        Verdict.RISEN: f"{_how_much(incident)}{_when(incident, asked)}",
        Verdict.JUMPED: f"{_jump(incident)}{_when(incident, asked)}",
        Verdict.PART: f"failures are as usual overall, but not in {_part(incident)}",
        Verdict.CREPT: _crept(incident, asked),
        Verdict.SLIGHTLY: f"slightly more requests fail than usual, {rate}",
        Verdict.FEWER: f"fewer requests fail than usual, {rate}",
        Verdict.USUAL: f"failures are as usual, {rate} of requests",
        Verdict.UNKNOWN: f"{rate} of requests fail; too little past to say whether that is usual",
    }
    return f"{asked.name}: {said[incident.verdict]}"


def summary(incident: Incident, asked: Asked) -> str:
    """The counts, and the usual range."""
    usual = incident.usual
    if usual.now.value is None:
        return ""
    failed, requests = incident.timeline.total(0)
    rate = words.share(usual.now.value, usual.now.low, usual.now.high)
    said = (
        f"{words.count(failed)} of {words.counted(requests, 'request')} failed "
        f"{asked.reading.text}, {rate}."
    )
    if usual.usual.low is not None and usual.usual.high is not None:
        said += f" {asked.a_usual} has {words.share_range(usual.usual.low, usual.usual.high)}."
    elif usual.usual.value is not None:
        said += f" Before, it was {words.share(usual.usual.value)} ({usual.usual.why})."
    return said


def caveats(incident: Incident, asked: Asked) -> tuple[str, ...]:
    """What the reader must know before leaning on the numbers."""
    if incident.usual.unusual is None and incident.usual.usual.why:
        return (f"Whether this is usual can't be said: {incident.usual.usual.why}.",)
    return odd_time(incident.usual, incident.timeline.spans, asked)


def _crept(incident: Incident, asked: Asked) -> str:
    """“failures rose from each comparable time to the next since 20 Oct: from 1 % to 4 %”."""
    spans = incident.timeline.spans
    k, n = incident.timeline.total(len(spans) - 1)
    since = words.moment(spans[-1].start, asked.reading.zone, asked.reading.now, dated=True)
    now, first = words.share(incident.usual.now.value), words.share(k / n if n else None)
    week = "day of the week" if asked.a_usual == "A usual day" else "comparable time"
    week = "week" if asked.a_usual == "A usual week" else week
    return (
        f"failures have grown from each {week} to the next since {since}: from {first} to {now} of "
        "requests"
    )


def _how_much(incident: Incident) -> str:
    times = incident.usual.times.value
    if times is None:
        return f"{words.share(incident.usual.now.value)} of requests fail; usually none do"
    if times < 1.5:
        return f"more requests fail than usual ({words.share(incident.usual.now.value)})"
    return f"{words.times(times)} as many requests fail as usual"


def _jump(incident: Incident) -> str:
    before, during = incident.shift.before, incident.shift.during
    where = f" in {part_words(incident.carrier)}" if incident.carrier else ""
    return (
        f"failures{where} rose from {words.share(before.value, before.low, before.high)} "
        f"to {words.share(during.value, during.low, during.high)} of requests"
    )


def _part(incident: Incident) -> str:
    return part_words(incident.carrier) if incident.carrier else "one part"


def _when(incident: Incident, asked: Asked) -> str:
    if incident.since is None:
        return ""
    if incident.until:
        return f", from about {asked.moment(incident.since)} to {asked.moment(incident.until)}"
    return f", since about {asked.moment(incident.since)}"
