"""What a model says as a picture: how a number is spread, or the shares of its answers."""

from __future__ import annotations

from queries.core import words
from queries.core.charts import Bar, BarChart, Chart
from queries.outputs.changes import Verdict
from queries.outputs.told import Told, named
from queries.wording.spreads import Shown, shape

BARS = 8


def chart(told: Told, title: str) -> Chart | None:
    """Draw slices where the question is split, else a number's shape, else shares."""
    if told.by:
        return _slices(told, title)
    found = told.report.shape
    if found and found.spread:
        mark = "" if found.threshold is None else f"threshold {words.number(found.threshold)}"
        shown = Shown(title, named(found.compared.name), told.than)
        return shape(shown, found.spread, found.threshold, mark)
    return _shares(told, title)


def _shares(told: Told, title: str) -> BarChart | None:
    lead = told.report.lead
    found = [each for each in told.report.changes if each.output.value is not None]
    alike = [each for each in found if each.output.name == lead.output.name] or found
    alike.sort(key=lambda each: -(each.now.value or 0.0))
    bars = tuple(
        Bar(
            words.shortened(str(each.output.value), 40),
            each.now.value,
            each.now.low,
            each.now.high,
            reference=each.before.value,
            emphasis=each.verdict is Verdict.ENOUGH,
        )
        for each in alike[:BARS]
        if each.now.value is not None
    )
    return _bars(told, title, bars, f"share of {alike[0].output.name}s") if bars else None


def _slices(told: Told, title: str) -> BarChart | None:
    lead = told.report.lead
    listed = [each for each in told.report.slices if each.now.value is not None]
    listed.sort(key=lambda each: -(each.now.value or 0.0))
    bars = tuple(
        Bar(
            words.value(each.value, 40),
            each.now.value,
            each.now.low,
            each.now.high,
            reference=each.before.value,
            emphasis=each.stands_out,
        )
        for each in listed[:BARS]
    )
    output = lead.output
    label = f"average {named(output.name)}"
    if output.value is not None:
        label = f"“{words.shortened(output.value, 40)}”, share of {output.name}s"
    return _bars(told, title, bars, label) if bars else None


def _bars(told: Told, title: str, bars: tuple[Bar, ...], label: str) -> BarChart:
    unit = told.report.lead.output.unit
    amounts = words.listed(
        [
            f"{bar.label} {words.share(bar.value) if unit == 'share' else words.number(bar.value)}"
            for bar in bars
        ]
    )
    before = told.than.removeprefix("in ").removeprefix("the ")
    alt = f"{title}. Chart of {label}: {amounts}; ticks are {before}."
    return BarChart(title, alt, bars, unit, label, reference_label=before)
