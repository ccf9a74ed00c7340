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


def answer_words(said: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head, report, lead = headline(said), said.report, said.report.lead
    return Answer(
        severity=severity(report.verdict, hidden=report.verdict is Verdict.NONE and lead.hidden),
        headline=head,
        summary=_summary(said),
        findings=tuple(findings(said))[:MOST],
        tables=tables(said),
        chart=chart(said, head),
        caveats=tuple(_caveats(said)),
        follow_ups=_follow_ups(said),
    )


def headline(said: Told) -> str:
    """One sentence: the verdict and the number that carries it."""
    name, lead, report = said.asked.name, said.report.lead, said.report
    told = now_and_before(lead, said.than)
    if lead.verdict not in FIRM and report.shape and report.shape.moved:
        what = named(report.shape.compared.name)
        return (
            f"{name}: what it says changed enough to act: the values of {what} are spread "
            f"differently than {said.than}, though {told}"
        )
    match lead.verdict:
        case Verdict.GONE:
            return f"{name}: {told} any more"
        case Verdict.ENOUGH:
            return f"{name}: what it says changed enough to act: {told}"
        case Verdict.STEADY:
            return f"{name}: {steadily(lead, said.than)}"
        case Verdict.LESS:
            return f"{name}: what it says changed, but by less than what matters: {told}"
        case Verdict.NONE if lead.seen is not None:
            return f"{name}: {told}: {not_shown(lead, lead.seen)}"
        case Verdict.FEW:
            return f"{name}: too few requests to say whether what it says changed"
        case _:
            return f"{name}: {told}; too little past to say whether that is usual"


def _summary(said: Told) -> str:
    report, lead = said.report, said.report.lead
    text = f"{words.counted(report.rows, 'request')} {said.asked.reading.text}"
    if lead.before.n:
        text += f", compared with {words.count(lead.before.n)} {said.than}"
    return f"{text}. A change matters from {size(lead, lead.least)} on."


def _caveats(said: Told) -> Iterator[str]:
    report, lead = said.report, said.report.lead
    yield from said.caveats
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


def _follow_ups(said: Told) -> tuple[FollowUp, ...]:
    asked, steps = said.asked, []
    source, dated, report = asked.source, not asked.source.undated, said.report
    slice_ = standing(said)
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
