"""Production against the reference set as a picture."""

from __future__ import annotations

from queries.core import words
from queries.core.charts import Bar, BarChart, Chart
from queries.gap.told import Told
from queries.measures.performance.metrics import METRICS
from queries.wording.performance.charts import over_time

BARS = 12


def chart(told: Told, title: str) -> Chart | None:
    """Draw slices with their reference where the question is split, else days or chunks."""
    if told.now is None:
        return None
    if told.by and told.gap.parts:
        return _bars(told, told.by.replace("_", " "), title)
    shown = told.told
    return over_time(shown.report, shown.metric, shown.asked.reading.zone, shown.behind, title)


def _bars(told: Told, by: str, title: str) -> BarChart | None:
    metric = told.metric
    known = [part for part in told.gap.parts if part.now[metric].value is not None][:BARS]
    bars = tuple(
        Bar(
            words.value(part.value),
            part.now[metric].value,
            part.now[metric].low,
            part.now[metric].high,
            reference=part.before[metric].value,
            emphasis=bool(part.worse),
        )
        for part in known
    )
    if not bars:
        return None
    label, unit = METRICS[metric].label, METRICS[metric].unit
    say = words.share if unit == "share" else words.number
    amounts = words.listed(
        [f"{bar.label} {say(bar.value)}, reference {say(bar.reference)}" for bar in bars]
    )
    alt = f"{title}. Chart of {label} by {by}: {amounts}."
    return BarChart(title, alt, bars, unit, label, reference_label="reference set")
