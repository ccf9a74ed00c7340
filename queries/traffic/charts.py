"""Requests as a picture: their pace over time, the usual band, gaps and the onset marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from queries.core import words
from queries.core.charts import Band, LineChart, Mark, Series
from queries.measures.counting.over_time import OverTime
from queries.measures.pulse.traffic import Traffic, Verdict
from queries.measures.pulse.traffic_usual import Array, usual_requests, widths
from queries.wording.asked import Asked
from queries.wording.buckets import chart_seconds


def chart(found: Traffic, asked: Asked, title: str) -> LineChart | None:
    """Draw how many requests come over time."""
    seconds = chart_seconds(found.timeline)
    whole = found.timeline.coarser(seconds // found.timeline.seconds)
    if whole.trials.shape[1] < 2:
        return None
    per, unit = _unit(whole)
    covered = widths(whole)
    # Drawn to the end of what was asked for, so that a log which stopped is seen to have stopped.
    silent = _silent(whole, asked)
    x = [whole.at(at) for at in range(whole.trials.shape[1])] + silent
    pace = [float(n / width * per) for n, width in zip(whole.trials[0], covered, strict=True)]
    return LineChart(
        title=title,
        alt=_alt(found, asked, title, pace, unit),
        x=tuple(at.astimezone(asked.reading.zone) for at in x),
        series=(Series("requests", (*pace, *(None for _ in silent)), emphasis=True),),
        unit="number",
        y_label=f"requests {unit}",
        band=_band(whole, per, len(silent)),
        marks=tuple(_marks(found, asked)),
    )


def _unit(whole: OverTime) -> tuple[int, str]:
    """In which time to count requests, so that the numbers are neither tiny nor huge."""
    seconds = whole.seconds * whole.trials.shape[1]
    pace = max(float(whole.trials[0].sum()), 1.0) / seconds
    for per, name in ((60, "a minute"), (3600, "an hour")):
        if pace * per >= 1:
            return per, name
    return 86_400, "a day"


def _silent(whole: OverTime, asked: Asked) -> list[datetime]:
    """The buckets between the end of the log and the end of the time that was asked for."""
    end = asked.reading.asked_span.end
    at, found = whole.at(whole.trials.shape[1]), []
    while at < end:
        found.append(at)
        at += timedelta(seconds=whole.seconds)
    return found


def _band(whole: OverTime, per: int, silent: int) -> Band | None:
    usual = usual_requests(whole)
    if usual is None:
        return None
    missing = (None,) * silent

    def paced(counts: Array) -> tuple[float, ...]:
        return tuple(float(n / width * per) for n, width in zip(counts, widths(whole), strict=True))

    return Band("usual", (*paced(usual[1]), *missing), (*paced(usual[2]), *missing))


def _marks(found: Traffic, asked: Asked) -> Iterator[Mark]:
    zone = asked.reading.zone
    for gap in found.gaps[:3]:
        span = gap.pause.span
        label = "no requests" if gap.pause.ended or found.log_ends > span.start else "no data"
        yield Mark(label, span.start.astimezone(zone), span.end.astimezone(zone))
    changed = found.verdict in (Verdict.DROPPED, Verdict.RISEN, Verdict.JUMPED)
    if changed and found.stretch:
        at = found.stretch.since.astimezone(zone)
        until = found.stretch.until.astimezone(zone) if found.stretch.until else None
        yield Mark(f"since about {at:%H:%M}" if until is None else f"{at:%H:%M}", at, until)


def _alt(found: Traffic, asked: Asked, title: str, pace: list[float], unit: str) -> str:
    said = f"{title}. Line chart of requests {unit} {asked.reading.text}: between "
    said += f"{words.number(min(pace))} and {words.number(max(pace))}; "
    return said + f"{words.counted(found.timeline.total(0)[1], 'request')} in all."
