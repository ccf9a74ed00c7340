"""What was found of how long requests take: since when, which part, how many too long."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import Finding, Severity
from queries.latency.phrases import (
    MOST,
    against,
    duration,
    severity,
    share_over,
    worst_part,
)
from queries.latency.report import Latency, Limit
from queries.measures.pulse.latency_counts import LatencySlice
from queries.measures.pulse.latency_verdict import Verdict
from queries.wording.asked import Asked
from queries.wording.parts import part_name


def findings(found: Latency, asked: Asked) -> tuple[Finding, ...]:
    """What was found, the most telling first."""
    return tuple(_findings(found, asked))[:5]


def _findings(found: Latency, asked: Asked) -> Iterator[Finding]:
    level = severity(found)
    if found.part and found.carrier and found.limit:
        yield _carried(found.part, found, level)
    if found.limit and (found.limit.given or found.verdict is not Verdict.USUAL):
        yield _limit(found.limit)
    if found.verdict in (Verdict.SLOWER, Verdict.JUMPED) and found.until:
        text = f"Since {asked.moment(found.until)} requests are faster again."
        yield Finding("ended", Severity.GOOD, text)
    # Told, but never judged by: the slowest of a hundred vary too much from day to day.
    p99 = found.usual[0.99]
    if p99.unusual and p99.higher and found.verdict is not Verdict.SLOWER:
        text = f"The slowest 1 % take over {duration(p99.now)}, usually {duration(p99.usual)}."
        yield Finding("tail", Severity.NOTE, text, {"p99": p99.now, "usual": p99.usual})


def _carried(part: LatencySlice, found: Latency, level: Severity) -> Finding:
    name = part_name(part.dimension, part.value)
    q, usual = worst_part(part)
    text = f"{name[:1].upper()}{name[1:]} stands out: there {against(q, usual)}."
    if usual.usual.value is None:
        text = (
            f"{name[:1].upper()}{name[1:]} stands out: there {MOST[q]} over {duration(usual.now)}."
        )
    elsewhere = found.carrier.elsewhere if found.carrier else None
    if elsewhere and elsewhere.unusual is not None:
        text += " Elsewhere " + (
            "no difference from usual is shown."
            if not elsewhere.unusual
            else "requests are slower too."
            if elsewhere.higher
            else "requests are faster than usual."
        )
    return Finding("slice", level, text, {"here": usual.now, "usual": usual.usual})


def _limit(given: Limit) -> Finding:
    over = given.over
    level = Severity.WARNING if over.unusual and over.higher else Severity.NOTE
    numbers = {"over": over.now, "usual": over.usual}
    return Finding("limit", level, f"{share_over(given)}.", numbers)
