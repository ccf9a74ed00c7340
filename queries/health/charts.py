"""All models as small multiples: failures, or requests, over time with their usual band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

from queries.core import words
from queries.core.charts import Band, Mark, Panel, PanelChart, Series
from queries.core.times.spans import Span
from queries.health.fleet import Line
from queries.health.phrases import state
from queries.health.vitals import Concern, Vitals
from queries.measures.counting.over_time import OverTime, bucket_seconds, usual_by_bucket
from queries.measures.pulse.traffic_usual import Array, usual_requests, widths
from queries.wording.buckets import POINTS

Values = tuple[float | None, ...]


def chart(lines: Sequence[Line], title: str) -> PanelChart | None:
    """Draw a panel for each model that has requests, the worst first, over the same times."""
    drawn = [(line, line.vitals) for line in lines if line.vitals and line.vitals.timeline]
    spans = {found.reading.asked_span for _, found in drawn}
    if len(spans) != 1:
        return None  # none has any, or each log is read whole, over times of its own
    span, seconds = *spans, _grid(*spans)
    buckets = -(-int((span.end - span.start).total_seconds()) // seconds)
    if buckets < 2:
        return None
    zone = drawn[0][1].reading.zone
    return PanelChart(
        title=title,
        alt=f"{title}. Small multiples over time: {'; '.join(_told(*each) for each in drawn)}.",
        x=tuple(
            (span.start + at * timedelta(seconds=seconds)).astimezone(zone) for at in range(buckets)
        ),
        panels=tuple(_panel(line, found, seconds, buckets) for line, found in drawn),
    )


def _grid(span: Span) -> int:
    """How wide all panels' buckets are: a multiple of any model's own, at most 48 of them."""
    base = bucket_seconds(span)
    width = -(-(span.end - span.start).total_seconds() // base)
    return base * math.ceil(width / POINTS)


def _panel(line: Line, found: Vitals, seconds: int, buckets: int) -> Panel:
    timeline = found.timeline
    if timeline is None:
        return Panel(line.name, (), "number")
    whole = timeline.coarser(seconds // timeline.seconds)
    zone = found.reading.zone
    marks = []
    if Concern.SILENT in found.concerns and found.silence:
        span = found.silence.pause.span
        marks.append(Mark("no data", span.start.astimezone(zone), span.end.astimezone(zone)))
    elif Concern.ERRORS in found.concerns and found.errors_since:
        at = found.errors_since.astimezone(zone)
        marks.append(Mark(f"since about {at:%H:%M}", at))
    known = found.failures.coarser(seconds // timeline.seconds) if found.failures else whole
    y, band = _failed(known) if _shows_failures(found) else _requests(whole)
    label = "failed" if _shows_failures(found) else "requests a minute"
    emphasis = bool(found.concerns)
    return Panel(
        label=line.name if _shows_failures(found) else f"{line.name}, {label}",
        series=(Series(label, _padded(y, buckets), emphasis=emphasis),),
        unit="share" if _shows_failures(found) else "number",
        band=Band("usual", *(_padded(side, buckets) for side in band)) if band else None,
        note=_note(found),
        emphasis=emphasis,
        marks=tuple(marks),
    )


def _shows_failures(found: Vitals) -> bool:
    first = next(iter(found.concerns), None)
    return found.errors is not None and first not in (Concern.SILENT, Concern.TRAFFIC)


def _failed(whole: OverTime) -> tuple[Values, tuple[Values, Values] | None]:
    rates = tuple(
        float(hits / trials) if trials else None
        for hits, trials in zip(whole.hits[0], whole.trials[0], strict=True)
    )
    usual = usual_by_bucket(whole)
    return rates, (_known(usual[1]), _known(usual[2])) if usual else None


def _requests(whole: OverTime) -> tuple[Values, tuple[Values, Values] | None]:
    minutes = widths(whole) / 60
    usual = usual_requests(whole)
    band = (_known(usual[1] / minutes), _known(usual[2] / minutes)) if usual else None
    return _known(whole.trials[0] / minutes), band


def _known(values: Array) -> Values:
    return tuple(float(value) if math.isfinite(value) else None for value in values)


def _padded(values: Values, buckets: int) -> Values:
    return (*values, *(None for _ in range(buckets - len(values))))[:buckets]


def _note(found: Vitals) -> str:
    """The number that carries the panel."""
    if _shows_failures(found) and found.errors:
        now, usual = found.errors.now, found.errors.usual
        said = f"{words.share(now.value, now.low, now.high)} failed"
        return said if usual.value is None else f"{said}, usually {words.share(usual.value)}"
    if found.requests is None:
        return ""
    said = words.counted(int(found.requests.now.value or 0), "request")
    expected = found.requests.usual.value
    return said if expected is None else f"{said}, usually {words.about(expected)}"


def _told(line: Line, found: Vitals) -> str:
    return f"{line.name} {state(line)}, {_note(found)}"
