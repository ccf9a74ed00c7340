"""What is going on with failures: against usual, since when, which part carries it, what fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.entities import Entities, hits_by_entity
from queries.measures.counting.jumps import Jump, jump
from queries.measures.counting.over_time import (
    Condition,
    OverTime,
    emptied,
    first_seen,
    over_time,
)
from queries.measures.failures.carriers import Carrier, carriers
from queries.measures.failures.examples import failure_examples
from queries.measures.failures.foremost import beyond_usual, foremost, gain
from queries.measures.failures.newcomers import since_arrival
from queries.measures.failures.slices import by_kind, over_time_and_slices
from queries.measures.places.place import Place, within
from queries.measures.places.slice import SliceCounts
from queries.statistics.estimates import LEVEL
from queries.statistics.onset import SURELY, Shift, find_shift
from queries.statistics.trend import moves_one_way
from queries.statistics.usual import Usual, usual_rate

LEAD = timedelta(hours=6)
"""A version that arrived within so long before an onset is worth naming beside it."""


@dataclass(frozen=True, slots=True)
class Emptied:
    """An input that is missing more often than usual; ``jump`` where it emptied within the time."""

    name: str
    missing: Usual
    jump: Jump | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A version seen for the first time, and when."""

    version: str
    at: datetime


class Verdict(StrEnum):
    """What failures do, against their usual and within the time itself."""

    NONE = "none"
    """There were no requests."""
    RISEN = "risen"
    """More than usual, beyond chance and beyond what matters."""
    JUMPED = "jumped"
    """A clear jump within the time, whatever the whole of it says."""
    PART = "part"
    """As usual overall, but one part is beyond its usual."""
    CREPT = "crept"
    """Within the spread of the comparable times, as it rose from each of them to the next."""
    SLIGHTLY = "slightly"
    """More than usual beyond chance, by less than what matters."""
    FEWER = "fewer"
    USUAL = "usual"
    UNKNOWN = "unknown"
    """Too little past to say."""


@dataclass(frozen=True)
class Incident:
    """Everything that was found about failures within one span.

    ``usual`` compares the whole with the comparable past. ``carrier`` is the slice that carries
    a change, if one does; ``shift`` is the largest shift over time, within the carrier where
    there is one, in buckets of ``timeline``; ``verdict`` sums it up. ``kinds`` are (kind,
    failures now, in all past periods); ``examples`` are failed requests as
    ``shown_of_failures`` lists their columns.
    """

    timeline: OverTime
    usual: Usual
    slices: tuple[SliceCounts, ...]
    carriers: tuple[Carrier, ...]
    carrier: Carrier | None
    shift: Shift
    kinds: tuple[tuple[Cell, int, int], ...]
    inputs: tuple[Emptied, ...]
    arrivals: tuple[Arrival, ...]
    verdict: Verdict
    entities: Entities | None
    examples: tuple[tuple[Cell, ...], ...]

    @property
    def since(self) -> datetime | None:
        """When the shift began, where one was found."""
        return self.timeline.at(self.shift.began.at) if self.shift.began else None

    @property
    def until(self) -> datetime | None:
        """When the shift ended, where it did."""
        return self.timeline.at(self.shift.ended.at) if self.shift.ended else None


def investigate(
    log: Log, spans: Sequence[Span], where: Sequence[Condition], dimensions: Sequence[str]
) -> Incident:
    """Count failures in the present (the first span) and in the comparable past (the others).

    ``dimensions`` are searched for the slice that carries a change. Inputs and versions are
    looked at only where failures went up.
    """
    failed = log.column("failed").is_(True)
    timeline, slices = over_time_and_slices(log, dimensions, failed, spans, where)
    totals = [timeline.total(period) for period in range(len(spans))]
    entities = hits_by_entity(log, failed, spans, where)
    effect = entities.effect if entities else 1.0
    usual = usual_rate(totals[1:], totals[0], design_effect=effect)
    ranked = carriers(slices)
    carrier = since_arrival(log, foremost(log, ranked), failed, spans[0], where)
    # From here on within the part: what everything else does would drown its moment and its kinds.
    place = Place(carrier.dimension, carrier.value) if carrier else None
    there = [*where, *within(log, place)]
    part = over_time(log, failed, spans[:1], there) if carrier else timeline
    shift = find_shift(part.hits[0], part.trials[0], np.random.default_rng(0))
    crept = _crept(totals, log.source.matters.error_rate)
    verdict = _verdict(usual, carrier, shift, log.source.matters.error_rate)
    if crept and verdict in (Verdict.USUAL, Verdict.UNKNOWN, Verdict.SLIGHTLY):
        verdict = Verdict.CREPT
    up = verdict in (Verdict.RISEN, Verdict.JUMPED, Verdict.PART)
    kinds = by_kind(log, "error", failed, spans, there if up else where)
    return Incident(
        timeline=timeline,
        usual=usual,
        slices=slices,
        carriers=ranked,
        carrier=carrier if up else None,
        shift=shift,
        kinds=kinds,
        inputs=_emptied(log, spans, there) if up and shift.began else (),
        # The latest onset that fits: a version that came with the first
        # failure is not to be missed.
        arrivals=_arrivals(log, spans, there, part.at(shift.began.high))
        if up and shift.began
        else (),
        verdict=verdict,
        entities=entities,
        examples=failure_examples(log, _lasted(part, shift), there)
        if up
        else failure_examples(log, spans[0], where),
    )


def _crept(totals: Sequence[tuple[int, int]], matters: float) -> bool:
    """Tell whether failures rose from each comparable time to the next, by what matters in all.

    ``totals`` are (failures, requests), the present first. Such times lie so far apart that no band
    of usual ones sees it.
    """
    if any(not n for _, n in totals):
        return False
    rates = [k / n for k, n in reversed(totals)]
    return rates[-1] - rates[0] >= matters and moves_one_way(rates, LEVEL)


def _lasted(counts: OverTime, shift: Shift) -> Span:
    """Give the time of a shift; all of it where none was found."""
    start = counts.at(shift.began.at) if shift.began else counts.spans[0].start
    end = counts.at(shift.ended.at) if shift.ended else counts.spans[0].end
    return Span(start, end)


def _verdict(usual: Usual, carrier: Carrier | None, shift: Shift, matters: float) -> Verdict:
    if usual.now.value is None:
        return Verdict.NONE
    if usual.unusual and usual.higher and gain(usual.now, usual.usual) >= matters:
        return Verdict.RISEN
    if shift.began and gain(shift.during, shift.before) >= matters:
        doubled = (shift.during.value or 0) >= 2 * (shift.before.value or 0)
        # Against a usual whole a shift must be clear: one day in twenty has one by chance.
        if usual.unusual is None or (doubled and (shift.p or 1.0) <= SURELY):
            return Verdict.JUMPED
    # After the whole: a part is told of where the whole hides it.
    if carrier and beyond_usual(carrier, matters):
        return Verdict.PART
    if not usual.unusual:
        return Verdict.UNKNOWN if usual.unusual is None else Verdict.USUAL
    return Verdict.SLIGHTLY if usual.higher else Verdict.FEWER


def _emptied(log: Log, spans: Sequence[Span], where: Sequence[Condition]) -> tuple[Emptied, ...]:
    names = [name for name in log.source.features if log.has(name)]
    if not names:
        return ()
    found = []
    for counts in emptied(log, names, spans, where):
        missing = usual_rate(counts.past, counts.now)
        gained = (missing.now.value or 0.0) - (missing.usual.value or 0.0)
        # Too little past to judge is no reason to keep silent of an input that is clearly emptier.
        if missing.unusual is not False and gained >= log.source.matters.missing:
            found.append((gained, str(counts.value), missing))
    found.sort(key=lambda each: -each[0])
    least = log.source.matters.missing
    return tuple(
        Emptied(name, missing, jump(log, log.missing(name), spans[0], where, least))
        # Each look for a jump is a pass over the time.
        for _, name, missing in found[:3]
    )


def _arrivals(
    log: Log, spans: Sequence[Span], where: Sequence[Condition], onset: datetime
) -> tuple[Arrival, ...]:
    """Versions first seen shortly before the onset, looking back over all the comparable past."""
    if not log.has("version"):
        return ()
    span = Span(min(each.start for each in spans), spans[0].end)
    # Spans leave their end out, and a version may have come at the very onset.
    lately = Span(max(span.start, onset - 2 * LEAD), onset + timedelta(microseconds=1))
    if all(at < onset - LEAD for at in first_seen(log, "version", lately, where).values()):
        return ()  # as mostly, and known without reading all the past
    seen = first_seen(log, "version", span, where)
    arrived = [
        Arrival(version, at)
        for version, at in seen.items()
        if onset - LEAD <= at <= onset and at > span.start + LEAD
    ]
    return tuple(sorted(arrived, key=lambda each: each.at))
