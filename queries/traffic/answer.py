"""Requests in plain words: how many against usual, since when, of which part, and gaps."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, Finding, Severity
from queries.core.number import Number
from queries.measures.pulse.silence import Gap
from queries.measures.pulse.traffic import MATTERS, Part, Stretch, Traffic, Verdict
from queries.measures.pulse.traffic_counts import Measured
from queries.statistics.usual import Usual
from queries.statistics.usual_values import usual_value
from queries.wording.asked import Asked
from queries.wording.parts import part_name

_SEVERITY = {
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
    level = _SEVERITY[found.verdict]
    over = found.stretch is not None and found.stretch.until is not None
    if over and found.verdict in (Verdict.DROPPED, Verdict.RISEN, Verdict.JUMPED):
        return Severity.NOTE
    return level


def headline(found: Traffic, asked: Asked) -> str:
    """One sentence: the verdict and the number that carries it."""
    requests = words.counted(found.timeline.total(0)[1], "request")
    match found.verdict:
        case Verdict.STOPPED:
            said = _silent(_open(found), found, asked)
        case Verdict.GAP:
            said = _gap(found.gaps[0], asked)
        case Verdict.DROPPED | Verdict.RISEN:
            said = how_many(found.usual) + _when(found.stretch, found.usual, asked)
        case Verdict.JUMPED if found.stretch:
            said = how_many(found.stretch.usual) + _lasting(found.stretch, asked)
        case Verdict.PART if found.part:
            said = (
                f"requests are as usual overall, but not in {_named(found.part)}: "
                f"{how_many(found.part.here)}"
            )
        case Verdict.USUAL:
            count = words.count(found.timeline.total(0)[1])
            said = f"requests are as usual, {count} {asked.reading.text}"
        case Verdict.UNKNOWN:
            said = f"{requests} {asked.reading.text}; too little past to say whether that is usual"
        case Verdict.QUIET:
            said = f"no requests {asked.reading.text}, as usual"
        case _:
            said = f"no requests {asked.reading.text}"
    return f"{asked.name}: {said}"


def summary(found: Traffic, asked: Asked) -> str:
    """The count, and the usual range."""
    count = found.timeline.total(0)[1]
    said = f"{words.counted(count, 'request')} came {asked.reading.text}."
    usual = found.usual.usual
    if usual.low is not None and usual.high is not None:
        said += f" {asked.a_usual} has {words.about(usual.low)} to {words.about(usual.high)}"
        behind = asked.reading.asked_span.end - found.log_ends
        cut = behind.total_seconds() > 300
        said += f" until {asked.moment(found.log_ends)}." if cut else "."
    elif usual.value is not None:
        said += f" Before, it was {words.about(usual.value)} ({usual.why})."
    return said


def findings(found: Traffic, asked: Asked) -> tuple[Finding, ...]:
    """What was found, the most telling first."""
    return tuple(_findings(found, asked))[:5]


def caveats(found: Traffic, asked: Asked) -> tuple[str, ...]:
    """What the reader must know before leaning on the numbers."""
    said = []
    if found.usual.unusual is None and found.usual.usual.why:
        said.append(f"Whether this is usual can't be said: {found.usual.usual.why}.")
    if found.open_pause and found.open_pause.chance is None:
        last = asked.moment(found.open_pause.pause.span.start)
        said.append(f"The last request is from {last}; too little past to say if that is a gap.")
    return tuple(said)


def silent(gap: Gap, asked: Asked) -> Answer:
    """The answer where the log ended before the time that was asked about."""
    last = f"The last request in the log is from {asked.moment(gap.pause.span.start)}."
    level, said = Severity.WARNING, f"no requests {asked.reading.text}"
    why = "Either nothing was asked of the model, or its log no longer arrives."
    if gap.improbable:
        since = asked.moment(gap.pause.span.start)
        level, said = (
            Severity.ALARM,
            f"no data since {since}, where about {_usually(gap)} are usual",
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
        level, why = Severity.NOTE, f"About {_usually(gap)} are usual since then: too few to say."
    return Answer(level, f"{asked.name}: {said}", f"{last} {why}")


def how_many(usual: Usual) -> str:
    """“2.1 times as many requests come as usual”, “only 38 % of the usual requests come”."""
    times = usual.times.value
    if times is None:
        return f"{words.counted(int(usual.now.value or 0), 'request')} came; usually none do"
    if times == 0:
        return "no requests come"
    if times < 1:
        return f"only {words.share(times, *_ends(usual.times))} of the usual requests come"
    if times < 1.5:
        return f"more requests come than usual ({words.times(times)} as many)"
    return f"{words.times(times)} as many requests come as usual"


def _ends(number: Number) -> tuple[float | None, float | None]:
    return number.low, number.high


def _findings(found: Traffic, asked: Asked) -> Iterator[Finding]:
    level = severity(found)
    if found.verdict is Verdict.STOPPED and len(found.gaps) == 1:
        yield _why_silent(found, asked)
    for gap in found.gaps[:2] if len(found.gaps) > 1 else ():
        text = _gap(gap, asked) if gap.pause.ended else _silent(gap, found, asked)
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


def _open(found: Traffic) -> Gap:
    return next(each for each in found.gaps if not each.pause.ended)


def _silent(gap: Gap, found: Traffic, asked: Asked) -> str:
    """“no data since 12:00, where about 5,000 requests are usual”; or none that match."""
    since = asked.moment(gap.pause.span.start)
    what = "no such requests" if found.log_ends > gap.pause.span.start else "no data"
    return f"{what} since {since}, where about {_usually(gap)} are usual"


def _gap(gap: Gap, asked: Asked) -> str:
    span = gap.pause.span
    begin, end = asked.moment(span.start), asked.moment(span.end)
    return f"no requests from {begin} to {end}, where about {_usually(gap)} are usual"


def _usually(gap: Gap) -> str:
    expected = gap.usual.usual.value or 0.0
    return f"{words.about(expected)} request" + ("" if round(expected) == 1 else "s")


def _why_silent(found: Traffic, asked: Asked) -> Finding:
    gap = _open(found)
    if found.log_ends > gap.pause.span.start:
        text = f"Other requests went on until {asked.moment(found.log_ends)}."
    else:
        text = "Either nothing was asked of the model, or its log no longer arrives."
    return Finding("silent", Severity.ALARM, text, _expected(gap))


def _when(stretch: Stretch | None, whole: Usual, asked: Asked) -> str:
    """Since when, where the jump goes the way of the whole."""
    if stretch is None or stretch.usual.higher is not whole.higher:
        return ""
    return _lasting(stretch, asked)


def _lasting(stretch: Stretch, asked: Asked) -> str:
    if stretch.until:
        return f", from about {asked.moment(stretch.since)} to {asked.moment(stretch.until)}"
    return f", since about {asked.moment(stretch.since)}"


def _named(part: Part) -> str:
    return part_name(part.dimension, part.value)


def _carried(part: Part, level: Severity) -> Finding:
    name = _named(part)
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
