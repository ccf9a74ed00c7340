"""Broken data as a picture: the worst columns over time, else what of each column is missing."""

from __future__ import annotations

import math

from queries.core import words
from queries.core.charts import Bar, BarChart, Chart, Mark, Panel, PanelChart, Series
from queries.measures.counting.over_time import OverTime
from queries.quality.faults import BY_FILES, Fault
from queries.quality.times import FaultTimes
from queries.quality.told import Told, share
from queries.wording.buckets import POINTS

PANELS = 4
BARS = 8


def drawn(each: FaultTimes) -> OverTime:
    """Give a column over time in the picture's buckets: at most 48 of them."""
    return each.counts.coarser(math.ceil(each.counts.hits.shape[1] / POINTS))


def chart(told: Told, title: str) -> Chart | None:
    """Draw broken columns over time; without times or without any, bars of what is missing."""
    broken = {each.name for each in told.broken}
    over_time = [each for each in told.times if each.name in broken][:PANELS]
    if over_time and drawn(over_time[0]).hits.shape[1] >= 2:
        return _panels(told, over_time, title)
    return _bars(told, title)


def _panels(told: Told, over_time: list[FaultTimes], title: str) -> PanelChart:
    zone, counts = told.asked.reading.zone, drawn(over_time[0])
    panels = tuple(_panel(told, each) for each in over_time)
    said = words.listed([f"{each.label} {each.note}" for each in panels])
    return PanelChart(
        title,
        f"{title}. Small line charts of the share of requests {told.asked.reading.text}: {said}.",
        tuple(counts.at(at).astimezone(zone) for at in range(counts.hits.shape[1])),
        panels,
    )


def _panel(told: Told, each: FaultTimes) -> Panel:
    counts = drawn(each)
    rates = tuple(
        float(hits / trials) if trials else None
        for hits, trials in zip(counts.hits[0], counts.trials[0], strict=True)
    )
    (column,) = [one for one in told.columns if one.name == each.name]
    found = column.found[each.fault]
    marks: tuple[Mark, ...] = ()
    if each.since:
        zone = told.asked.reading.zone
        at, until = each.since.astimezone(zone), each.until
        label = told.asked.moment(at) if until else f"since about {told.asked.moment(at)}"
        marks = (Mark(label, at, until.astimezone(zone) if until else None),)
    now = each.shift.during if each.since else found.now
    return Panel(
        f"{each.name}: {each.fault.value}",
        (Series("requests", rates, emphasis=True),),
        "share",
        note=f"{share(now)}, before {share(found.before)}",
        emphasis=True,
        marks=marks,
    )


def _bars(told: Told, title: str) -> BarChart | None:
    """Draw the worst fault of broken columns, or what is missing where none is broken."""
    if told.broken:
        found = [(each, each.found[each.faults[0]]) for each in told.broken]
        found = [(each, one) for each, one in found if one.fault not in BY_FILES]
    else:
        found = [
            (each, each.found[Fault.EMPTIED])
            for each in told.columns
            if Fault.EMPTIED in each.found
        ]
        found.sort(key=lambda each: -(each[1].now.value or 0.0))
    bars = tuple(
        Bar(
            f"{each.name}: {one.fault.value}" if told.broken else each.name,
            one.now.value,
            one.now.low,
            one.now.high,
            reference=one.before.value,
            emphasis=one.broken,
        )
        for each, one in found[:BARS]
    )
    if not any(bar.value for bar in bars):
        return None
    what = "it holds" if told.broken else "a value is missing"
    listed = words.listed([f"{bar.label} {words.share(bar.value)}" for bar in bars])
    alt = f"{title}. Chart of the share of requests in which {what}: {listed}."
    label = f"requests in which {what}"
    return BarChart(title, alt, bars, "share", label, reference_label=told.than)
