"""What happened to each input, the furthest moved first."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import Finding
from queries.inputs.changes import InputChange, Verdict
from queries.inputs.told import Told, finding

MOST_NAMED = 3


def findings(told: Told) -> Iterator[Finding]:
    """Tell of at most three inputs by verdict, and nothing twice."""
    for verdict in Verdict:
        with_it = [each for each in told.changed if verdict in each.verdicts]
        for each in [each for each in with_it if not _said(each, verdict)][:MOST_NAMED]:
            yield finding(each, verdict, told)


def _said(change: InputChange, verdict: Verdict) -> bool:
    """Whether what a verdict says was said with the shift already: by new or by gone values."""
    moved_most = change.compared.moved
    if Verdict.SHIFTED not in change.verdicts or moved_most is None:
        return False
    if verdict is Verdict.RENEWED:
        return moved_most.value is None
    return verdict is Verdict.GONE and moved_most.value == change.gone[0][0]
