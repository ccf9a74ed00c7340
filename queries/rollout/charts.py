"""A rollout as a picture: who is served by it, and how each guardrail became known."""

from __future__ import annotations

from queries.core import words
from queries.core.charts import Band, Panel, PanelChart, Series
from queries.core.filters import as_typed
from queries.core.value import ColumnType
from queries.rollout.guardrails import Guardrail, State
from queries.rollout.report import Traffic
from queries.rollout.told import Told

GUARDRAILS = 3
FEWEST = 2
"""A single moment is no line."""


def chart(told: Told, title: str) -> PanelChart | None:
    """Draw the guardrails that are most urgent and failures, and the share on the new version."""
    report = told.report
    if len(report.moments) < FEWEST:
        return None
    drawn = [at for at, each in enumerate(report.guardrails) if each.number.value is not None]
    chosen = drawn[: GUARDRAILS - 1]
    errors = [at for at in drawn if report.guardrails[at].metric.name == "errors"]
    chosen += [at for at in (*errors, *drawn) if at not in chosen][: GUARDRAILS - len(chosen)]
    zone = told.asked.reading.zone
    x = tuple(at.astimezone(zone) for at in report.moments)
    panels = [_guardrail(told, at) for at in chosen]
    panels.append(_traffic(told, report.traffic, len(x)))
    notes = words.listed([f"{each.label}: {each.note}" for each in panels])
    newer = told.names.columns[0]
    alt = (
        f"{title}. Panels over time, how much worse {newer} is and in which range it may be: "
        f"{notes}."
    )
    return PanelChart(title, alt, x, tuple(panels))


def _guardrail(told: Told, at: int) -> Panel:
    past = [moment[at] for moment in told.report.history]
    each = told.report.guardrails[at]
    factor = 100.0 if each.metric.share else 1.0
    unit: ColumnType = "points" if each.metric.share else "number"
    label = f"{told.name(each)}, difference"
    band = Band(
        "where it may be",
        tuple(_scaled(one.number.low, factor) for one in past),
        tuple(_scaled(one.number.high, factor) for one in past),
    )
    series = (Series(label, tuple(_scaled(one.number.value, factor) for one in past)),)
    emphasis = each.state in (State.WORSE, State.CHANGED)
    return Panel(label, series, unit, band, _note(each), emphasis=emphasis)


def _note(each: Guardrail) -> str:
    value = each.number.value or 0.0
    if each.metric.share:
        matters = words.points(each.least).removesuffix("percentage points").strip()
        return f"{words.gained(100 * value)}; {matters} matter"
    return f"{words.number(value)}; {words.number(each.least)} matter"


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else factor * value


def _traffic(told: Told, traffic: Traffic, moments: int) -> Panel:
    """The share of requests on the new version in the stretch before each moment."""
    newer = told.report.found.sides.names[0]
    rows = dict(zip(map(as_typed, traffic.versions), traffic.rows, strict=True)).get(newer, ())
    shares: list[float | None] = []
    for place in range(moments):
        until = place + 1 if place + 1 < moments else None  # what is left belongs to the last
        total = sum(sum(each[place:until]) for each in traffic.rows)
        here = sum(rows[place:until])
        shares.append(here / total if total else None)
    label = f"requests on {told.names.first}"
    last = next((share for share in reversed(shares) if share is not None), 0.0)
    return Panel(label, (Series(label, tuple(shares)),), "share", note=words.share(last))
