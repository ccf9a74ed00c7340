"""Estimated performance as a picture; estimated and realised never in one line."""

from __future__ import annotations

from datetime import datetime, time

from queries.core import words
from queries.core.charts import Band, Bar, BarChart, Chart, LineChart, Series
from queries.core.number import Number
from queries.estimate.told import Told
from queries.measures.performance.metrics import METRICS, Metrics

BARS = 12
_NONE = Number(None, 0)


def chart(told: Told, title: str) -> Chart | None:
    """Draw slices where the question is split, else days, else chunks."""
    if told.now is None:
        return None
    if told.by and told.report.parts:
        parts = [(words.value(part.value), part.metrics, _NONE) for part in told.report.parts]
        return _bars(parts[:BARS], told, told.by.replace("_", " "), title)
    known = [day for day in told.report.days if day.estimated[told.metric].value is not None]
    if len(known) >= 2:
        return _lines(told, title)
    chunks = [each for each in told.report.chunks if each.dataset.value == "production"]
    named = [
        (f"chunk {each.chunk}", each.estimated, each.realised.get(told.metric, _NONE))
        for each in chunks[-BARS:]
    ]
    return _bars(named, told, "chunk", title)


def _bars(
    parts: list[tuple[str, Metrics, Number]], told: Told, by: str, title: str
) -> BarChart | None:
    bars = tuple(
        Bar(name, number.value, number.low, number.high, reference=realised.value)
        for name, metrics, realised in parts
        if (number := metrics.get(told.metric, _NONE)).value is not None
    )
    if not bars:
        return None
    label = f"{METRICS[told.metric].label}, estimated"
    amounts = words.listed([f"{bar.label} {words.share(bar.value)}" for bar in bars])
    alt = f"{title}. Chart of {label} by {by}: {amounts}."
    realised = "realised" if any(bar.reference is not None for bar in bars) else ""
    return BarChart(title, alt, bars, "share", label, reference_label=realised)


def _lines(told: Told, title: str) -> LineChart:
    days, zone, metric = told.report.days, told.asked.reading.zone, told.metric
    estimated = [day.estimated[metric] for day in days]
    realised = tuple(day.realised.get(metric, _NONE).value for day in days)
    label = METRICS[metric].label
    values = [number.value for number in estimated if number.value is not None]
    alt = (
        f"{title}. Line chart of {label} by day, estimated from {words.share(min(values))} to "
        f"{words.share(max(values))}"
    )
    series = [Series("estimated", tuple(number.value for number in estimated), emphasis=True)]
    known = [value for value in realised if value is not None]
    if known:
        alt += f", realised from {words.share(min(known))} to {words.share(max(known))}"
        series.append(Series("realised", realised))
    band = Band(
        "where it should lie",
        tuple(number.low for number in estimated),
        tuple(number.high for number in estimated),
    )
    return LineChart(
        title=title,
        alt=f"{alt}.",
        # At noon, as a day's number stands for all of it.
        x=tuple(datetime.combine(day.day, time(12), zone) for day in days),
        series=tuple(series),
        unit="share",
        y_label=label,
        band=band,
    )
