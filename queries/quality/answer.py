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


def answer_words(looked: Told, chunks: Sequence[QualityChunk]) -> Answer:
    """Put what was found into words, with its tables and its picture."""
    head = headline(looked)
    return Answer(
        severity=_severity(looked),
        headline=head,
        summary=_summary(looked),
        findings=tuple(findings(looked))[:MOST],
        tables=tables(looked, chunks),
        chart=chart(looked, head),
        caveats=looked.caveats,
        follow_ups=_follow_ups(looked),
    )


def headline(looked: Told) -> str:
    """One sentence: the worst that is broken, and the number that carries it."""
    name = looked.asked.name
    if not looked.broken:
        if looked.repeated and looked.doubled:
            return f"{name}: {share(looked.repeated)} of requests are logged more than once"
        if not looked.judged:
            return f"{name}: too few requests to say whether its data is broken"
        return f"{name}: no sign of broken data in {words.counted(len(looked.columns), 'column')}"
    worst, others = looked.broken[0], len(looked.broken) - 1
    fault = worst.faults[0]
    said = wrong(worst, fault, looked)
    if before := otherwise(fault, worst.found[fault], looked.than):
        said += f", {before}"
    more = f"; {words.counted(others, 'other column')} broken too" if others else ""
    return f"{name}: {said}{more}"


def _severity(looked: Told) -> Severity:
    found = [severity(each, fault, looked) for each in looked.broken for fault in each.faults]
    if looked.doubled:
        found.append(Severity.WARNING)
    if found:
        return min(found, key=list(Severity).index)
    return Severity.GOOD if looked.judged else Severity.UNKNOWN


def _summary(looked: Told) -> str:
    rows = max(each.column.rows for each in looked.columns)
    return (
        f"{words.counted(rows, 'request')} {looked.asked.reading.text}; "
        f"{words.counted(len(looked.columns), 'column')} compared with how they were {looked.than}."
    )


def _follow_ups(looked: Told) -> tuple[FollowUp, ...]:
    asked, steps = looked.asked, []
    source, dated = asked.source, not asked.source.undated
    worst = next((each for each in looked.broken if Fault.EMPTIED in each.faults), None)
    if worst and source.visible(worst.name) is Visibility.OPEN:
        missing = str(Filter(worst.name, "is missing"))
        text = asked.next("find", since=looked.since(worst), where=missing)
        steps.append(FollowUp(words.shortened(f"Requests without {worst.name}", 75), text))
    if dated and {"status", "error"} & set(source.roles):
        steps.append(FollowUp("Do requests fail?", asked.next("errors")))
    if dated and looked.broken and (since := looked.since(looked.broken[0])):
        label = f"What changed at {asked.moment(since)}?"
        steps.append(FollowUp(label, asked.next("changes")))
    if source.features:
        steps.append(FollowUp("Have the inputs changed?", asked.next("inputs")))
    return tuple(steps)
