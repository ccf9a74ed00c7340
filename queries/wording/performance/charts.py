"""Performance as a picture: over days, else by slice or chunk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from queries.core import words
from queries.core.charts import Band, Bar, BarChart, Chart, LineChart, Mark, Series
from queries.core.doors.rows import Dataset
from queries.core.number import Number
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.metrics import METRICS, Metrics
from queries.measures.performance.report import Report
from queries.measures.performance.tally import Day
from queries.wording.before import Behind

BARS = 12
_NONE = Number(None, 0)


def over_time(
    report: Report, metric: str, zone: ZoneInfo, behind: Behind | None, title: str
) -> Chart | None:
    """Draw days, else chunks; what it is compared with stands behind the days."""
    if sum(_shows(day, metric) for day in report.days) >= 2:
        return _lines(report.days, metric, zone, behind, title)
    chunks = [each for each in report.chunks if each.dataset is Dataset.PRODUCTION]
    if not chunks:
        return None
    named = [(f"chunk {each.chunk}", each.metrics) for each in chunks[-BARS:]]
    return bars(report, metric, named, "chunk", title)


def _shows(day: Day, metric: str) -> bool:
    return day.state is DayState.MATURE and day.metrics.get(metric, _NONE).value is not None


def bars(
    report: Report, metric: str, parts: Sequence[tuple[str, Metrics]], by: str, title: str
) -> BarChart | None:
    """Draw a bar for each named part, beside the whole."""
    overall = report.metrics.get(metric, _NONE).value
    drawn = tuple(
        Bar(name, number.value, number.low, number.high, reference=overall)
        for name, metrics in parts
        if (number := metrics.get(metric, _NONE)).value is not None
    )
    if not drawn:
        return None
    label = METRICS[metric].label
    amounts = words.listed([f"{bar.label} {_said(bar.value, metric)}" for bar in drawn])
    alt = f"{title}. Chart of {label} by {by}: {amounts}; overall {_said(overall, metric)}."
    return BarChart(title, alt, drawn, METRICS[metric].unit, label, reference_label="overall")


def _lines(
    days: Sequence[Day], metric: str, zone: ZoneInfo, behind: Behind | None, title: str
) -> LineChart:
    # At noon, as a day's number stands for all of it.
    x = tuple(datetime.combine(each.day, time(12), zone) for each in days)
    values = [each.metrics.get(metric, _NONE) for each in days]
    mature = [each.state is DayState.MATURE for each in days]
    settled = tuple(n.value if ok else None for n, ok in zip(values, mature, strict=True))
    label = METRICS[metric].label
    known = [value for value in settled if value is not None]
    alt = f"{title}. Line chart of {label} by day"
    if known:
        alt += f", from {_said(min(known), metric)} to {_said(max(known), metric)}"
    series = [Series(label, settled, emphasis=True)]
    if behind is not None:
        series.append(Series(behind.than.removeprefix("in "), (behind.value,) * len(x)))
        alt += f"; {_said(behind.value, metric)} {behind.than}"
    return LineChart(
        title=title,
        alt=f"{alt}.",
        x=x,
        series=tuple(series),
        unit=METRICS[metric].unit,
        y_label=label,
        band=_band(values, mature),
        marks=_to_come(days, x),
    )


def _to_come(days: Sequence[Day], x: Sequence[datetime]) -> tuple[Mark, ...]:
    """Mark the newest days, whose outcomes are still to come."""
    early = [at for at, day in zip(x, days, strict=True) if day.state is DayState.EARLY]
    half = timedelta(hours=12)
    return (Mark("outcomes to come", early[0] - half, early[-1] + half),) if early else ()


def _band(values: Sequence[Number], mature: Sequence[bool]) -> Band:
    """How far each day's value may lie off by chance."""
    low = tuple(n.low if ok else None for n, ok in zip(values, mature, strict=True))
    high = tuple(n.high if ok else None for n, ok in zip(values, mature, strict=True))
    return Band("range by chance", low, high)


def _said(value: float | None, metric: str) -> str:
    return words.share(value) if METRICS[metric].unit == "share" else words.number(value)
