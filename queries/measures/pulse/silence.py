"""Stretches without any request, and whether chance makes them: judged by the same hours before.

Requests come unevenly, and a quiet source is silent for hours. A stretch counts as a gap only
where the same clock time of the weeks before had requests, every week, and so many that chance
would hardly leave it empty.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.times.spans import Span, naive, turns_within
from queries.core.times.wall import DAY
from queries.measures.counting.expressions import Condition, count_where
from queries.measures.past.periods import comparable
from queries.statistics.usual import COMPARABLE, Usual, usual_count

Array = npt.NDArray[np.float64]

LEAST = timedelta(minutes=5)
"""No shorter stretch is looked at."""

_CLOSE = timedelta(minutes=15)
"""So long before an hour that comes twice a pause may begin that lasts because of it: a source
that is quieter pauses longer, and is not judged by so short a time."""

RARELY = 0.01
"""In so many windows at most chance may make a stretch that is called a gap."""

WEEK = timedelta(days=7)
FEWEST = 2
"""A stretch of a day or longer is judged by so few weeks, as many requests are missing from it."""

MOST = 12
"""So many stretches are judged, those first in which most requests were to be expected."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch without any request; ``ended`` where one came after it.

    ``nearby`` are the requests around it as a part of those to be expected there, at most 1: where
    fewer come anyway, longer pauses are no wonder. None where nothing is known around it; the
    weakest of past weeks counts then.
    """

    span: Span
    ended: bool
    nearby: float | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause, how many requests the same time of past weeks had, and what chance makes of it.

    ``chance`` is how many such pauses are to be expected in the window if nothing is wrong; None
    where too little past tells.
    """

    pause: Pause
    usual: Usual
    chance: float | None

    @property
    def improbable(self) -> bool:
        """Say whether chance hardly makes it."""
        return self.chance is not None and self.chance <= RARELY


@dataclass(frozen=True, slots=True)
class Pace:
    """How many requests a window had, and how unevenly they came (a variance factor)."""

    requests: float
    dispersion: float

    @property
    def arrivals(self) -> float:
        """How many came independently of each other: bursts count once."""
        return max(1.0, self.requests / self.dispersion)


def pauses(
    seen: Iterable[tuple[datetime, datetime]], window: Span, *, since: datetime
) -> list[Pause]:
    """Find the stretches of a window without a request, from the first and last time of parts.

    ``seen`` holds the first and the last time of each part that has any, in order. What lies
    before ``since``, the log's beginning, is no pause.
    """
    found, last = [], max(window.start, since)
    for first, until in seen:
        if first - last >= LEAST:
            found.append(Pause(Span(last, first), ended=True))
        last = max(last, until)
    if window.end - last >= LEAST:
        found.append(Pause(Span(last, window.end), ended=False))
    return found


def heard(pause: Pause, zone: ZoneInfo) -> Pause | None:
    """A pause without the first of two equal hours on the log's clock; None where that is all.

    Engines read times without a zone as those of the second hour, so that the first is empty.
    """
    begun = pause.span.start
    for turned, by in turns_within(Span(begun, max(begun + DAY, pause.span.end)), zone):
        if turned + by - _CLOSE <= begun < turned:
            begun = turned
    if begun > pause.span.start and pause.span.end - begun < LEAST:
        return None
    return replace(pause, span=Span(begun, pause.span.end))


def unevenness(counts: Array) -> float:
    """Give the variance factor of counts in neighbouring buckets, 1 for pure chance.

    The mean of (xᵢ - xᵢ₊₁)²/(xᵢ + xᵢ₊₁) over neighbours that hold anything, after von Neumann's
    successive differences, which a daily pattern or a gap hardly moves. ``counts`` has a row a
    period.
    """
    one, other = counts[:, :-1], counts[:, 1:]
    both = one + other
    held = both > 0
    if not held.any():
        return 1.0
    return max(1.0, float(((one - other)[held] ** 2 / both[held]).mean()))


def chance_of(past: float, periods: float, dispersion: float, arrivals: float) -> float:
    """Give how many stretches as empty are to be expected among so many independent arrivals.

    ``past`` requests came in the same stretch of so many periods. If the present had the same
    pace, none of them all would lie in it with probability (m/(m + 1))^k (the exact conditional
    test of Poisson rates; Przyborowski and Wilenski 1940), with bursts of mean size φ counting
    as one: k/φ.
    """
    kept = periods / (periods + 1)
    # Each arrival may be the one before such a stretch.
    return arrivals * math.exp(math.log(kept) * past / dispersion)


def gaps(
    log: Log,
    found: Sequence[Pause],
    pace: Pace,
    where: Sequence[Condition],
    zone: ZoneInfo,
    since: datetime | None,
) -> tuple[Gap, ...]:
    """Judge pauses by the same clock time of each of the last 4 weeks, in one pass for all."""
    # The request before a pause lies at its start, which spans include.
    within = [Span(each.span.start + timedelta.resolution, each.span.end) for each in found]
    pasts = [_as_long(span, comparable(span, "rolling", span.end, zone, since)) for span in within]
    flat = [span for past in pasts for span in past]
    counted = iter(_counts(log, flat, where))
    return tuple(
        judge(each, [(next(counted), span) for span in past], pace)
        for each, past in zip(found, pasts, strict=True)
    )


def _as_long(span: Span, past: Sequence[Span]) -> list[Span]:
    """The past of a span, no longer than it is: clocks set forward leave an hour out of it."""
    longest = span.end - span.start
    return [Span(each.start, min(each.end, each.start + longest)) for each in past]


def since_the_last(log: Log, reading: Reading) -> Gap | None:
    """Judge the time from the log's last request to the end of what was asked for.

    For a time in which there is none at all: without a pace of its own, its requests count as
    independent. None where the log is empty, or nothing is missing at its end.
    """
    end = reading.asked_span.end
    if reading.data_through is None or end - reading.data_through < LEAST:
        return None
    pause = heard(Pause(Span(reading.data_through, end), ended=False), log.source.zone)
    if pause is None:
        return None
    if end - reading.data_through >= WEEK and reading.first is not None:
        return _against_before(log, pause, reading.first, reading.zone)
    return gaps(log, [pause], Pace(0, 1.0), (), reading.zone, reading.first)[0]


def _against_before(log: Log, pause: Pause, first: datetime, zone: ZoneInfo) -> Gap:
    """Judge a pause of a week or longer by all the time before it, whatever the hour of the week.

    A log may be silent for longer than it had been logged before. Days with requests count, and not
    these: what runs once a month has thousands of them on one day.
    """
    before = Span(first, pause.span.start)
    days = [each.astimezone(zone).date() for each in (before.start, before.end)]
    end = before.end + timedelta.resolution
    rows = log.aggregate(
        {"n": sa.func.count()},
        by={"day": log.day(days[0], days[1], zone)},
        spans=[Span(before.start, end)],
    )
    length, known = pause.span.end - pause.span.start, before.end - before.start
    past = [(sum(row["n"] for row in rows), known.total_seconds())]
    usual = usual_count(past, (0, length.total_seconds()))
    # What was logged for a shorter time than it has been silent may have been no more than tried.
    chance = chance_of(len(rows), known / length, 1.0, 1.0) if known >= length else None
    return Gap(pause, usual, chance)


def _counts(log: Log, spans: Sequence[Span], where: Sequence[Condition]) -> list[int]:
    """Count the requests of some spans, which may overlap."""
    if not spans:
        return []
    time = log.column("time")
    # A condition each and no grouping by period: the same weeks may belong to several pauses.
    within = (sa.and_(time >= naive(each.start), time < naive(each.end)) for each in spans)
    measures = {f"n{at}": count_where(each) for at, each in enumerate(within)}
    row = log.aggregate(measures, spans=spans, where=where)[0]
    return [row[name] for name in measures]


def judge(pause: Pause, past: Sequence[tuple[int, Span]], pace: Pace) -> Gap:
    """Judge a pause by how many requests came in each of the comparable spans before it."""
    lengths = [(n, (span.end - span.start).total_seconds()) for n, span in past]
    usual = usual_count(lengths, (0, (pause.span.end - pause.span.start).total_seconds()))
    few = len(past) < COMPARABLE
    if few and (pause.span.end - pause.span.start < DAY or len(past) < FEWEST):
        return Gap(pause, usual, None)
    least = min(n for n, _ in past)
    # A week that had none either shows that nothing is rare about it.
    if not least:
        return Gap(pause, usual, pace.arrivals)
    total = sum(n for n, _ in past)
    known = least * len(past) if pause.nearby is None else total * pause.nearby
    return Gap(pause, usual, chance_of(known, len(past), pace.dispersion, pace.arrivals))
