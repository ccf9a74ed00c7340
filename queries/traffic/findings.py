"""What was found of requests: since when, of which part, and gaps."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, Finding, Severity
from queries.core.number import Number
from queries.measures.pulse.silence import Gap
from queries.measures.pulse.traffic import MATTERS, Part, Traffic, Verdict
from queries.measures.pulse.traffic_counts import Measured
from queries.statistics.usual import Usual
from queries.statistics.usual_values import usual_value
from queries.traffic.phrases import (
    gap_words,
    how_many,
    part_words,
    severity,
    silent_since,
    still_open,
    usually,
)
from queries.wording.asked import Asked


def findings(found: Traffic, asked: Asked) -> tuple[Finding, ...]:
    """What was found, the most telling first."""
    return tuple(_findings(found, asked))[:5]


def silent(gap: Gap, asked: Asked) -> Answer:
    """The answer where the log ended before the time that was asked about."""
    last = f"The last request in the log is from {asked.moment(gap.pause.span.start)}."
    level, said = Severity.WARNING, f"no requests {asked.reading.text}"
    why = "Either nothing was asked of the model, or its log no longer arrives."
    if gap.improbable:
        since = asked.moment(gap.pause.span.start)
        level, said = (
            Severity.ALARM,
            f"no data since {since}, where about {usually(gap)} are usual",
        )
    elif gap.chance is None:
        why = f"Whether that is usual can't be said: {gap.usual.usual.why or 'no comparable past'}."
    elif gap.chance >= 1:
        level, said, why = (
            Severity.GOOD,
            f"{said}, as usual",
            "At such a time there are often none.",
        )
    else:
        level, why = Severity.NOTE, f"About {usually(gap)} are usual since then: too few to say."
    return Answer(level, f"{asked.name}: {said}", f"{last} {why}")


def _findings(found: Traffic, asked: Asked) -> Iterator[Finding]:
    level = severity(found)
    if found.verdict is Verdict.STOPPED and len(found.gaps) == 1:
        yield _why_silent(found, asked)
    for gap in found.gaps[:2] if len(found.gaps) > 1 else ():
        text = gap_words(gap, asked) if gap.pause.ended else silent_since(gap, found, asked)
        yield Finding("gap", level, f"{text[:1].upper()}{text[1:]}.", _expected(gap))
    if found.stretch and found.stretch.until and found.verdict is Verdict.JUMPED:
        text = f"Since {asked.moment(found.stretch.until)} requests are as usual again."
        yield Finding("ended", Severity.GOOD, text)
    if found.part and found.verdict is not Verdict.STOPPED:
        yield _carried(found.part, level)
    for metric in found.metrics:
        usual = usual_value(metric.past, metric.now)
        if usual.unusual and abs((usual.times.value or 0.0) - 1) >= MATTERS:
            yield _metric(metric, usual)


def _expected(gap: Gap) -> dict[str, Number]:
    return {"expected": gap.usual.usual}


def _why_silent(found: Traffic, asked: Asked) -> Finding:
    gap = still_open(found)
    if found.log_ends > gap.pause.span.start:
        text = f"Other requests went on until {asked.moment(found.log_ends)}."
    else:
        text = "Either nothing was asked of the model, or its log no longer arrives."
    return Finding("silent", Severity.ALARM, text, _expected(gap))


def _carried(part: Part, level: Severity) -> Finding:
    name = part_words(part)
    text = f"{name[:1].upper()}{name[1:]} stands out: "
    share = part.share
    if share.value is not None and share.value > 0:
        much = words.share(share.value, share.low, share.high) if share.value < 0.995 else "all"
        which = "extra" if part.here.higher else "missing"
        text = f"{name[:1].upper()}{name[1:]} carries {much} of the {which} requests: "
    text += f"{how_many(part.here)} there. {_elsewhere(part)}"
    numbers = {"here": part.here.times, "elsewhere": part.elsewhere.times, "share": share}
    return Finding("slice", level, text, numbers)


def _elsewhere(part: Part) -> str:
    if not part.elsewhere.unusual:
        return "Elsewhere no difference from usual is shown."
    return f"Elsewhere {how_many(part.elsewhere)}."


def _metric(metric: Measured, usual: Usual) -> Finding:
    now, past = usual.now, usual.usual
    text = (
        f"“{metric.name}” is {words.number(now.value, _width(now))} a request on average, "
        f"usually {words.number(past.value, _width(past))}."
    )
    return Finding("metric", Severity.NOTE, text, {"now": now, "usual": past})


def _width(number: Number) -> float | None:
    if number.low is None or number.high is None:
        return None
    return number.high - number.low
