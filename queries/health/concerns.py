"""What is wrong with a model, each thing as the rest of a sentence after the model's name."""

from __future__ import annotations

from queries.core import words
from queries.core.number import Number
from queries.health.fleet import Line
from queries.health.values import Input, Output
from queries.health.vitals import Concern, Vitals
from queries.measures.pulse.latency_verdict import JUDGED
from queries.statistics.usual import Usual
from queries.wording.unknown_results import silent


def concern_words(concern: Concern, line: Line) -> str:
    """One thing that is wrong, as the rest of a sentence after the model's name."""
    found = line.vitals
    if found is None:
        return "can't be read"
    return {
        Concern.SILENT: _silent,
        Concern.ERRORS: _failing,
        Concern.RESULTS: _unknown,
        Concern.TRAFFIC: _busy,
        Concern.LATENCY: _slow,
        Concern.INPUTS: _inputs,
        Concern.PERFORMANCE: _right,
        Concern.OUTCOMES: _overdue,
        Concern.OUTPUTS: _outputs,
        Concern.DECLARED: _declared,
    }[concern](found)


def output_words(each: Output) -> str:
    """One output against its usual, as the rest of a sentence after the model's name."""
    if each.value is None:
        now, before = (words.number(one.value) for one in _both(each.usual))
        return f"has an average {each.role} of {now}, usually {before}"
    now, before = (words.share(one.value, one.low, one.high) for one in _both(each.usual))
    value = words.shortened(str(each.value), 40)
    return f"says “{value}” in {now} of {each.role}s, usually in {before}"


def _silent(found: Vitals) -> str:
    if found.silence is None:
        return "has no data"
    since = found.reading.moment(found.silence.pause.span.start)
    expected = found.silence.usual.usual.value or 0.0
    return f"has no data since {since}, where about {words.about(expected)} requests are usual"


def _failing(found: Vitals) -> str:
    if found.errors is None:
        return "fails"
    since = f" since about {found.reading.moment(found.errors_since)}" if found.errors_since else ""
    if jump := found.errors_jump:
        during, before = (
            words.share(one.value, one.low, one.high) for one in (jump.during, jump.before)
        )
        at = found.reading.moment(jump.since)
        return f"fails in {during} of requests since about {at}, in {before} before"
    times, now = found.errors.times.value, found.errors.now
    rate = words.share(now.value, now.low, now.high)
    if times is None:
        return f"fails in {rate} of requests{since}; usually it never does"
    if times < 1.5:
        return f"fails more often than usual{since}, in {rate} of requests"
    return f"fails {words.times(times)} as often as usual{since}"


def _unknown(found: Vitals) -> str:
    if found.results is None:
        return "doesn't tell whether its requests fail"
    share = words.share(found.results.unknown.value)
    last = found.results.last
    since = f" since {found.reading.moment(last)}" if last else ""
    return (
        f"doesn't tell whether its requests fail: {silent(found.results)} in {share} of them{since}"
    )


def _overdue(found: Vitals) -> str:
    late = found.overdue
    if late is None:
        return "lacks outcomes"
    day = f"{late.since.day} {late.since:%b}"
    requests = words.counted(late.requests, "request")
    return f"lacks outcomes since {day}: they are in for {words.count(late.outcomes)} of {requests}"


def _declared(found: Vitals) -> str:
    first, *others = found.wrong
    text = first.rstrip(".")
    more = f" (and {words.counted(len(others), 'more')})" if others else ""
    return f"isn't declared as its log is: {text[:1].lower()}{text[1:]}{more}"


def _busy(found: Vitals) -> str:
    times = found.requests.times.value if found.requests else None
    if times is None:
        return "gets requests where usually none come"
    if times < 1:
        return f"gets only {words.share(times)} of its usual requests"
    return f"gets {words.times(times)} as many requests as usual"


def _slow(found: Vitals) -> str:
    usual = found.slowest
    if usual is None or found.latency is None:
        return "is slower than usual"
    most = "half of its requests" if usual is found.latency[JUDGED[0]] else "its slowest 5 %"
    now, before = words.duration_ms(usual.now.value), words.duration_ms(usual.usual.value)
    return f"is slower than usual: {most} take over {now}, usually {before}"


def _inputs(found: Vitals) -> str:
    first, *others = found.inputs
    more = f", and {words.counted(len(others), 'more input')} changed" if others else ""
    return f"{_input(first)}{more}"


def _input(each: Input) -> str:
    if each.what == "emptied":
        now, before = (words.share(one.value, one.low, one.high) for one in _both(each.usual))
        return f"lacks its input “{each.name}” in {now} of requests, usually in {before}"
    now, before = (words.number(one.value) for one in _both(each.usual))
    return f"gets another “{each.name}”: {now} on average, usually {before}"


def _right(found: Vitals) -> str:
    if found.right is None:
        return "is less right than usual"
    span, usual = found.right.span, found.right.usual
    start, end = (found.reading.moment(at) for at in (span.start, span.end))
    of = f" (requests of {start} to {end})"
    if found.right.share:
        now, before = (words.share(one.value, one.low, one.high) for one in _both(usual))
        return f"was right in {now} of cases, usually in {before}{of}"
    now, before = (words.number(one.value) for one in _both(usual))
    return f"was wrong by {now} on average, usually by {before}{of}"


def _outputs(found: Vitals) -> str:
    return output_words(next(each for each in found.outputs if each.moved))


def _both(usual: Usual) -> tuple[Number, Number]:
    return usual.now, usual.usual
