"""Whether what a model says changed enough to act, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Answer, FollowUp
from queries.core.filters import Filter
from queries.core.source import Visibility
from queries.measures.past.before import REFERENCE
from queries.measures.predictions.outputs import CLASSES
from queries.outputs.changes import Verdict
from queries.outputs.charts import chart
from queries.outputs.findings import findings
from queries.outputs.tables import tables
from queries.outputs.told import (
    FIRM,
    Told,
    named,
    not_shown,
    now_and_before,
    severity,
    size,
    standing,
    steadily,
)
from queries.wording.explained import explained

MOST = 5


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head, report, lead = headline(told), told.report, told.report.lead
    return Answer(
        severity=severity(report.verdict, hidden=report.verdict is Verdict.NONE and lead.hidden),
        headline=head,
        summary=_summary(told),
        findings=tuple(findings(told))[:MOST],
        tables=tables(told),
        chart=chart(told, head),
        caveats=tuple(_caveats(told)),
        follow_ups=_follow_ups(told),
    )


def headline(told: Told) -> str:
    """One sentence: the verdict and the number that carries it."""
    name, lead, report = told.asked.name, told.report.lead, told.report
    moved = now_and_before(lead, told.than)
    if lead.verdict not in FIRM and report.shape and report.shape.moved:
        what = named(report.shape.compared.name)
        return (
            f"{name}: what it says changed enough to act: the values of {what} are spread "
            f"differently than {told.than}, though {moved}"
        )
    match lead.verdict:
        case Verdict.GONE:
            return f"{name}: {moved} any more"
        case Verdict.ENOUGH:
            return f"{name}: what it says changed enough to act: {moved}"
        case Verdict.STEADY:
            return f"{name}: {steadily(lead, told.than)}"
        case Verdict.LESS:
            return f"{name}: what it says changed, but by less than what matters: {moved}"
        case Verdict.NONE if lead.seen is not None:
            return f"{name}: {moved}: {not_shown(lead, lead.seen)}"
        case Verdict.FEW:
            return f"{name}: too few requests to say whether what it says changed"
        case _:
            return f"{name}: {moved}; too little past to say whether that is usual"


def _summary(told: Told) -> str:
    report, lead = told.report, told.report.lead
    text = f"{words.counted(report.rows, 'request')} {told.asked.reading.text}"
    if lead.before.n:
        text += f", compared with {words.count(lead.before.n)} {told.than}"
    return f"{text}. A change matters from {size(lead, lead.least)} on."


def _caveats(told: Told) -> Iterator[str]:
    report, lead = told.report, told.report.lead
    yield from told.caveats
    if report.unsaid:
        count, what = words.counted(report.unsaid, "request"), named(lead.output.name)
        have, do = ("has", "doesn't") if report.unsaid == 1 else ("have", "don't")
        yield f"{count} {have} no {what} and {do} count."
    if any(each.verdict is Verdict.STEADY for each in report.changes):
        yield (
            "“Kept falling” or “rising” means one way every time, and about evenly: values that "
            "only vary do that in fewer than 1 of 100 cases."
        )
    if lead.hidden:
        yield (
            f"A change that matters ({size(lead, lead.least)}) may hide in how much this varies "
            "anyway."
        )
    if sum(each.output.name == lead.output.name for each in report.changes) == CLASSES:
        yield f"Only the {CLASSES} commonest {named(lead.output.name)}s are compared."
    if report.lacking:
        listed = words.listed([f"“{name}”" for name in report.lacking])
        yield f"The reference set has no {listed}, so that this isn't compared."


def _follow_ups(told: Told) -> tuple[FollowUp, ...]:
    asked, steps = told.asked, []
    source, dated, report = asked.source, not asked.source.undated, told.report
    slice_ = standing(told)
    if slice_ and slice_.value is not None and source.visible(slice_.dimension) is Visibility.OPEN:
        where = str(Filter(slice_.dimension, "=", (str(slice_.value),)))
        label = words.shortened(f"Only {words.value(slice_.value, 40)}", 75)
        steps.append(FollowUp(label, asked.next("outputs", where=where)))
    # A fixed set doesn't vary, so that beside it a smaller change can be seen.
    if source.reference and report.lead.hidden and report.lead.q is None:
        steps.append(
            FollowUp("Against the reference set", asked.next("outputs", against=REFERENCE))
        )
    if source.features:
        steps.append(FollowUp("Have the inputs changed?", asked.next("inputs")))
    if source.outcomes or "outcome" in source.roles:
        steps.append(FollowUp("Is it still good?", asked.next("performance")))
    if dated and report.verdict in FIRM:
        steps.append(FollowUp("What changed around then?", asked.next("changes")))
    steps += explained(asked)
    return tuple(steps[:MOST])
