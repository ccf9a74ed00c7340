"""The time line as small pictures over the same times: the likely cause first."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from queries.changes.phrases import A_MINUTE, happened, named, size, sizes, subject, than, unit
from queries.changes.signals import Kind, Signal
from queries.changes.tables import FELT, FITS, INNOCENT, LIKELY, role
from queries.changes.timeline import Change
from queries.changes.told import Told
from queries.core.charts import Band, Mark, Panel, PanelChart, Series
from queries.measures.counting.over_time import Array, OverTime, usual_by_bucket
from queries.statistics.usual import COMPARABLE
from queries.wording.buckets import chart_seconds

MOST_PANELS = 5
_CALM = (Kind.TRAFFIC, Kind.ERRORS, Kind.LATENCY)


def chart(said: Told, title: str) -> PanelChart | None:
    """Draw what changed; where nothing did, how traffic, failures and latency went."""
    changes = _ordered(said)[:MOST_PANELS]
    counted = [each.counts for each in changes] or [
        each.counts for each in said.line.searched if each.signal.kind in _CALM
    ]
    whole = counted[0]
    seconds = chart_seconds(whole)
    if whole.hits.shape[1] < 2:
        return None
    panels = [_panel(each, said, seconds) for each in changes] or [
        _calm(each.signal, each.counts, seconds)
        for each in said.line.searched
        if each.signal.kind in _CALM
    ]
    # Where it isn't known whether requests failed, there is nothing to draw of it.
    panels = [each for each in panels if any(y is not None for one in each.series for y in one.y)]
    if not panels:
        return None
    coarse = whole.coarser(seconds // whole.seconds)
    zone = said.asked.reading.zone
    return PanelChart(
        title=title,
        alt=f"{title}. {_alt(said, changes)}",
        x=tuple(coarse.at(at).astimezone(zone) for at in range(coarse.hits.shape[1])),
        panels=tuple(panels),
        marks=_marks(said),
    )


def _ordered(said: Told) -> list[Change]:
    """The likely cause, what was felt, the others as they came; what explains nothing last."""
    order = (LIKELY, FELT, FITS, "", INNOCENT)
    return sorted(said.line.changes, key=lambda each: order.index(role(each, said)))


def _panel(change: Change, said: Told, seconds: int) -> Panel:
    during, base = sizes(change)
    where = f", {named(change.place)}" if change.place else ""
    telling = role(change, said) != INNOCENT
    note = during if change.kind is Kind.VERSION else f"{during}, {than(change)} {base}"
    return Panel(
        label=f"{_label(change.signal)}{where}",
        series=(Series("", _values(change.kind, change.counts, seconds), emphasis=telling),),
        unit=unit(change.kind),
        band=_band(change.kind, change.counts, seconds),
        note=note + (" a minute" if change.kind is Kind.TRAFFIC else ""),
        emphasis=role(change, said) in (LIKELY, FELT),
        marks=_own_mark(change, said),
    )


def _calm(signal: Signal, counts: OverTime, seconds: int) -> Panel:
    return Panel(
        label=_label(signal),
        series=(Series("", _values(signal.kind, counts, seconds)),),
        unit=unit(signal.kind),
        band=_band(signal.kind, counts, seconds),
        note="as usual" if len(counts.spans) > COMPARABLE else "",
    )


def _label(signal: Signal) -> str:
    said = {
        Kind.EMPTIED: f"“{signal.column}” missing",
        Kind.UNSEEN: f"“{signal.column}” never seen",
        Kind.TRAFFIC: "requests a minute",
        Kind.ERRORS: "requests that failed",
        Kind.LATENCY: "slow requests",
        Kind.VERSION: f"on version {signal.value}",
    }
    return said.get(signal.kind) or subject(signal).removeprefix("the ")


def _values(kind: Kind, counts: OverTime, seconds: int) -> tuple[float | None, ...]:
    coarse = counts.coarser(seconds // counts.seconds)
    scale = A_MINUTE if kind is Kind.TRAFFIC else 1.0
    return tuple(
        float(hits / trials * scale) if trials else None
        for hits, trials in zip(coarse.hits[0], coarse.trials[0], strict=True)
    )


def _band(kind: Kind, counts: OverTime, seconds: int) -> Band | None:
    usual = usual_by_bucket(counts.coarser(seconds // counts.seconds))
    if usual is None:
        return None
    scale = A_MINUTE if kind is Kind.TRAFFIC else 1.0
    return Band("usual", _known(usual[1] * scale), _known(usual[2] * scale))


def _known(values: Array) -> tuple[float | None, ...]:
    return tuple(float(each) if math.isfinite(each) else None for each in np.asarray(values))


def _marks(said: Told) -> tuple[Mark, ...]:
    """The onset of the likely cause, through all panels."""
    cause = said.likely.change if said.likely else None
    if cause is None or cause.began is None:
        return ()
    at = cause.began.at.astimezone(said.asked.reading.zone)
    return (Mark(said.asked.moment(at), at),)


def _own_mark(change: Change, said: Told) -> tuple[Mark, ...]:
    """When a change began, as wide as its interval where that is more than a point."""
    if change.began is None or (said.likely and change is said.likely.change):
        return ()
    zone = said.asked.reading.zone
    low, high = (each.astimezone(zone) for each in (change.began.low, change.began.high))
    return (Mark(said.asked.moment(change.began.at), low, high if high > low else None),)


def _alt(said: Told, changes: Sequence[Change]) -> str:
    if not changes:
        usual = ", all as usual" if len(said.line.spans) > COMPARABLE else ""
        return f"Small line charts of {said.line.requests:,} requests over time{usual}."
    told = [
        f"{happened(each)}{f' in {named(each.place)}' if each.place else ''}: {size(each)}"
        for each in changes
    ]
    return f"Small line charts over the same times. {'; '.join(told)}."
