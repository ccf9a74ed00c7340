"""Whether groups are treated alike, in plain words that claim no more than was measured."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import Answer, FollowUp, Severity
from queries.core.number import Number
from queries.fairness.charts import chart
from queries.fairness.findings import MOST, findings
from queries.fairness.groups import Gap, Tally
from queries.fairness.tables import tables
from queries.fairness.told import Told, apart, one, rate_words, shown, size
from queries.fairness.who import limits, population
from queries.wording.differences import off_by
from queries.wording.explained import explained


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head = headline(told)
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=_summary(told),
        findings=tuple(findings(told))[:MOST],
        tables=tables(told),
        chart=chart(told, head),
        caveats=(population(told), *limits(told)),
        follow_ups=_follow_ups(told),
    )


def headline(told: Told) -> str:
    """One sentence: the gap that carries the answer, or that none is shown."""
    name, report, lead = told.asked.name, told.report, told.lead
    if not report.groups:
        return f"{name}: the groups of {told.attributes} are too small to be compared"
    if lead is None or report.reference is None:
        return f"{name}: only one group of {told.attributes} can be shown, nothing to compare"
    opening = told.opening
    if opening and (opening[1].group == lead.group or not told.is_gap(lead)):
        return f"{name}: {_opened_words(told, opening[1])}"
    rates = _both(told, lead, report.groups[report.reference])
    if not told.is_gap(lead):
        seen = off_by(_most(lead.difference))
        return (
            f"{name}: no gap that matters is shown: {rates}; more than {seen} would have been seen"
        )
    said = f"{name}: {rates}, a gap of {off_by(size(lead))}"
    if opening is None:
        return said
    group, version = shown(opening[1].group), words.shortened(one(opening[1].column), 20)
    return f"{said}; another opened with version {version}, for {group}"


def _both(told: Told, gap: Gap, other: Tally) -> str:
    return (
        f"{told.favourable} for {rate_words(gap.tally.rate)} of {shown(gap.group)} and "
        f"{rate_words(other.rate)} of {shown(told.report.reference or ())}"
    )


def _opened_words(told: Told, after: Gap) -> str:
    other = told.report.versions[told.report.reference or (), after.column]
    version = words.shortened(one(after.column), 20)
    return f"a gap opened with version {version}: under it, {_both(told, after, other)}"


def _summary(told: Told) -> str:
    report, lead = told.report, told.lead
    if lead is None or report.reference is None:
        least = told.asked.source.smallest_group
        return f"Groups of fewer than {words.counted(least, 'request')} are not shown."
    counts = words.counted(sum(each.n for each in report.groups.values()), "request")
    text = (
        f"{counts} {told.asked.reading.text}, by {told.attributes}. {apart(lead, told)} "
        f"{_times(lead)}"
    )
    return f"{text} A gap matters from {off_by(told.matters)} on."


def _times(gap: Gap) -> str:
    if gap.ratio.value is None or gap.ratio.low is None or gap.ratio.high is None:
        return "The quotient of the two has no range."
    low, high = words.number(gap.ratio.low, 0.01), words.number(gap.ratio.high, 0.01)
    return f"That is {words.number(gap.ratio.value, 0.01)} times as often ({low} to {high})."


def _severity(told: Told) -> Severity:
    if told.lead is None:
        return Severity.UNKNOWN
    found = told.below or told.opening or told.is_gap(told.lead)
    return Severity.WARNING if found else Severity.NOTE


def _follow_ups(told: Told) -> tuple[FollowUp, ...]:
    asked, report, steps = told.asked, told.report, []
    source = asked.source
    other = [name for name in source.protected if name not in report.by]
    if other:
        steps.append(
            FollowUp(f"By {other[0].replace('_', ' ')}", asked.next("fairness", by=other[0]))
        )
    if report.favourable.of == "decision" and {"prediction", "threshold"} & {*source.roles}:
        label = "What the model itself said"
        steps.append(FollowUp(label, asked.next("fairness", by=report.by[0], of="prediction")))
    if report.favourable.of in ("decision", "prediction"):
        steps += explained(asked)
    if report.outcomes is not None:
        steps.append(FollowUp("How good is it?", asked.next("performance")))
    return tuple(steps[:MOST])


def _most(number: Number) -> float:
    return max(abs(number.low or 0.0), abs(number.high or 0.0))
