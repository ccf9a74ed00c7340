"""Groups as a picture: their favourable rates with ranges, by version where a gap opened."""

from __future__ import annotations

from queries.core import words
from queries.core.charts import Bar, BarChart
from queries.fairness.groups import FOUR_FIFTHS, Tally
from queries.fairness.reference import group_name
from queries.fairness.told import Told, one

BARS = 8


def chart(told: Told, title: str) -> BarChart | None:
    """Draw the groups, or both versions of the two groups between which a gap opened."""
    bars = _of_versions(told) or _of_groups(told)
    if not bars or not any(bar.value for bar in bars):
        return None
    said = words.listed([f"{bar.label} {words.share(bar.value)}" for bar in bars])
    limit = FOUR_FIFTHS * told.report.highest
    label = f"share with {told.favourable}"
    alt = f"{title}. Chart of the {label}: {said}."
    if told.opening:
        return BarChart(title, alt, bars, "share", label)
    return BarChart(
        title=title,
        alt=alt,
        bars=bars,
        unit="share",
        x_label=label,
        limit=limit,
        limit_label="four fifths of the highest",
    )


def _of_groups(told: Told) -> tuple[Bar, ...]:
    found = sorted(told.report.groups.items(), key=lambda each: -(each[1].rate.value or 0))
    below = set(told.below)
    return tuple(
        _bar(one(group_name(group)), tally, group in below) for group, tally in found[:BARS]
    )


def _of_versions(told: Told) -> tuple[Bar, ...]:
    opening, reference = told.opening, told.report.reference
    if opening is None or reference is None:
        return ()
    found = [
        (f"{one(group_name(group))}, version {one(gap.column)}", (group, gap.column))
        for gap in opening
        for group in (reference, gap.group)
    ]
    bars = [
        _bar(label, told.report.versions[key], key == (opening[1].group, opening[1].column))
        for label, key in found
    ]
    return tuple(sorted(bars, key=lambda bar: -(bar.value or 0)))


def _bar(label: str, tally: Tally, emphasis: bool) -> Bar:
    rate = tally.rate
    return Bar(label, rate.value, rate.low, rate.high, emphasis=emphasis)
