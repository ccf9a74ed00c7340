"""What was found between two sides, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from queries.core.answer import Finding
from queries.measures.sides.comparison import slices_of
from queries.measures.sides.judged import FIRM, Compared, Verdict
from queries.wording.sides.told import (
    Told,
    alike_where_worst,
    of_gap,
    of_metric,
    of_mix,
)


def findings(told: Told) -> Iterator[Finding]:
    """Give what differs, the mix of the two sides first."""
    if told.mix:
        yield of_mix(told, told.mix)
    worse = told.of(Verdict.WORSE)
    turned = [each for each in told.found.compared if each.turned and each not in worse]
    for each in worse:
        yield of_metric(told, each)
    if told.gap and (gap := of_gap(told, told.gap)):
        yield gap
    for each in turned:
        yield of_metric(told, each)
    yield from _others(told, [*worse, *turned])


def _others(told: Told, already: Sequence[Compared]) -> Iterator[Finding]:
    """Failures, then what is better, then the rest; of what the model says one is enough."""
    rest = [each for each in told.found.compared if each not in already]
    for each in rest:
        if each.metric.name == "errors" and each.verdict not in (*FIRM, Verdict.FEW):
            finding = of_metric(told, each)
            more = alike_where_worst(slices_of(told.found, each), each)
            yield replace(finding, text=finding.text + more)
            rest.remove(each)
            break
    for each in rest:
        if each.verdict is Verdict.BETTER:
            yield of_metric(told, each)
    said = [each for each in rest if each.verdict not in (Verdict.BETTER, Verdict.FEW)]
    # Decision, prediction and score say the same thing in different words.
    neutral = [each for each in said if not each.metric.worse]
    for each in said:
        if each not in neutral[1:]:
            yield of_metric(told, each)
