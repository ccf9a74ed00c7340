"""An experiment as a picture: the effect as it became known, the arms, or a broken split."""

from __future__ import annotations

from queries.core import words
from queries.core.charts import Band, Bar, BarChart, Chart, LineChart, Series
from queries.experiment.arms import unit_of
from queries.experiment.told import Told, Verdict, amount, cells, title_of
from queries.statistics.rates import wilson
from queries.wording.differences import points_of, unit_of_change


def chart(told: Told, title: str) -> Chart | None:
    """Draw the split where it is broken, the effect day by day, or the arms side by side."""
    if told.verdict in (Verdict.EMPTY, Verdict.FEW):
        return None
    if told.verdict is Verdict.SPLIT:
        return _split(told, title)
    if len(told.report.over_time) > 2:
        return _narrowing(told, title)
    return _side_by_side(told, title)


def _narrowing(told: Told, title: str) -> LineChart:
    unit = unit_of(told.report.main.metric)
    read = told.report.over_time
    values = [points_of(each.effect) if unit == "share" else cells(each.effect) for each in read]
    arm, first, last = told.arm(told.lead.arm), values[0], values[-1]
    metric = title_of(told.report.main)
    # A minus sign, and only in the numbers: names of arms and metrics keep their hyphens.
    ends = [
        f"{words.number(low)} to {words.number(high)}".replace("-", "−")
        for _, low, high in (first, last)
    ]
    alt = (
        f"{title}. Line of the difference in {metric} between {arm} and {told.arm(0)}, as known at "
        f"the end of each day. Its range is {ends[0]} at first and {ends[1]} at last."
    )
    return LineChart(
        title=title,
        alt=alt,
        x=tuple(each.at.astimezone(told.asked.reading.zone) for each in read),
        series=(
            Series(arm.strip("“”"), tuple(each[0] for each in values), emphasis=True),
            Series("no difference", (0.0,) * len(values)),
        ),
        unit=unit_of_change(unit),
        y_label=f"{metric}, difference to {told.arm(0)}",
        band=Band("95 %, at any reading", *(tuple(each[i] for each in values) for i in (1, 2))),
    )


def _split(told: Told, title: str) -> BarChart:
    split = told.report.split
    n = sum(split.counts)
    shares = [wilson(k, n) for k in split.counts]
    bars = tuple(
        Bar(words.shortened(arm, 40), *cells(share), reference=due, emphasis=at == split.furthest)
        for at, (arm, share, due) in enumerate(
            zip(told.experiment.arms, shares, split.shares, strict=True)
        )
    )
    said = words.listed([f"{bar.label} {words.share(bar.value)}" for bar in bars])
    label = f"share of the {told.who} that each arm got"
    alt = f"{title}. Chart of the {label}: {said}; ticks are the configured shares."
    return BarChart(title, alt, bars, "share", label, reference_label="configured")


def _side_by_side(told: Told, title: str) -> BarChart | None:
    main = told.report.main
    known = [(at, value) for at, value in enumerate(main.values) if value.value is not None]
    if not known:
        return None
    labels = {at: words.shortened(told.experiment.arms[at], 40) for at, _ in known}
    bars = tuple(
        Bar(
            labels[at],
            *cells(value),
            emphasis=told.verdict is Verdict.WON and at == told.lead.arm,
        )
        for at, value in known
    )
    said = [f"{labels[at]} {amount(value)}" for at, value in known]
    metric = title_of(main)
    alt = f"{title}. Chart of {metric} by arm: {words.listed(said)}."
    return BarChart(title, alt, bars, unit_of(main.metric), metric)
