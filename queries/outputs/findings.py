"""What was found of what a model says, the most telling first."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.outputs.changes import Verdict
from queries.outputs.told import (
    FIRM,
    Told,
    moved_between,
    spread_differently,
    standing,
    standing_out,
    verdict,
)


def findings(told: Told) -> Iterator[Finding]:
    """Give what changed, how a number is spread first."""
    report, lead = told.report, told.report.lead
    if report.shape and report.shape.moved:
        yield spread_differently(report.shape, told.than)
    if report.mix and lead.verdict in FIRM:
        yield moved_between(report.mix, lead)
    slice_ = standing(told)
    along = slice_ is not None and _alike(slice_.change, lead.change)
    if slice_ and along:
        level = Severity.WARNING if report.verdict in FIRM else Severity.NOTE
        yield standing_out(slice_, lead, level)
    # Sorting is stable: of one verdict, what is acted on comes first, as outputs are listed.
    ranked = sorted(report.changes, key=lambda each: list(Verdict).index(each.verdict))
    for change in ranked:
        yield verdict(change, told.than)
    if slice_ and not along:
        yield standing_out(slice_, lead, Severity.NOTE)


def _alike(here: Number, whole: Number) -> bool:
    """Say whether a slice moved the same way as the whole."""
    return (here.value or 0.0) * (whole.value or 0.0) > 0
