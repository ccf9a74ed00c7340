"""What people overruled as a picture: whether they were right by slice, or how often by day."""

from __future__ import annotations

from queries.core import words
from queries.core.charts import Bar, BarChart, Chart, LineChart, Series
from queries.overrides.told import Told, place, rate, surely
from queries.wording.score_bands import band_name

BARS = 8


def chart(told: Told, title: str) -> Chart | None:
    """Draw where people were right more or less often than the score, else how often by day."""
    if not told.report.rate.value:
        return None
    if told.slices(1) or told.slices(-1):
        return _right(told)
    return _days(told, title) if len(told.report.days) > 2 else _bands(told, title)


def _right(told: Told) -> BarChart:
    """Each slice of the dimension with the clearest difference, and all."""
    title = f"{told.asked.name}: people who overruled were {_where(told)}"
    outcomes = told.report.outcomes
    clear = [*told.slices(1), *told.slices(-1)]
    lead = max(clear, key=surely)
    listed = [
        each
        for each in (outcomes.slices if outcomes else ())
        if each.dimension == lead.dimension and each.number.value is not None
    ]
    listed.sort(key=lambda each: (-each.inside.n[0], place(each)))
    rows = [(place(each), each, each in clear) for each in listed[: BARS - 1]]
    if told.whole:
        rows.append(("all", told.whole, False))
    rows.sort(key=lambda row: (-row[1].inside.means[0], row[0]))
    bars = tuple(
        Bar(
            words.shortened(name, 40),
            each.inside.means[0],
            reference=each.inside.means[1],
            emphasis=emphasis,
        )
        for name, each, emphasis in rows
    )
    said = words.listed(
        [f"{bar.label} {words.share(bar.value)}, {words.share(bar.reference)}" for bar in bars]
    )
    alt = f"{title}. Chart of how often people were right, ticks of what the score says: {said}."
    label = "people who overruled were right"
    return BarChart(title, alt, bars, "share", label, reference_label="by the score")


def _where(told: Told) -> str:
    """Where they were right more often than the score, and where less; its shares are drawn."""
    parts = [
        f"right {'more' if way > 0 else 'less'} often than the score in {place(clear[0])}"
        for way in (1, -1)
        if (clear := told.slices(way))
    ]
    return words.listed(parts)


def _days(told: Told, title: str) -> LineChart:
    days = told.report.days
    values = [each.rate.value for each in days]
    known = [value for value in values if value is not None]
    alt = (
        f"{title}. A line of the share overruled by day, from {words.share(known[0])} to "
        f"{words.share(known[-1])}, at most {words.share(max(known))}."
    )
    series = (Series("overruled", tuple(values), emphasis=True),)
    x = tuple(each.start for each in days)
    return LineChart(
        title=title,
        alt=alt,
        x=x,
        series=series,
        unit="share",
        y_label="share of decisions overruled, by day",
    )


def _bands(told: Told, title: str) -> BarChart | None:
    named = [(band_name(told.report.score, at), each) for at, each in told.report.bands]
    named = named or [("all", told.report.rate)]
    ranked = sorted(named, key=lambda each: (-(each[1].value or 0.0), each[0]))[:BARS]
    bars = tuple(Bar(name, each.value, each.low, each.high) for name, each in ranked)
    said = words.listed([f"{name} {rate(each)}" for name, each in ranked])
    alt = f"{title}. Chart of the share overruled by score: {said}."
    return BarChart(title, alt, bars, "share", "share of decisions overruled, by score")
