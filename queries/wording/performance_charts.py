"""Performance as a picture: over days, or by slice or chunk."""

from __future__ import annotations

from datetime import datetime, time

from queries.core import words
from queries.core.answer import Band, Bar, BarChart, Chart, LineChart, Number, Series
from queries.measures.maturity import DayState
from queries.measures.performance import METRICS
from queries.measures.performance_report import Part, Report
from queries.wording.asked import Asked

BARS = 12


def chart(report: Report, asked: Asked, metric: str, by: str | None, title: str) -> Chart | None:
    """Draw slices where the question is split, else days, else chunks."""
    if by and report.parts:
        return _bars(report.parts, report, metric, by, title)
    if sum(bool(day.metrics.get(metric, _NONE).n) for day in report.days) >= 2:
        return _lines(report, asked, metric, title)
    chunks = [part for part in report.chunks if part.dataset.value == "production"]
    return _bars(tuple(chunks), report, metric, "chunk", title) if chunks else None


_NONE = Number(None, 0)


def _bars(parts: tuple[Part, ...], report: Report, metric: str, by: str, title: str) -> BarChart:
    known = [part for part in parts if part.metrics.get(metric, _NONE).value is not None]
    overall = report.metrics.get(metric, _NONE).value
    bars = tuple(
        Bar(
            f"{by} {part.value}" if by == "chunk" else str(part.value or "(empty)"),
            part.metrics[metric].value,
            part.metrics[metric].low,
            part.metrics[metric].high,
            reference=overall,
        )
        for part in known[:BARS]
    )
    label = METRICS[metric].label
    amounts = words.listed([f"{bar.label} {_said(bar.value, metric)}" for bar in bars])
    alt = f"{title}. Bars of {label} by {by}: {amounts}; overall {_said(overall, metric)}."
    return BarChart(title, alt, bars, METRICS[metric].unit, label, reference_label="overall")


def _lines(report: Report, asked: Asked, metric: str, title: str) -> LineChart:
    zone = asked.reading.zone
    x = tuple(datetime.combine(each.day, time(12), zone) for each in report.days)
    values = [each.metrics.get(metric, _NONE) for each in report.days]
    mature = [each.state is DayState.MATURE for each in report.days]
    settled = tuple(n.value if ok else None for n, ok in zip(values, mature, strict=True))
    early = tuple(None if ok else n.value for n, ok in zip(values, mature, strict=True))
    label = METRICS[metric].label
    series = [Series(label, settled, emphasis=True)]
    if any(value is not None for value in early):
        series.append(Series("incomplete days", early))
    before = report.before.get(metric, _NONE)
    known = [value for value in settled if value is not None]
    alt = f"{title}. Line chart of {label} by day"
    if known:
        alt += f", from {_said(min(known), metric)} to {_said(max(known), metric)}"
    return LineChart(
        title,
        f"{alt}.",
        x,
        tuple(series),
        METRICS[metric].unit,
        label,
        band=_band(before, len(x), report.than),
    )


def _band(before: Number, points: int, than: str) -> Band | None:
    if before.low is None or before.high is None:
        return None
    return Band(than.removeprefix("in "), (before.low,) * points, (before.high,) * points)


def _said(value: float | None, metric: str) -> str:
    return words.share(value) if METRICS[metric].unit == "share" else words.number(value)
