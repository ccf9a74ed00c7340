"""Are requests as usual: how many, since when fewer or more, of which part, and gaps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import numpy as np

from queries.core.log import Log
from queries.core.number import Number
from queries.core.source import Visibility
from queries.core.times.reading import Reading
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.expressions import Condition
from queries.measures.counting.over_time import OverTime
from queries.measures.failures.carriers import Carrier, carriers
from queries.measures.past.periods import comparable
from queries.measures.places.slice import SliceCounts
from queries.measures.pulse.silence import MOST, Gap, Pace, gaps, heard, pauses, unevenness
from queries.measures.pulse.traffic_counts import Measured, traffic_counts
from queries.measures.pulse.traffic_usual import (
    expected_in,
    expected_requests,
    part_nearby,
    profile,
    slice_usual,
    usual_between,
)
from queries.statistics.onset import SURELY, find_shift
from queries.statistics.usual import Usual

MATTERS = 0.10
"""By so much of the usual number requests must have changed to be called fewer or more."""

JUMP = 0.25
"""And by so much within a stretch, where the whole time is as usual."""


class Verdict(StrEnum):
    """What requests do, against their usual; the first that holds."""

    NONE = "none"
    QUIET = "quiet"
    """None came, and none ever do at this time."""
    STOPPED = "stopped"
    """None have come for improbably long, until the end of the time."""
    GAP = "gap"
    """None came for improbably long, and then they did again."""
    DROPPED = "dropped"
    RISEN = "risen"
    JUMPED = "jumped"
    """A clear change within the time, whatever the whole of it says."""
    PART = "part"
    """As usual overall, but one part is not."""
    USUAL = "usual"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where requests jumped: from a moment on, until another or the end, against its usual."""

    since: datetime
    until: datetime | None
    usual: Usual
    p: float


@dataclass(frozen=True, slots=True)
class Part:
    """A slice whose requests changed apart from the rest: it and the rest against their usual.

    ``share`` is its part of all requests that are missing or extra.
    """

    dimension: str
    value: Cell
    here: Usual
    elsewhere: Usual
    share: Number


@dataclass(frozen=True)
class Traffic:
    """Everything that was found about the requests of one time.

    ``timeline`` has them as its trials. ``gaps`` are the improbable pauses, the largest first.
    ``log_ends`` is the latest request of the whole log, whatever the conditions.
    """

    timeline: OverTime
    usual: Usual
    stretch: Stretch | None
    slices: tuple[SliceCounts, ...]
    part: Part | None
    gaps: tuple[Gap, ...]
    open_pause: Gap | None
    metrics: tuple[Measured, ...]
    verdict: Verdict
    log_ends: datetime


def traffic(
    log: Log, reading: Reading, where: Sequence[Condition], dimensions: Sequence[str]
) -> Traffic:
    """Count requests against the comparable past, and look for gaps, a jump and its slice.

    One pass, and a second over the past of improbable-looking pauses where there are any.
    """
    past = comparable(
        reading.asked_span, reading.grain, reading.data_through, reading.zone, reading.first
    )
    spans = (reading.covered_span, *past)
    metrics = [name for name in log.source.metrics if _is_measured(log, name)]
    counts = traffic_counts(log, dimensions, spans, where, metrics)
    usual = usual_between(counts.timeline, 0, counts.timeline.trials.shape[1])
    # Without a past every morning would be a jump.
    stretch = _stretch(counts.timeline) if usual.unusual is not None else None
    part = _part(log, counts.slices)
    judged = _gaps(log, reading, counts.timeline, counts.seen, where)
    found = tuple(each for each in judged if each.improbable)
    last = next((each for each in judged if not each.pause.ended), None)
    return Traffic(
        timeline=counts.timeline,
        usual=usual,
        stretch=stretch,
        slices=counts.slices,
        part=part,
        gaps=found,
        open_pause=last,
        metrics=counts.metrics,
        verdict=_verdict(usual, stretch, part, found, narrowed=bool(where)),
        log_ends=reading.data_through or reading.now,
    )


def _stretch(counts: OverTime) -> Stretch | None:
    """Find the largest jump against the usual pace of each bucket, where there is one."""
    # Requests among microseconds: so rare in each that a binomial is as good as Poisson's.
    micros = np.full(counts.trials.shape[1], counts.seconds * 1e6)
    usual = expected_requests(counts)
    shift = find_shift(counts.trials[0], micros, np.random.default_rng(0), usual=usual)
    if shift.began is None:
        return None
    start, end = shift.began.at, counts.trials.shape[1]
    stop = shift.ended.at if shift.ended else end
    found = usual_between(counts, start, stop)
    # What was so before, too, didn't begin here; and what is so after it goes on.
    if _likewise(usual_between(counts, 0, start), found):
        return None
    if shift.ended and _likewise(usual_between(counts, stop, end), found):
        stop, found = end, usual_between(counts, start, end)
    until = counts.at(stop) if stop < end else None
    return Stretch(counts.at(start), until, found, shift.p or 1.0)


def _likewise(one: Usual, other: Usual) -> bool:
    """Tell whether one time is unusual in the same direction as another."""
    return bool(one.unusual) and one.higher is other.higher


def _part(log: Log, slices: Sequence[SliceCounts]) -> Part | None:
    """Give the slice that carries a change, where it left its own usual by enough to matter.

    Versions are left aside: a rollout moves requests from one to the next, as it should.
    """
    for each in carriers([one for one in slices if one.dimension != "version"]):
        if not each.carries or log.visibility(each.dimension) is not Visibility.OPEN:
            continue
        part = _counted(each, slices)
        if part.here.unusual and _changed(part.here, JUMP):
            return part
    return None


def _counted(each: Carrier, slices: Sequence[SliceCounts]) -> Part:
    """Compare a slice and the rest of its dimension with the numbers usual for them."""
    group = [one for one in slices if one.dimension == each.dimension]
    here = [one for one in group if one.value == each.value]
    rest = [one for one in group if one.value != each.value]
    return Part(each.dimension, each.value, slice_usual(here), slice_usual(rest), each.share)


def _gaps(
    log: Log,
    reading: Reading,
    counts: OverTime,
    seen: Sequence[tuple[datetime, datetime]],
    where: Sequence[Condition],
) -> tuple[Gap, ...]:
    """Judge the pauses in which most requests were to be expected; the largest of these first."""
    window = Span(reading.covered_span.start, max(reading.asked_span.end, reading.covered_span.end))
    begun = reading.first or window.start
    expected = profile(counts)
    every = (heard(each, log.source.zone) for each in pauses(seen, window, since=begun))
    found = [each for each in every if each]
    # By what should have come, not by length: an hour at noon says more than a night.
    ranked = sorted(found, key=lambda each: -expected_in(each.span, counts, expected))[:MOST]
    placed = [replace(each, nearby=part_nearby(each.span, counts, expected)) for each in ranked]
    pace = Pace(float(counts.trials[0].sum()), unevenness(counts.trials))
    judged = gaps(log, placed, pace, where, reading.zone, reading.first)
    return tuple(sorted(judged, key=lambda each: -(each.usual.usual.value or 0.0)))


def _verdict(
    usual: Usual,
    stretch: Stretch | None,
    part: Part | None,
    found: Sequence[Gap],
    *,
    narrowed: bool,
) -> Verdict:
    if not usual.now.value and not found:
        never = usual.unusual is not None and not usual.usual.value
        return Verdict.QUIET if never and not narrowed else Verdict.NONE
    if any(not each.pause.ended for each in found):
        return Verdict.STOPPED
    changed = bool(usual.unusual) and _changed(usual, MATTERS)
    # Where gaps explain what is missing they are the news; else the drop is more than they are.
    if found and not (changed and _unexplained(usual, found)):
        return Verdict.GAP
    if changed:
        return Verdict.RISEN if usual.higher else Verdict.DROPPED
    if stretch and stretch.usual.unusual and stretch.p <= SURELY and _changed(stretch.usual, JUMP):
        return Verdict.JUMPED
    if part:
        return Verdict.PART
    return Verdict.UNKNOWN if usual.unusual is None else Verdict.USUAL


def _unexplained(usual: Usual, found: Sequence[Gap]) -> bool:
    """Say whether the gaps are less than half of what is missing."""
    missing = (usual.usual.value or 0.0) - (usual.now.value or 0.0)
    return missing <= 0 or sum(each.usual.usual.value or 0.0 for each in found) < missing / 2


def _changed(usual: Usual, by: float) -> bool:
    """Say whether requests are fewer or more than usual by at least this part, either way alike."""
    times = usual.times.value
    if times is None:
        return bool(usual.now.value)
    # On the log scale: a tenth fewer and 1/0.9 times as many are the same step.
    return times <= 0 or abs(math.log(times)) >= -math.log1p(-by)


def _is_measured(log: Log, name: str) -> bool:
    return log.has(name) and log.kind(name) == "number"
