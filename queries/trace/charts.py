"""One request's picture: its inputs' places, what weighed most, or decisions over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from queries.core import words
from queries.core.charts import Bar, BarChart, Chart, LineChart, Mark, Series
from queries.core.errors import NotAnswerable
from queries.trace.phrases import brief, empty, is_unusual, place, rarity, week
from queries.trace.places import Place
from queries.trace.report import Traced
from queries.trace.request import Row
from queries.wording.asked import Asked

INPUTS, WEIGHTS, HISTORY = "inputs", "attributions", "history"
PICTURES = (
    (INPUTS, "Where its inputs lie"),
    (WEIGHTS, "What weighed most"),
    (HISTORY, "Decisions over time"),
)
"""What a question offers to draw."""


def chart(found: Traced, asked: Asked, wanted: str | None) -> Chart | None:
    """Draw what is wanted; else what weighed most where that is logged, else the places.

    Raises NotAnswerable where attributions are wanted and none are declared.
    """
    if wanted == WEIGHTS and not asked.source.attributions:
        raise NotAnswerable(
            f"{asked.source.title} logs no attributions. Declare them as `attributions` under "
            f"[sources.{asked.source.name}.roles], or ask for the picture of its inputs."
        )
    if wanted == HISTORY:
        return _history(found, asked)
    weights = [each for each in found.attributions if each.value]
    if weights and wanted != INPUTS:
        return _weights(found, asked)
    return _places(found, asked)


def _places(found: Traced, asked: Asked) -> BarChart | None:
    placed = [one for name in found.inputs if (one := found.places.of[name]).middle is not None]
    if not placed:
        return None
    rarest = sorted(placed, key=lambda one: rarity(one) or 0.0)
    bars = tuple(_bar(one) for one in rarest)
    title = f"{asked.source.name}: {_verdict(found, rarest)}"
    said = "; ".join(f"{one.name} {brief(one.value)}: {place(one)}" for one in rarest)
    return BarChart(
        title,
        f"{title}. Among {words.counted(found.places.rows, 'request')} {week(found)}: {said}.",
        bars,
        "share",
        f"share of requests {week(found)} with a lower value",
        limit=0.5,
        limit_label="middle",
    )


def _verdict(found: Traced, places: Sequence[Place]) -> str:
    """Which inputs are empty though they rarely are, and which numbers lie far out."""
    verdict = "no number among its inputs is far from usual"
    if out := [one.name for one in places if is_unusual(one)]:
        verdict = f"{words.listed(out[:2])} {_far(len(out))}"
    if not (missing := [one.name for one in empty(found)]):
        return verdict
    if len(missing) > 2:
        return f"{', '.join(missing[:2])} and others are empty; {verdict}"
    return f"{words.listed(missing)} {'is' if len(missing) == 1 else 'are'} empty; {verdict}"


def _far(count: int) -> str:
    return "lies far out" if count == 1 else "lie far out" if count == 2 else "and others far out"


def _bar(one: Place) -> Bar:
    middle = one.middle
    value = None if middle is None else middle.value
    return Bar(f"{one.name} {brief(one.value)}", value, emphasis=is_unusual(one))


def _weights(found: Traced, asked: Asked) -> BarChart:
    first = found.attributions[0]
    title = f"{asked.source.name}: {first.input} weighed most"
    bars = tuple(
        Bar(_labelled(found, each.input), each.value, emphasis=each is first)
        for each in found.attributions
    )
    said = "; ".join(f"{each.input} {words.number(each.value)}" for each in found.attributions)
    return BarChart(
        title,
        f"{title}, by {words.number(first.value)}. By how much each moved the score: {said}.",
        bars,
        "number",
        "by how much each input moved the score, as logged",
    )


def _labelled(found: Traced, name: str) -> str:
    return f"{name} {brief(found.row[name])}" if name in found.row else name


def _history(found: Traced, asked: Asked) -> LineChart | None:
    """The entity's scores over time against the threshold, with this decision marked."""
    rows = [
        (at, row, score)
        for at, row in _by_time([*found.found.others, found.row])
        if (score := _finite(row.get("score"))) is not None
    ]
    if len(rows) < 2 or found.found.time is None:
        return None
    zone = asked.reading.zone
    limits = tuple(_finite(row.get("threshold")) for _, row, _ in rows)
    threshold = [Series("threshold", limits)] if any(s is not None for s in limits) else []
    decided = words.value(found.row.get("decision"))
    mark = f"this decision: {decided}" if found.row.get("decision") else "this one"
    title = f"{asked.source.name}: {_over(limits, [score for _, _, score in rows])}"
    said = "; ".join(f"{asked.moment(at)}: {brief(score)}" for at, _, score in rows)
    return LineChart(
        title=title,
        alt=f"{title}. Scores: {said}.",
        x=tuple(at.astimezone(zone) for at, _, _ in rows),
        series=(Series("score", tuple(score for _, _, score in rows), emphasis=True), *threshold),
        unit="number",
        y_label="score",
        marks=(Mark(mark, found.found.time.astimezone(zone)),),
    )


def _over(limits: Sequence[float | None], scores: Sequence[float]) -> str:
    """How many of an entity's scores reached their threshold."""
    known = [(s, limit) for s, limit in zip(scores, limits, strict=True) if limit is not None]
    if len(known) < len(scores):
        return f"{len(scores)} scores of the same entity"
    reached = sum(score >= limit for score, limit in known)
    return f"{reached} of {len(scores)} scores of this entity reach the threshold"


def _by_time(rows: Sequence[Row]) -> list[tuple[datetime, Row]]:
    """The rows that have a time, oldest first, one for each time."""
    # A line has one value at a time; the traced row comes last, so that it is the one kept.
    timed = {at: row for row in rows if isinstance(at := row.get("time"), datetime)}
    return sorted(timed.items())


def _finite(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
