"""Is it slow: quantiles against usual, since when, which part, and the share over a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from queries.core.log import Log
from queries.core.source import Visibility
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.expressions import Condition
from queries.measures.counting.over_time import OverTime, over_time, usual_by_bucket
from queries.measures.failures.carriers import Carrier, carriers
from queries.measures.failures.foremost import foremost
from queries.measures.failures.newcomers import since_arrival
from queries.measures.failures.slices import over_time_and_slices
from queries.measures.places.place import Place, within
from queries.measures.places.slice import SliceCounts
from queries.measures.pulse.latency_counts import (
    LatencyOverTime,
    LatencySlice,
    by_slice,
    latency_over_time,
    whole_quantiles,
)
from queries.measures.pulse.latency_verdict import JUDGED, Verdict, judge, slower
from queries.measures.pulse.milliseconds import milliseconds
from queries.statistics.onset import Shift, find_shift
from queries.statistics.usual import Usual, usual_rate


@dataclass(frozen=True, slots=True)
class Limit:
    """The share of requests that take longer than a limit, against its usual.

    ``given`` is False where the limit is the usual p95, or without a past, this time's own.
    """

    milliseconds: float
    given: bool
    over: Usual


@dataclass(frozen=True)
class Latency:
    """Everything that was found about how long requests take.

    ``usual`` compares each quantile of the whole. ``slow`` counts requests over the limit in
    buckets, ``counts`` by slice, and ``shift`` is the largest jump of their share. ``slices`` are
    the quantiles by value of the split, the slowest first.
    """

    timeline: LatencyOverTime
    usual: Mapping[float, Usual]
    limit: Limit | None = None
    slow: OverTime | None = None
    shift: Shift | None = None
    counts: tuple[SliceCounts, ...] = ()
    carrier: Carrier | None = None
    slices: tuple[LatencySlice, ...] = ()
    verdict: Verdict = Verdict.NONE

    @property
    def since(self) -> datetime | None:
        """When requests became slower, where a jump was found."""
        up = self.shift and (self.shift.during.value or 0) > (self.shift.before.value or 0)
        began = self.shift.began if self.shift and up else None
        return self.slow.at(began.at) if began and self.slow else None

    @property
    def until(self) -> datetime | None:
        """When that ended, where it did."""
        ended = self.shift.ended if self.shift else None
        return self.slow.at(ended.at) if self.since and ended and self.slow else None

    @property
    def worst(self) -> tuple[float, Usual]:
        """The judged quantile that grew most, one beyond chance if any is, and its usual."""
        judged = [(q, self.usual[q]) for q in JUDGED]
        unusual = [each for each in judged if each[1].unusual]
        return max(unusual or judged, key=lambda each: each[1].times.value or 0.0)

    @property
    def by_share(self) -> bool:
        """Whether it is called slower by how many are slow, and by no quantile."""
        seen = any(self.usual[q].unusual and self.usual[q].higher for q in JUDGED)
        return self.verdict is Verdict.SLOWER and not seen

    @property
    def part(self) -> LatencySlice | None:
        """The slice that carries the slowness, with its quantiles."""
        if self.carrier is None:
            return None
        return next((each for each in self.slices if each.value == self.carrier.value), None)


def latency(
    log: Log,
    spans: Sequence[Span],
    where: Sequence[Condition],
    dimensions: Sequence[str],
    over: float | None,
    by: str | None,
) -> Latency:
    """Measure latencies in the present (the first span) and in the comparable past.

    Four passes: by bucket; the quantiles with their intervals, whose ranks follow from the first;
    requests over the limit, by bucket and slice; the quantiles by slice.
    """
    timeline = latency_over_time(log, spans, where)
    usual = whole_quantiles(log, timeline, where)
    if not timeline.n[0].any():
        return Latency(timeline, usual)
    cut = over if over is not None else usual[0.95].usual.value or usual[0.95].now.value
    matters = log.source.matters.latency
    if cut is None:
        return Latency(timeline, usual, verdict=judge(usual, None, None, None, matters))
    value = milliseconds(log)
    held = [*where, value.is_not(None)]
    slow, counts = over_time_and_slices(log, dimensions, value > cut, spans, held)
    totals = [slow.total(period) for period in range(len(spans))]
    limit = Limit(cut, over is not None, usual_rate(totals[1:], totals[0]))
    found = foremost(log, carriers(counts))
    carrier = since_arrival(log, found, value > cut, spans[0], held)
    place = Place(carrier.dimension, carrier.value) if carrier else None
    there = [*held, *within(log, place)]
    part = over_time(log, value > cut, spans, there) if carrier else slow
    shift = _shift(part)
    split = by or (carrier.dimension if carrier else _usual_split(log, dimensions))
    slices = by_slice(log, split, _numbers(counts, split), spans, held) if split else ()
    share = None if limit.given else limit.over
    verdict = judge(usual, share, shift, _grown(carrier, slices, matters), matters)
    told = carrier if verdict in (Verdict.SLOWER, Verdict.JUMPED, Verdict.PART) else None
    return Latency(
        timeline=timeline,
        usual=usual,
        limit=limit,
        slow=part,
        shift=shift,
        counts=counts,
        carrier=told,
        slices=slices,
        verdict=verdict,
    )


def _usual_split(log: Log, dimensions: Sequence[str]) -> str | None:
    """Give the version, or the first of the dimensions, where nothing else asks for a split."""
    if "version" in dimensions:
        return "version"
    return next((each for each in dimensions if log.visibility(each) is Visibility.OPEN), None)


def _numbers(counts: Sequence[SliceCounts], split: str) -> dict[Cell, list[int]]:
    return {
        each.value: [n for _, n in (each.now, *each.past)]
        for each in counts
        if each.dimension == split
    }


def _shift(slow: OverTime) -> Shift:
    """Find the largest jump of the share over the limit, against its usual daily course."""
    usual = usual_by_bucket(slow)
    rates = usual[0] if usual else None
    return find_shift(slow.hits[0], slow.trials[0], np.random.default_rng(0), usual=rates)


def _grown(
    carrier: Carrier | None, slices: Sequence[LatencySlice], matters: float
) -> LatencySlice | None:
    """Give the carrying slice where its own quantiles left their usual by enough to matter."""
    for each in slices:
        same = carrier and (carrier.dimension, carrier.value) == (each.dimension, each.value)
        if same and any(slower(each.usual[q], matters) for q in JUDGED):
            return each
    return None
