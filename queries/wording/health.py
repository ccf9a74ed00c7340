"""How all models are, in plain words: what is wrong with which, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from queries.core import words
from queries.core.answer import Finding, Number, Severity
from queries.core.reading import Reading
from queries.measures.fleet import Line
from queries.measures.latency_verdict import JUDGED
from queries.measures.usual import Usual
from queries.measures.vital_values import Input, Output
from queries.measures.vitals import Concern, Vitals

SHOWN = 5
"""So many models at most are told of one by one; the table has them all."""

ALARMING = (Concern.SILENT, Concern.ERRORS)


def severity(lines: Sequence[Line]) -> Severity:
    """How much the models ask of the reader: as much as the worst of them."""
    order = list(Severity)
    return min(map(line_severity, lines), key=order.index, default=Severity.UNKNOWN)


def line_severity(line: Line) -> Severity:
    """How much one model asks."""
    if line.problem:
        return Severity.WARNING
    if line.vitals and line.vitals.concerns:
        fewer = line.vitals.requests is not None and line.vitals.requests.higher is False
        dropped = Concern.TRAFFIC in line.vitals.concerns and fewer
        alarming = dropped or any(each in ALARMING for each in line.vitals.concerns)
        return Severity.ALARM if alarming else Severity.WARNING
    fine = line.vitals and (line.vitals.judged or _quiet(line.vitals))
    return Severity.GOOD if fine else Severity.UNKNOWN


def headline(lines: Sequence[Line]) -> str:
    """One sentence: how many models need a look, and what is wrong with the worst."""
    if not lines:
        return "No model is declared yet"
    wrong = [line for line in lines if line.needs_a_look]
    if len(lines) == 1:
        line = lines[0]
        return (
            f"{line.name} needs a look: it {state(line)}" if wrong else f"{line.name} {_is(line)}"
        )
    if wrong:
        many = (
            f"{len(wrong)} of {len(lines)} models {'needs' if len(wrong) == 1 else 'need'} a look"
        )
        return f"{many}: {wrong[0].name} {state(wrong[0])}"
    fine = sum(line_severity(line) is Severity.GOOD for line in lines)
    if fine == len(lines):
        return f"All {fine} models are as usual"
    if not fine:
        return f"Too little is known of all {len(lines)} models to say whether they are as usual"
    return f"{fine} of {len(lines)} models are as usual; of the others that can't be said"


def summary(lines: Sequence[Line]) -> str:
    """Which models are as usual, and of which that can't be said."""
    fine = [line.name for line in lines if line_severity(line) is Severity.GOOD]
    told = [f"As usual: {words.listed(fine[:8])}."] if fine and len(lines) > 1 else []
    if len(fine) > 8:
        told = [f"As usual: {words.listed(fine[:8], last='and')} and {len(fine) - 8} more."]
    for line in lines:
        if line_severity(line) is Severity.UNKNOWN:
            told.append(f"Of “{line.name}” that can't be said: it {state(line)}.")
    return " ".join(told)


def findings(lines: Sequence[Line]) -> tuple[Finding, ...]:
    """A finding for each model that needs a look, the worst first."""
    return tuple(_finding(line) for line in lines if line.needs_a_look)[:SHOWN]


def caveats(lines: Sequence[Line]) -> tuple[str, ...]:
    """What the reader must know: what is left out, and that this is a first look."""
    said = []
    more = sum(line.needs_a_look for line in lines) - SHOWN
    if more > 0:
        few = "1 more model needs" if more == 1 else f"{more} more models need"
        said.append(f"{few} a look; the table has all of them.")
    rights = [line for line in lines if line.vitals and line.vitals.right]
    late = [each.name for each in rights if each.source.outcome_delay]
    if late:
        said.append(
            f"How often {words.listed(late)} turned out right is of older requests, since their "
            "outcomes take time."
        )
    if any(line.vitals and line.vitals.judged for line in lines):
        said.append("This is a first look: slow drifts and parts of the requests are not searched.")
    return tuple(said)


def state(line: Line) -> str:
    """What to say of a model in a few words, as the rest of a sentence after its name."""
    if line.vitals is None:
        return "can't be read"
    if line.concern:
        return concern_words(line.concern, line)
    return _calm(line.vitals)


def concern_words(concern: Concern, line: Line) -> str:
    """One thing that is wrong, as the rest of a sentence after the model's name."""
    found = line.vitals
    if found is None:
        return "can't be read"
    return {
        Concern.SILENT: _silent,
        Concern.ERRORS: _failing,
        Concern.TRAFFIC: _busy,
        Concern.LATENCY: _slow,
        Concern.INPUTS: _inputs,
        Concern.PERFORMANCE: _right,
        Concern.OUTPUTS: _outputs,
    }[concern](found)


def moment(at: datetime, reading: Reading) -> str:
    """A moment in the asker's zone."""
    return words.moment(at, reading.zone, reading.now)


def _is(line: Line) -> str:
    return "is as usual" if state(line) == "is as usual" else state(line)


def _calm(found: Vitals) -> str:
    if found.reading.span is None:
        return "has no times to be judged by"
    if found.judged:
        return "is as usual"
    if _quiet(found):
        return f"has no requests {found.reading.text}, as usual"
    if found.requests is None:
        return f"has no requests {found.reading.text}"
    return "has too little past to say"


def _quiet(found: Vitals) -> bool:
    """Say whether nothing came at a time that often has nothing."""
    chance = found.silence.chance if found.silence else None
    return found.requests is None and chance is not None and chance >= 1


def _finding(line: Line) -> Finding:
    if line.vitals is None:
        return Finding(
            "unreadable", Severity.WARNING, f"“{line.name}” can't be read. {line.problem}"
        )
    first, *others = (concern_words(each, line) for each in line.vitals.concerns)
    text = f"“{line.name}” {first}." + "".join(f" It {each}." for each in others[:2])
    concern = line.vitals.concerns[0]
    return Finding(concern.value, line_severity(line), text, dict(_numbers(concern, line.vitals)))


def _numbers(concern: Concern, found: Vitals) -> Iterator[tuple[str, Number]]:
    judged: dict[Concern, Usual | None] = {
        Concern.ERRORS: found.errors,
        Concern.LATENCY: found.slowest,
        Concern.INPUTS: found.inputs[0].usual if found.inputs else None,
        Concern.PERFORMANCE: found.right.usual if found.right else None,
        Concern.OUTPUTS: next((each.usual for each in found.outputs if each.moved), None),
    }
    if (usual := judged.get(concern)) is not None:
        yield "now", usual.now
        yield "usual", usual.usual
    elif concern is Concern.TRAFFIC and found.requests:
        yield "times", found.requests.times
        yield "usual", found.requests.usual
    elif found.silence:
        yield "expected", found.silence.usual.usual


def _silent(found: Vitals) -> str:
    if found.silence is None:
        return "has no data"
    since = moment(found.silence.pause.span.start, found.reading)
    expected = found.silence.usual.usual.value or 0.0
    return f"has no data since {since}, where about {words.about(expected)} requests are usual"


def _failing(found: Vitals) -> str:
    if found.errors is None:
        return "fails"
    since = (
        f" since about {moment(found.errors_since, found.reading)}" if found.errors_since else ""
    )
    times, now = found.errors.times.value, found.errors.now
    rate = words.share(now.value, now.low, now.high)
    if times is None:
        return f"fails in {rate} of requests{since}; usually it never does"
    if times < 1.5:
        return f"fails more often than usual{since}, in {rate} of requests"
    return f"fails {words.times(times)} as often as usual{since}"


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
    of = f" (requests of {moment(span.start, found.reading)} to {moment(span.end, found.reading)})"
    if found.right.share:
        now, before = (words.share(one.value, one.low, one.high) for one in _both(usual))
        return f"was right in {now} of cases, usually in {before}{of}"
    now, before = (words.number(one.value) for one in _both(usual))
    return f"was wrong by {now} on average, usually by {before}{of}"


def _outputs(found: Vitals) -> str:
    return output_words(next(each for each in found.outputs if each.moved))


def output_words(each: Output) -> str:
    """One output against its usual, as the rest of a sentence after the model's name."""
    if each.value is None:
        now, before = (words.number(one.value) for one in _both(each.usual))
        return f"has an average {each.role} of {now}, usually {before}"
    now, before = (words.share(one.value, one.low, one.high) for one in _both(each.usual))
    value = words.shortened(str(each.value), 40)
    return f"says “{value}” in {now} of {each.role}s, usually in {before}"


def _both(usual: Usual) -> tuple[Number, Number]:
    return usual.now, usual.usual
