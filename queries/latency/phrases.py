"""How latencies are put into words."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import Severity
from queries.core.number import Number
from queries.latency.report import Latency, Limit
from queries.measures.pulse.latency_counts import LatencySlice
from queries.measures.pulse.latency_verdict import Verdict, vague
from queries.statistics.usual import Usual

SEVERITY = {
    Verdict.NONE: Severity.UNKNOWN,
    Verdict.SLOWER: Severity.WARNING,
    Verdict.JUMPED: Severity.ALARM,
    Verdict.PART: Severity.WARNING,
    Verdict.SLIGHTLY: Severity.NOTE,
    Verdict.FASTER: Severity.GOOD,
    Verdict.USUAL: Severity.GOOD,
    Verdict.UNKNOWN: Severity.UNKNOWN,
}


ALARMING = 1.5
"""From so many times as long on, slower is an alarm."""


MOST = {
    0.5: "half of the requests take",
    0.95: "the slowest 5 % take",
    0.99: "the slowest 1 % take",
}


def severity(found: Latency) -> Severity:
    """How much latency asks of the reader; what is over asks less."""
    level = SEVERITY[found.verdict]
    if found.verdict is Verdict.USUAL and vague(found.usual):
        return Severity.NOTE
    if found.verdict in (Verdict.SLOWER, Verdict.JUMPED) and found.until:
        return Severity.NOTE
    if found.verdict is Verdict.SLOWER and (found.worst[1].times.value or 0.0) >= ALARMING:
        return Severity.ALARM
    return level


def duration(number: Number) -> str:
    """An estimated duration as people say it."""
    return words.duration_ms(number.value)


def against(q: float, usual: Usual) -> str:
    """“half of them take over 120 ms, usually 80 ms”."""
    return f"{MOST[q]} over {duration(usual.now)}, usually {duration(usual.usual)}"


def worst_part(part: LatencySlice) -> tuple[float, Usual]:
    """The quantile of a part that is furthest above its usual."""
    return max(
        ((q, part.usual[q]) for q in (0.5, 0.95)), key=lambda each: each[1].times.value or 0.0
    )


def share_over(given: Limit) -> str:
    """“3.1 % of requests take over 500 ms”, with what is usual."""
    limit, over = words.duration_ms(given.milliseconds), given.over
    share = words.share(over.now.value, over.now.low, over.now.high)
    text = f"{share} of requests take over {limit}"
    if over.usual.low is not None and over.usual.high is not None:
        text += f"; usually {words.share_range(over.usual.low, over.usual.high)}"
    elif over.usual.value is not None:
        text += f"; before, it was {words.share(over.usual.value)}"
    return text
