"""Whether groups are treated alike, in plain words that claim no more than was measured."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import (
    Answer,
    CannotShow,
    Finding,
    FollowUp,
    Number,
    Population,
    Severity,
)
from queries.measures.fairness_report import group_name
from queries.measures.groups import FOUR_FIFTHS, Gap, Tally
from queries.wording.differences import off_by
from queries.wording.fairness_charts import chart
from queries.wording.fairness_tables import tables
from queries.wording.fairness_told import Told, one, shown
from queries.wording.population import chosen

MOST = 5


def answer_words(told: Told) -> Answer:
    """Put a report into words, with its tables and its picture."""
    head = headline(told)
    return Answer(
        severity=_severity(told),
        headline=head,
        summary=_summary(told),
        findings=tuple(_findings(told))[:MOST],
        tables=tables(told),
        chart=chart(told, head),
        caveats=(_population(told), *_limits(told)),
        follow_ups=_follow_ups(told),
    )


def headline(told: Told) -> str:
    """One sentence: the gap that carries the answer, or that none is shown."""
    name, report, lead = told.asked.name, told.report, told.lead
    if not report.groups:
        return f"{name}: the groups of {told.attributes} are too small to be compared"
    if lead is None or report.reference is None:
        return f"{name}: only one group of {told.attributes} can be shown, nothing to compare"
    if opening := told.opening:
        return f"{name}: {_opened_words(told, opening[1])}"
    rates = _both(told, lead, report.groups[report.reference])
    if not told.is_gap(lead):
        seen = off_by(_most(lead.difference))
        return (
            f"{name}: no gap that matters is shown: {rates}; more than {seen} would have been seen"
        )
    return f"{name}: {rates}, a gap of {off_by(_size(lead.difference))}"


def _both(told: Told, gap: Gap, other: Tally) -> str:
    return (
        f"{told.favourable} for {_rate(gap.tally.rate)} of {shown(gap.group)} and "
        f"{_rate(other.rate)} of {shown(told.report.reference or ())}"
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
        f"{counts} {told.asked.reading.text}, by {told.attributes}. {_apart(lead, told)} "
        f"{_times(lead)}"
    )
    return f"{text} A gap matters from {off_by(told.matters)} on."


def _apart(gap: Gap, told: Told) -> str:
    """“Women get it 9.1 points less often than men (8.8 to 9.4).”."""
    reference = told.report.reference or ()
    way = "less" if (gap.difference.value or 0) < 0 else "more"
    ends = sorted(abs(100 * (each or 0)) for each in (gap.difference.low, gap.difference.high))
    if (gap.difference.low or 0) < 0 < (gap.difference.high or 0):
        low, high = words.gained(100 * (gap.difference.low or 0)), gap.difference.high or 0
        between = f"between {low} and {words.gained(100 * high)}"
    else:
        between = f"{words.number(ends[0], 0.1)} to {words.number(ends[1], 0.1)}"
    size = off_by(_size(gap.difference))
    group, other = one(group_name(gap.group)), one(group_name(reference))
    return f"The rate of {group} is {size} {way} than that of {other} ({between})."


def _times(gap: Gap) -> str:
    if gap.ratio.value is None or gap.ratio.low is None or gap.ratio.high is None:
        return "The quotient of the two has no range."
    low, high = words.number(gap.ratio.low, 0.01), words.number(gap.ratio.high, 0.01)
    return f"That is {words.number(gap.ratio.value, 0.01)} times as often ({low} to {high})."


def _findings(told: Told) -> Iterator[Finding]:
    report, lead = told.report, told.lead
    if lead is None or report.reference is None:
        return
    if opening := told.opening:
        yield _opened(told, *opening)
    if told.turn and (turned := _turned(told, lead)):
        yield turned
    yield _four_fifths(told)
    others = sorted(report.gaps, key=lambda gap: -_size(gap.difference))
    firm = [gap for gap in others if told.is_gap(gap)]
    for gap in firm or others[:1]:
        level = Severity.WARNING if gap in firm else Severity.NOTE
        numbers = {"difference": gap.difference, "ratio": gap.ratio, "rate": gap.tally.rate}
        yield Finding("gap", level, f"{_apart(gap, told)} {_sure(told, gap)}", numbers)


def _sure(told: Told, gap: Gap) -> str:
    if told.is_gap(gap):
        return "Chance alone makes that in fewer than 1 of 20 such comparisons."
    q = told.report.q[told.report.gaps.index(gap)]
    if q is None or q >= 0.05:
        return "Chance alone may make that."
    return "That is more than chance, and less than what matters."


def _opened(told: Told, before: Gap, after: Gap) -> Finding:
    group, other = one(group_name(after.group)), one(group_name(told.report.reference or ()))
    text = (
        f"The gap opened with version {one(after.column)}: the rate of {group} less that of "
        f"{other} was {_signed(before.difference)} under {one(before.column)}, and "
        f"{_signed(after.difference)} under {one(after.column)}."
    )
    numbers = {"before": before.difference, "after": after.difference}
    return Finding("gap opened", Severity.WARNING, text, numbers)


def _turned(told: Told, lead: Gap) -> Finding | None:
    times, reference = told.report.times, told.report.reference
    keys = [(group, side) for group in (lead.group, reference) for side in (0, 1)]
    if reference is None or any(key not in times for key in keys):
        return None
    mine = [times[lead.group, side].rate for side in (0, 1)]
    theirs = [times[reference, side].rate for side in (0, 1)]
    group, other = one(group_name(lead.group)), one(group_name(reference))
    text = (
        f"Before and after {told.asked.moment(told.turn or told.asked.reading.now)}: {group} "
        f"{_rate(mine[0])} and {_rate(mine[1])}, {other} {_rate(theirs[0])} and {_rate(theirs[1])}."
    )
    return Finding("before and after", Severity.NOTE, text, {"before": mine[0], "after": mine[1]})


def _four_fifths(told: Told) -> Finding:
    below, report = told.below, told.report
    numbers = {shown(group): report.groups[group].rate for group in below[:MOST]}
    if not below:
        text = (
            "By the four-fifths rule no group stands out: each group's rate is at least "
            f"{words.share(FOUR_FIFTHS)} of the highest, {words.share(report.highest)}."
        )
        return Finding("four fifths", Severity.NOTE, text)
    names = words.listed([shown(group) for group in below[:3]])
    more = f" and {words.counted(len(below) - 3, 'other')}" if len(below) > 3 else ""
    is_ = "is" if len(below) == 1 else "are"
    text = (
        f"By the four-fifths rule {names}{more} {is_} below {words.share(FOUR_FIFTHS)} of the "
        f"highest rate, {words.share(report.highest)}."
    )
    return Finding("four fifths", Severity.WARNING, text, numbers)


def _severity(told: Told) -> Severity:
    if told.lead is None:
        return Severity.UNKNOWN
    found = told.below or told.opening or told.is_gap(told.lead)
    return Severity.WARNING if found else Severity.NOTE


_MEASURED = {
    "decision": "the final decision, after people overruled some,",
    "prediction": "what the model itself said, whatever was decided then,",
    "score": "the score held against the chosen cut-off, whatever was decided,",
    "outcome": "how it turned out, not what was decided,",
}


def _population(told: Told) -> Population:
    """Who is counted: requests of which it is known, and those left out."""
    report = told.report
    known = report.rows - report.unknown
    text = (
        f"Measured is {_MEASURED[report.favourable.of]} over {words.counted(known, 'request')}; "
        f"favourable is {told.favourable}"
    )
    if not report.favourable.declared and told.cutoff is None:
        text += ", the positive answer, as the source declares no favourable one"
    if report.unknown:
        text += f". {words.counted(report.unknown, 'request')} without it left out"
    return Population(f"{text}.")


def _limits(told: Told) -> Iterator[str]:
    report, source = told.report, told.asked.source
    yield CannotShow(
        "This can't show why groups differ, nor whether those compared were alike in all else that "
        "the decision rests on."
    )
    if report.outcomes is not None and source.decided:
        yield from _of_decided(told)
    if report.outcomes is not None and report.outcomes.outcomes is not None:
        counted = report.outcomes.outcomes
        if counted:
            yield f"What came of it rests on {words.counted(counted, 'outcome')} of complete days."
        else:
            yield "What came of it is not known yet: no day in this time has all its outcomes in."
    if report.withheld:
        groups = words.counted(len(report.withheld), "group")
        yield (
            f"{groups} withheld: fewer than {words.count(source.smallest_group)} requests, or "
            "another such group could be worked out from it. Totals are of the groups shown."
        )
    if told.entities:
        yield "People who ask again count each time, so ranges may be a little too narrow."


def _of_decided(told: Told) -> Iterator[str]:
    who = chosen(told.asked.source)
    if told.report.outcomes and told.report.outcomes.same_answer:
        yield CannotShow(
            f"Outcomes exist only after {who}, so everybody with an outcome had the same answer: "
            "error rates such as TPR and FPR can't be computed, only how it turned out. Give a "
            "“cutoff” to hold the score against."
        )
    else:
        yield CannotShow(
            f"Outcomes exist only after {who}: how all others would have turned out is not known, "
            "so that error rates speak of these alone."
        )


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
    if "version" in source.roles and not source.undated:
        steps.append(FollowUp("What explains changes?", asked.next("slices")))
    if report.outcomes is not None:
        steps.append(FollowUp("How good is it?", asked.next("performance")))
    return tuple(steps[:MOST])


def _rate(number: Number) -> str:
    return words.share(number.value, number.low, number.high)


def _size(number: Number) -> float:
    return abs(number.value or 0.0)


def _most(number: Number) -> float:
    return max(abs(number.low or 0.0), abs(number.high or 0.0))


def _signed(number: Number) -> str:
    low, high = 100 * (number.low or 0.0), 100 * (number.high or 0.0)
    return (
        f"{words.gained(100 * (number.value or 0.0))} "
        f"({words.gained(low).removesuffix(' points')} to {words.gained(high)})"
    )
