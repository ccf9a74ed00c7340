"""Calibration as a picture."""

from __future__ import annotations

from queries.calibration.told import Told
from queries.core import words
from queries.core.charts import Bar, BarChart, Chart, Curve, CurveChart, Point
from queries.statistics.calibration import Calibration

BARS = 12


def chart(told: Told, title: str) -> Chart | None:
    """Draw what was said against what came true, or the slices where the question is split."""
    if told.is_off is None:
        return None
    return _slice_bars(told, title) if told.by and told.worst.slices else _curves(told, title)


def _curves(told: Told, title: str) -> CurveChart:
    curves = [Curve("now", _points(told.now), emphasis=True)]
    before = told.worst.before
    if before is not None and before.error.value is not None:
        curves.append(Curve("reference set", _points(before)))
    pairs = [
        f"{words.share(each.said)} said, {words.share(each.came.value)} came true"
        for each in told.now.bins
    ]
    alt = f"{title}. Curve of what came true against what was said: {'; '.join(pairs)}."
    return CurveChart(
        title=title,
        alt=alt,
        curves=tuple(curves),
        x_unit="share",
        x_label="it said",
        y_unit="share",
        y_label="came true",
        diagonal="as stated",
    )


def _points(found: Calibration) -> tuple[Point, ...]:
    points = (
        Point(each.said, each.hits / each.n, each.came.low, each.came.high) for each in found.bins
    )
    return tuple(sorted(points, key=lambda point: point.x))


def _slice_bars(told: Told, title: str) -> BarChart | None:
    known = [each for each in told.worst.slices if each.found.error.value is not None][:BARS]
    bars = tuple(
        Bar(
            words.value(each.value),
            each.found.error.value,
            each.found.error.low,
            each.found.error.high,
            reference=told.now.error.value,
            emphasis=each.is_off,
        )
        for each in known
    )
    if not bars:
        return None
    by = str(told.by).replace("_", " ")
    amounts = words.listed([f"{bar.label} {words.share(bar.value)}" for bar in bars])
    alt = f"{title}. Chart of the calibration error by {by}: {amounts}."
    return BarChart(title, alt, bars, "share", "calibration error", reference_label="overall")
