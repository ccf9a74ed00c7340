"""Failures as a picture: the rate over time, its parts, the usual band, the onset."""

from __future__ import annotations

import math
from collections.abc import Mapping

from queries.core import words
from queries.core.charts import Band, LineChart, Mark, Series
from queries.core.value import Cell
from queries.measures.counting.over_time import Array, OverTime, usual_by_bucket
from queries.measures.failures.incident import Incident
from queries.wording.asked import Asked
from queries.wording.buckets import chart_seconds

LINES = 5


def chart(
    incident: Incident, asked: Asked, parts: Mapping[Cell, OverTime], title: str
) -> LineChart | None:
    """Draw the rate over time, a line for each part of the split where there is one."""
    seconds = chart_seconds(incident.timeline)
    whole = incident.timeline.coarser(seconds // incident.timeline.seconds)
    if whole.hits.shape[1] < 2 or not whole.trials[0].any():
        return None
    return LineChart(
        title=title,
        alt=_alt(incident, asked, title),
        x=tuple(whole.at(at).astimezone(asked.reading.zone) for at in range(whole.hits.shape[1])),
        series=_series(whole, incident, parts),
        unit="share",
        y_label="requests that failed",
        band=_band(whole),
        marks=_marks(incident, asked),
    )


def _series(
    whole: OverTime, incident: Incident, parts: Mapping[Cell, OverTime]
) -> tuple[Series, ...]:
    carrying = incident.carrier.value if incident.carrier else None
    if not parts:
        return (Series("all requests", _rates(whole), emphasis=True),)
    ranked = sorted(parts.items(), key=lambda each: (each[0] != carrying, -each[1].trials[0].sum()))
    return tuple(
        Series(
            words.value(value),
            _rates(part),
            emphasis=incident.carrier is not None and value == carrying,
        )
        for value, part in ranked[:LINES]
    )


def _rates(counts: OverTime) -> tuple[float | None, ...]:
    return tuple(
        float(hits / trials) if trials else None
        for hits, trials in zip(counts.hits[0], counts.trials[0], strict=True)
    )


def _band(whole: OverTime) -> Band | None:
    usual = usual_by_bucket(whole)
    if usual is None:
        return None
    return Band("usual", _known(usual[1]), _known(usual[2]))


def _known(values: Array) -> tuple[float | None, ...]:
    return tuple(float(value) if math.isfinite(value) else None for value in values)


def _marks(incident: Incident, asked: Asked) -> tuple[Mark, ...]:
    if incident.since is None:
        return ()
    at = incident.since.astimezone(asked.reading.zone)
    until = incident.until.astimezone(asked.reading.zone) if incident.until else None
    return (Mark(f"since about {at:%H:%M}" if until is None else f"{at:%H:%M}", at, until),)


def _alt(incident: Incident, asked: Asked, title: str) -> str:
    now = incident.usual.now
    worst = max(_rates(incident.timeline), key=lambda rate: rate or 0.0)
    said = f"{title}. Line chart of the share of requests that failed {asked.reading.text}: "
    said += f"{words.share(now.value)} in all, at most {words.share(worst)} in "
    return said + f"{incident.timeline.seconds // 60} minutes."
