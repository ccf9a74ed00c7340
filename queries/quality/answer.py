"""Broken data in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core import words
from queries.core.answer import Answer, FollowUp, Severity
from queries.core.filters import Filter
from queries.core.source import Visibility
from queries.quality.charts import chart
from queries.quality.chunks import QualityChunk
from queries.quality.faults import Fault
from queries.quality.findings import findings
from queries.quality.tables import tables
from queries.quality.told import (
    MOST,
    Told,
    otherwise,
    severity,
    share,
    wrong,
)


def answer_words(told: Told, chunks: Sequence[QualityChunk]) -> Answer:
    """Put what was found into words, with its tables and its picture."""
    head = headline(told)
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=_summary(told),
        findings=tuple(findings(told))[:MOST],
        tables=tables(told, chunks),
        chart=chart(told, head),
        caveats=told.caveats,
        follow_ups=_follow_ups(told),
    )


def headline(told: Told) -> str:
    """One sentence: the worst that is broken, and the number that carries it."""
    name = told.asked.name
    if not told.broken:
        if told.repeated and told.doubled:
            return f"{name}: {share(told.repeated)} of requests are logged more than once"
        if told.untold and told.silent:
            lacking = share(told.untold.share)
            return f"{name}: of {lacking} of requests it isn't known whether they failed"
        if not told.judged:
            return f"{name}: too few requests to say whether its data is broken"
        return f"{name}: no sign of broken data in {words.counted(len(told.columns), 'column')}"
    worst, others = told.broken[0], len(told.broken) - 1
    fault = worst.faults[0]
    said = wrong(worst, fault, told)
    if before := otherwise(fault, worst.found[fault], told.than):
        said += f", {before}"
    more = f"; {words.counted(others, 'other column')} broken too" if others else ""
    return f"{name}: {said}{more}"


def _severity(told: Told) -> Severity:
    found = [severity(each, fault, told) for each in told.broken for fault in each.faults]
    if told.doubled or told.silent:
        found.append(Severity.WARNING)
    if found:
        return min(found, key=list(Severity).index)
    return Severity.GOOD if told.judged else Severity.UNKNOWN


def _summary(told: Told) -> str:
    rows = max(each.column.rows for each in told.columns)
    return (
        f"{words.counted(rows, 'request')} {told.asked.reading.text}; "
        f"{words.counted(len(told.columns), 'column')} compared with how they were {told.than}."
    )


def _follow_ups(told: Told) -> tuple[FollowUp, ...]:
    asked, steps = told.asked, []
    source, dated = asked.source, not asked.source.undated
    worst = next((each for each in told.broken if Fault.EMPTIED in each.faults), None)
    if worst and source.visible(worst.name) is Visibility.OPEN:
        missing = str(Filter(worst.name, "is missing"))
        text = asked.next("find", since=told.since(worst), where=missing)
        steps.append(FollowUp(words.shortened(f"Requests without {worst.name}", 75), text))
    if dated and {"status", "error"} & set(source.roles):
        steps.append(FollowUp("Do requests fail?", asked.next("errors")))
    if dated and told.broken and (since := told.since(told.broken[0])):
        label = f"What changed at {asked.moment(since)}?"
        steps.append(FollowUp(label, asked.next("changes")))
    if source.features:
        steps.append(FollowUp("Have the inputs changed?", asked.next("inputs")))
    return tuple(steps)
