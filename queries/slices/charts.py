"""Slices as a picture: the worst ones, each beside its usual."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core import words
from queries.core.charts import Bar, BarChart
from queries.measures.places.standings import Standing
from queries.slices.report import SliceReport
from queries.slices.told import Told
from queries.wording.standings import standing_name

BARS = 8
SHORT = 28
"""What a bar's label has room for."""


def chart(told: Told, title: str) -> BarChart | None:
    """Draw the slices that stand out, or else the ones nearest to it, each beside its usual."""
    report = told.report
    if not report.standings:
        return None
    shown = _shown(report)
    spelled = all(len(standing_name(each)) <= SHORT for each in shown)
    some = any(each.here.usual.value is not None for each in shown)
    bars = [
        Bar(
            _label(each, spelled=spelled),
            each.here.now.value,
            each.here.now.low,
            each.here.now.high,
            reference=each.here.usual.value,
            emphasis=each.worst and at == 0,
        )
        for at, each in enumerate(shown)
    ]
    now = report.usual.now
    bars.append(Bar("all", now.value, now.low, now.high, reference=report.usual.usual.value))
    those = f"{told.unit}s that {told.what_of_them}"
    said = words.listed([f"{bar.label} {words.share(bar.value)}" for bar in bars])
    return BarChart(
        title=title,
        alt=f"{title}. Chart of the share of {those}: {said}.",
        bars=tuple(bars),
        unit="share",
        x_label=those,
        reference_label="usual" if some else "",
    )


def _shown(report: SliceReport) -> Sequence[Standing]:
    """The worst slices, else those nearest to them.

    New ones only where there are no others: they stand apart for being there now, so that the
    longest bar would not be the worst slice.
    """
    known = [each for each in report.worst if not each.new]
    return (known or report.worst or report.standings)[:BARS]


def _label(each: Standing, *, spelled: bool) -> str:
    """The name of a slice; of a pair its values alone where any name is too long to read."""
    if spelled or len(each.group.values) == 1:
        return standing_name(each)
    return " + ".join(map(words.value, each.group.values))
