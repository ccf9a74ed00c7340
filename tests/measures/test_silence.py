"""Gaps: that chance seldom makes one, and that real ones are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from queries.core.times.spans import Span
from queries.measures.counting.over_time import OverTime
from queries.measures.pulse.silence import (
    LEAST,
    Gap,
    Pace,
    Pause,
    chance_of,
    judge,
    pauses,
    unevenness,
)
from queries.measures.pulse.traffic_usual import expected_requests, part_nearby

DAY = 86_400
START = datetime(2026, 11, 23, tzinfo=UTC)
WINDOW = Span(START, START + timedelta(days=1))
Array = npt.NDArray[np.float64]


def at(second: float) -> datetime:
    """A moment of the day."""
    return START + timedelta(seconds=second)


def arrivals(rng: np.random.Generator, mean: float, burst: float) -> Array:
    """Draw the seconds of one day's requests: fewer at night, in bursts, days varying by 20 %."""
    hours = np.clip(np.sin(np.pi * (np.arange(24) - 5) / 17), 0.05, None)
    expected = mean * hours / hours.sum() * np.exp(0.2 * rng.standard_normal()) / burst
    starts = [h * 3600 + 3600 * rng.random(rng.poisson(n)) for h, n in enumerate(expected)]
    begun = np.concatenate(starts)
    sizes = 1 + rng.poisson(burst - 1, len(begun))
    return np.sort(np.clip(np.repeat(begun, sizes) + rng.random(sizes.sum()) * 20, 0, DAY - 1))


def looked_at(days: list[Array]) -> list[Gap]:
    """Judge the pauses of the first day by the other ones, as a log's are."""
    edges = np.arange(0, DAY + 1, 300)
    counts = np.array([np.histogram(day, edges)[0] for day in days], float)
    spans = tuple(
        Span(START - timedelta(weeks=w), WINDOW.end - timedelta(weeks=w)) for w in range(5)
    )
    timeline = OverTime(spans, 300, counts, counts)
    expected = expected_requests(timeline)
    now = days[0]
    places = np.digitize(now, edges)
    seen = [
        (at(now[places == place][0]), at(now[places == place][-1])) for place in np.unique(places)
    ]
    pace = Pace(float(len(now)), unevenness(counts))
    found = []
    for pause in pauses(seen, WINDOW, since=START):
        start, end = ((each - START).total_seconds() for each in (pause.span.start, pause.span.end))
        past = [(int(((day > start) & (day < end)).sum()), pause.span) for day in days[1:]]
        around = part_nearby(pause.span, timeline, expected)
        found.append(judge(replace(pause, nearby=around), past, pace))
    return found


@pytest.mark.parametrize(("mean", "burst"), [(12, 1), (100, 1), (400, 8), (1500, 1)])
def test_chance_seldom_makes_a_gap(mean: float, burst: float) -> None:
    """Of 200 unchanged days, with 12 to 1,500 requests, at most 2 % hold anything called a gap."""
    rng = np.random.default_rng(11)
    false = sum(
        any(gap.improbable for gap in looked_at([arrivals(rng, mean, burst) for _ in range(5)]))
        for _ in range(200)
    )
    assert false / 200 <= 0.02


def test_an_outage_of_an_hour_is_found() -> None:
    """In 95 % of 100 days with 1,500 requests, an hour without one at noon is a gap."""
    rng = np.random.default_rng(12)
    found = 0
    for _ in range(100):
        day, *past = (arrivals(rng, 1500, 1) for _ in range(5))
        kept = day[(day < 12 * 3600) | (day > 13 * 3600)]
        gaps = [gap for gap in looked_at([kept, *past]) if gap.improbable]
        found += any(gap.pause.span.start <= at(12 * 3600 + 120) for gap in gaps)
    assert found / 100 >= 0.95


def test_pauses_lie_between_what_was_seen() -> None:
    """A pause runs from the last request before it to the next, or to the window's end."""
    seen = [(at(0), at(100)), (at(700), at(800)), (at(900), at(2000))]
    window = Span(START, at(4000))
    found = pauses(seen, window, since=START)
    assert found == [Pause(Span(at(100), at(700)), True), Pause(Span(at(2000), at(4000)), False)]
    assert pauses([], window, since=at(1000)) == [Pause(Span(at(1000), at(4000)), False)]
    assert pauses([], Span(START, START + LEAST / 2), since=START) == []


def test_unevenness_of_chance_is_one() -> None:
    """Counts by chance have a variance factor of 1, bursts of ten one of ten, nothing one of 1."""
    rng = np.random.default_rng(3)
    even = rng.poisson(40, (5, 288)).astype(float)
    assert unevenness(even) == pytest.approx(1, abs=0.1)
    assert unevenness(10 * even) == pytest.approx(10, rel=0.1)
    assert unevenness(np.zeros((5, 288))) == 1.0
    assert unevenness(np.ones((5, 1))) == 1.0


def test_a_week_without_requests_at_that_time_makes_silence_usual() -> None:
    """If one of the four weeks was silent then as well, it is no gap; nor by three weeks alone."""
    pause = Pause(Span(START, at(3600)), ended=True)
    pace = Pace(10_000, 1.0)
    silent = [(500, pause.span)] * 3 + [(0, pause.span)]
    assert judge(pause, [(500, pause.span)] * 4, pace).improbable
    assert not judge(pause, silent, pace).improbable
    assert judge(pause, silent[:3], pace).chance is None
    assert chance_of(0, 4, 1.0, 10) == 10
