"""Latencies as a picture: the median and the slow end over time, with their usual band."""

from __future__ import annotations

import math

from queries.core import words
from queries.core.charts import Band, LineChart, Mark, Series
from queries.latency.report import Latency
from queries.measures.pulse.latency_counts import Array, usual_p95
from queries.measures.pulse.latency_verdict import Verdict
from queries.wording.asked import Asked


def chart(found: Latency, asked: Asked, title: str) -> LineChart | None:
    """Draw within what half and 95 of 100 stay over time; the band is that of the 95."""
    counts = found.timeline
    if counts.n.shape[1] < 2 or not any(map(math.isfinite, counts.p50[0])):
        return None
    band = usual_p95(counts)
    return LineChart(
        title=title,
        alt=_alt(found, asked, title),
        x=tuple(counts.at(at).astimezone(asked.reading.zone) for at in range(counts.n.shape[1])),
        series=(
            Series(words.within(0.95), _known(counts.p95[0]), emphasis=True),
            Series(words.within(0.5), _known(counts.p50[0])),
        ),
        unit="milliseconds",
        y_label="how long requests take",
        band=Band("95 of 100, usual", _known(band[0]), _known(band[1])) if band else None,
        marks=_marks(found, asked),
    )


def _known(values: Array) -> tuple[float | None, ...]:
    return tuple(float(value) if math.isfinite(value) else None for value in values)


def _marks(found: Latency, asked: Asked) -> tuple[Mark, ...]:
    if found.since is None or found.verdict not in (Verdict.SLOWER, Verdict.JUMPED, Verdict.PART):
        return ()
    at = found.since.astimezone(asked.reading.zone)
    until = found.until.astimezone(asked.reading.zone) if found.until else None
    return (Mark(f"since about {at:%H:%M}" if until is None else f"{at:%H:%M}", at, until),)


def _alt(found: Latency, asked: Asked, title: str) -> str:
    said = f"{title}. Line chart of the latencies that 50 and 95 of 100 requests stay within "
    said += f"{asked.reading.text}: {words.duration_ms(found.usual[0.5].now.value)} and "
    said += f"{words.duration_ms(found.usual[0.95].now.value)} in all"
    worst = [value for value in _known(found.timeline.p95[0]) if value is not None]
    return said + (f"; 95 of 100 at most within {words.duration_ms(max(worst))}." if worst else ".")
