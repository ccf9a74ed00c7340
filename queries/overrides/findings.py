"""What was found of overruled cases, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core import words
from queries.core.answer import Finding, Severity
from queries.core.number import Number
from queries.measures.places.subgroups import OTHERS
from queries.overrides.report import OverrideReport
from queries.overrides.told import BEYOND_CHANCE, Told, place, rate, right, than_score
from queries.wording.score_bands import band_name
from queries.wording.standings import standing_name

_NAMED = 3


def findings(told: Told) -> Iterator[Finding]:
    """Give where people were right, or not, then how it is in all."""
    for way, kind in ((-1, "hurts"), (1, "helps")):
        if told.slices(way):
            yield _turns_out(told, way, kind)
    if told.whole:
        yield _whole(told)
    if told.report.worst:
        yield _where(told)
    if told.report.rate.value:
        yield from _at_scores(told)


def _turns_out(told: Told, way: int, kind: str) -> Finding:
    found = told.slices(way)[:_NAMED]
    named = [
        f"{place(each)} ({right(each)}; {told.apart(each)}; n = {words.count(each.inside.n[0])})"
        for each in found
    ]
    were = f"People who overruled were right {than_score(way)}"
    text = f"{were} in {words.listed(named)}, beside {told.others}."
    level = Severity.WARNING if way < 0 else Severity.GOOD
    return Finding(kind, level, text, {place(each): each.number for each in found})


def _whole(told: Told) -> Finding:
    whole = told.whole
    if whole is None:
        raise ValueError("nothing is known of how overruled cases turned out")
    n, others = whole.inside.n
    text = (
        f"In all, people who overruled were {right(whole)} (n = {words.count(n)}, beside "
        f"{words.count(others)} {told.others}): {told.apart(whole)}."
    )
    level = Severity.WARNING if whole.turns_out(told.matters) < 0 else Severity.NOTE
    return Finding("turned out", level, text, {"apart": whole.number})


def _where(told: Told) -> Finding:
    found = told.report.worst[:_NAMED]
    named = [
        f"{standing_name(each)} ({rate(each.here.now)}, elsewhere {rate(each.elsewhere)})"
        for each in found
    ]
    numbers = {standing_name(each): each.apart for each in found}
    text = f"People overrule most in {words.listed(named)}."
    return Finding("slice", Severity.NOTE, text, numbers)


def _at_scores(told: Told) -> Iterator[Finding]:
    """At which scores, and for which reasons."""
    reasons = {words.value(each): part for each, part in told.report.reasons[:_NAMED]}
    said, numbers = _by_score(told.report)
    if text := f"{said} {_why(told)}".strip():
        yield Finding("score" if said else "reason", Severity.NOTE, text, numbers or reasons)


def _by_score(report: OverrideReport) -> tuple[str, dict[str, Number]]:
    """Say at which scores people overrule most, where that can be told."""
    if len(report.bands) < 2 or report.bands_uneven is None:
        return "", {}
    at, most = max(report.bands, key=lambda each: (each[1].value or 0.0, -each[0]))
    _, least = min(report.bands, key=lambda each: (each[1].value or 0.0, each[0]))
    numbers = {"most": most, "least": least}
    if report.bands_uneven >= BEYOND_CHANCE:
        between = words.share_range(least.value or 0.0, most.value or 0.0)
        return f"Between low and high scores no difference is shown: {between}.", numbers
    text = (
        f"By score, people overrule most often at {band_name(report.score, at)}: {rate(most)} "
        f"(n = {words.count(most.n)}); least often {rate(least)}."
    )
    return text, numbers


def _why(told: Told) -> str:
    found = [each for each in told.report.reasons[:_NAMED] if each[0] != OTHERS]
    if not found:
        return ""
    named = [f"“{words.value(reason)}” {rate(part)}" for reason, part in found]
    are = "reasons are" if len(named) > 1 else "reason is"
    return f"The commonest {are} {words.listed(named)}."
