"""What is wrong with each model, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.health.concerns import concern_words
from queries.health.fleet import Line
from queries.health.phrases import SHOWN, line_severity
from queries.health.vitals import Concern, Vitals
from queries.statistics.usual import Usual


def findings(lines: Sequence[Line]) -> tuple[Finding, ...]:
    """A finding for each model that needs a look, the worst first."""
    return tuple(_finding(line) for line in lines if line.needs_a_look)[:SHOWN]


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
    if concern is Concern.ERRORS and found.errors_jump:
        yield "now", found.errors_jump.during
        yield "before", found.errors_jump.before
    elif (usual := judged.get(concern)) is not None:
        yield "now", usual.now
        yield "usual", usual.usual
    elif concern is Concern.TRAFFIC and found.requests:
        yield "times", found.requests.times
        yield "usual", found.requests.usual
    elif concern is Concern.SILENT and found.silence:
        yield "expected", found.silence.usual.usual
