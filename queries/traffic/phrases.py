"""How requests and gaps are put into words."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import Severity
from queries.core.number import Number
from queries.measures.pulse.silence import Gap
from queries.measures.pulse.traffic import Part, Traffic, Verdict
from queries.statistics.usual import Usual
from queries.wording.asked import Asked
from queries.wording.parts import part_name

SEVERITY = {
    Verdict.NONE: Severity.UNKNOWN,
    Verdict.QUIET: Severity.GOOD,
    Verdict.STOPPED: Severity.ALARM,
    Verdict.GAP: Severity.WARNING,
    Verdict.DROPPED: Severity.ALARM,
    Verdict.RISEN: Severity.WARNING,
    Verdict.JUMPED: Severity.WARNING,
    Verdict.PART: Severity.WARNING,
    Verdict.USUAL: Severity.GOOD,
    Verdict.UNKNOWN: Severity.UNKNOWN,
}


def severity(found: Traffic) -> Severity:
    """How much the state of requests asks of the reader; what is over asks less."""
    level = SEVERITY[found.verdict]
    over = found.stretch is not None and found.stretch.until is not None
    if over and found.verdict in (Verdict.DROPPED, Verdict.RISEN, Verdict.JUMPED):
        return Severity.NOTE
    return level


def how_many(usual: Usual) -> str:
    """“2.1 times as many requests come as usual”, “only 38 % of the usual requests come”."""
    times = usual.times.value
    if times is None:
        return f"{words.counted(int(usual.now.value or 0), 'request')} came; usually none do"
    if times == 0:
        return "no requests come"
    if times < 1:
        return f"only {words.share(times, *ends(usual.times))} of the usual requests come"
    if times < 1.5:
        return f"more requests come than usual ({words.times(times)} as many)"
    return f"{words.times(times)} as many requests come as usual"


def ends(number: Number) -> tuple[float | None, float | None]:
    """The ends of an interval."""
    return number.low, number.high


def still_open(found: Traffic) -> Gap:
    """The gap that lasts until now."""
    return next(each for each in found.gaps if not each.pause.ended)


def silent_since(gap: Gap, found: Traffic, asked: Asked) -> str:
    """“no data since 12:00, where about 5,000 requests are usual”; or none that match."""
    since = asked.moment(gap.pause.span.start)
    what = "no such requests" if found.log_ends > gap.pause.span.start else "no data"
    return f"{what} since {since}, where about {usually(gap)} are usual"


def gap_words(gap: Gap, asked: Asked) -> str:
    """“no requests from 12:00 to 13:10, where about 5,000 requests are usual”."""
    span = gap.pause.span
    begin, end = asked.moment(span.start), asked.moment(span.end)
    return f"no requests from {begin} to {end}, where about {usually(gap)} are usual"


def usually(gap: Gap) -> str:
    """“about 5,000 requests”, of a gap."""
    expected = gap.usual.usual.value or 0.0
    return f"{words.about(expected)} request" + ("" if round(expected) == 1 else "s")


def part_words(part: Part) -> str:
    """“region EMEA”."""
    return part_name(part.dimension, part.value)
