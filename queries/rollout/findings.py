"""What was found of a rollout: each guardrail that tells something."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import Finding
from queries.measures.sides.comparison import slices_of
from queries.rollout.guardrails import State
from queries.rollout.told import Told, of_guardrail
from queries.wording.sides.told import (
    alike_where_worst,
    of_mix,
)


def findings(told: Told) -> Iterator[Finding]:
    """Give what each guardrail tells, the worse ones first."""
    report = told.report
    for at in report.of(State.WORSE, State.CHANGED):
        yield of_guardrail(told, at)
    for at in report.of(State.SAFE, State.OPEN):
        each = report.guardrails[at]
        if each.metric.name == "errors":
            yield _acquitted(told, at)
    if told.mix:
        yield of_mix(told.compared, told.mix)
    for at in report.of(State.OPEN, State.FEW, State.SAFE):
        if report.guardrails[at].metric.name != "errors":
            yield of_guardrail(told, at)


def _acquitted(told: Told, at: int) -> Finding:
    """Tell of failures, and that both fail alike where most do."""
    finding = of_guardrail(told, at)
    found = told.report.found
    errors = next(each for each in found.compared if each.metric.name == "errors")
    more = alike_where_worst(slices_of(found, errors), errors)
    return Finding(finding.kind, finding.severity, finding.text + more, finding.numbers)
