"""What was found among groups: gaps, one that opened, a date chosen, and the four-fifths rule."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.fairness.groups import FOUR_FIFTHS, Gap
from queries.fairness.reference import group_name
from queries.fairness.told import BEYOND_CHANCE, Told, apart, one, rate_words, shown, size

MOST = 5


def findings(told: Told) -> Iterator[Finding]:
    """What was found, the most telling first; nothing where nothing can be compared."""
    report, lead = told.report, told.lead
    if lead is None or report.reference is None:
        return
    opening = told.opening
    others = sorted(report.gaps, key=lambda gap: -size(gap))
    firm = [gap for gap in others if told.is_gap(gap)]
    gaps = [_gap(told, gap, firm=gap in firm) for gap in firm or others[:1]]
    # The widest gap is the news, also where another group's opened.
    if opening and firm and opening[1].group != lead.group:
        yield gaps.pop(0)
    if opening:
        yield _opened(told, *opening)
    if told.turn and (turned := _turned(told, lead)):
        yield turned
    yield _four_fifths(told)
    yield from gaps


def _gap(told: Told, gap: Gap, *, firm: bool) -> Finding:
    level = Severity.WARNING if firm else Severity.NOTE
    numbers = {"difference": gap.difference, "ratio": gap.ratio, "rate": gap.tally.rate}
    return Finding("gap", level, f"{apart(gap, told)} {_sure(told, gap)}", numbers)


def _sure(told: Told, gap: Gap) -> str:
    if told.is_gap(gap):
        return "Chance alone makes that in fewer than 1 of 20 such comparisons."
    q = told.report.q[told.report.gaps.index(gap)]
    if q is None or q >= BEYOND_CHANCE:
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
        f"{rate_words(mine[0])} and {rate_words(mine[1])}, "
        f"{other} {rate_words(theirs[0])} and {rate_words(theirs[1])}."
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


def _signed(number: Number) -> str:
    low, high = 100 * (number.low or 0.0), 100 * (number.high or 0.0)
    return (
        f"{words.gained(100 * (number.value or 0.0))} "
        f"({words.gained(low).removesuffix(' points')} to {words.gained(high)})"
    )
