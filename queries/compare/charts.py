"""Two sides as a picture: the telling metric in each slice, or the groups."""

from __future__ import annotations

from queries.core import words
from queries.core.charts import Bar, BarChart
from queries.core.value import ColumnType
from queries.measures.sides.comparison import slices_of
from queries.measures.sides.judged import FIRM, Compared, Verdict
from queries.wording.sides.names import amount, group_name, what
from queries.wording.sides.told import Told

BARS = 8


def chart(told: Told, title: str) -> BarChart | None:
    """Draw the groups where a gap opened, else the telling metric by slice and in all."""
    if told.wider and not told.of(Verdict.WORSE):
        return _groups(told, title)
    lead = next((each for each in told.found.compared if each.number.value is not None), None)
    return _slices(told, title, lead) if lead else None


def _groups(told: Told, title: str) -> BarChart | None:
    metric = told.found.favourable
    if metric is None or told.wider is None:
        return None
    bars = tuple(
        Bar(
            group_name(each),
            each.here.means[0],
            reference=each.here.means[1],
            emphasis=each is told.wider,
        )
        for each in told.found.groups
        if each.here.value is not None
    )[:BARS]
    label = f"“{words.shortened(str(metric.value), 30)}”, share of {metric.name}s"
    listed = words.listed(
        [f"{bar.label} {words.share(bar.value)}, {words.share(bar.reference)}" for bar in bars]
    )
    ranked = tuple(sorted(bars, key=lambda bar: -(bar.value or 0.0)))
    return _bars(told, title, ranked, label, listed)


def _slices(told: Told, title: str, lead: Compared) -> BarChart | None:
    slices = [each for each in slices_of(told.found, lead) if each.number.value is not None]
    rows = [(words.value(each.value), each.inside.means) for each in slices[: BARS - 1]]
    everything = "all, weighed alike" if told.within else "all"
    rows.append((everything, lead.inside.means))
    bars = tuple(
        Bar(
            words.shortened(name, 40),
            first,
            reference=second,
            emphasis=name == everything and lead.verdict in FIRM,
        )
        for name, (first, second) in sorted(rows, key=lambda row: -row[1][0])
    )
    like, metric = lead.number, lead.metric
    listed = words.listed(
        [
            f"{name} {amount(metric, first, like)}, {amount(metric, second, like)}"
            for name, (first, second) in rows
        ]
    )
    return _bars(told, title, bars, what(metric), listed, metric.share)


def _bars(
    told: Told, title: str, bars: tuple[Bar, ...], label: str, listed: str, share: bool = True
) -> BarChart:
    names = told.names
    first, second = names.keys
    bars_of, ticks_of = names.keys
    if names.are_times:
        bars_of, ticks_of = f"{first} ({names.first})", f"{second} ({names.second})"
    alt = f"{title}. Chart of {label}: bars are {bars_of}, ticks are {ticks_of}. {listed}."
    unit: ColumnType = "share" if share else "number"
    return BarChart(title, alt, bars, unit, f"{label}: {first}", reference_label=second)
