"""Where ticks and labels go, and how numbers are written on an axis."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charts.labels import flags, spread
from bot.charts.scales import edge_labels, limits, tick_labels, ticks, written
from bot.charts.times import time_ticks, zone_name
from queries.core.value import ColumnType

BERLIN = ZoneInfo("Europe/Berlin")
SPACE = "\u00a0"


@given(st.lists(st.tuples(st.floats(0, 500), st.sampled_from([30.0, 60.0])), max_size=8))
def test_labels_are_spread_apart_in_order_and_within_the_ends(
    labels: list[tuple[float, float]],
) -> None:
    """No label lies on another, they keep their order, and stay inside where they fit."""
    wanted, heights = [y for y, _ in labels], [height for _, height in labels]
    placed = spread(wanted, heights, 0, 500)
    ranked = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for a, b in pairwise(ranked):
        assert placed[b] - placed[a] >= (heights[a] + heights[b]) / 2 - 1e-6
    for y, height in zip(placed, heights, strict=True):
        assert height / 2 - 1e-6 <= y <= 500 - height / 2 + 1e-6


def test_labels_with_room_stay_where_they_are() -> None:
    """Labels that do not collide are not moved, and two that do share the move."""
    assert spread([300, 20, 100], [40, 40, 40], 0, 500) == [300, 20, 100]
    assert spread([100, 100], [40, 40], 0, 500) == [80, 120]


@given(st.lists(st.tuples(st.floats(60, 1500), st.floats(10, 700)), max_size=8))
def test_flags_never_lie_on_one_another(marks: list[tuple[float, float]]) -> None:
    """No two labels of marks in the same row overlap, and none is outside the page."""
    placed = flags([x for x, _ in marks], [w for _, w in marks], 44, 1556, 4)
    shown = [flag for flag in placed if flag]
    for a, b in combinations(shown, 2):
        assert a.row != b.row or a.right < b.left or b.right < a.left
    assert all(flag.left >= 44 and flag.row < 4 for flag in shown)


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (0, 0.15, "share", ["0 %", "5 %", "10 %", "15 %"]),
        (0, 0.012, "share", ["0.00 %", "0.25 %", "0.50 %", "0.75 %", "1.00 %"]),
        (0, 640, "milliseconds", ["0 ms", "200 ms", "400 ms", "600 ms"]),
        (0, 31_000, "milliseconds", ["0 s", "10 s", "20 s", "30 s"]),
        (0, 3, "integer", ["0", "1", "2", "3"]),
        (0, 41_000, "integer", ["0", "10,000", "20,000", "30,000", "40,000"]),
        (9.9e6, 12.1e6, "integer", ["10.0 M", "10.5 M", "11.0 M", "11.5 M", "12.0 M"]),
        (0.812, 0.846, "number", ["0.82", "0.83", "0.84"]),
        (-11, 12, "number", ["−10", "−5", "0", "5", "10"]),
    ],
)
def test_axis_labels(low: float, high: float, unit: ColumnType, words: list[str]) -> None:
    """Ticks are round, and written in one unit with as many decimals as their step needs."""
    labels = tick_labels(ticks(low, high, unit), unit)
    assert [label.replace(SPACE, " ") for label in labels] == words


@pytest.mark.parametrize(
    ("values", "unit", "words"),
    [
        ([0.14, 0.015, 0.0001, 0.0], "share", ["14.0 %", "1.5 %", "<0.1 %", "0.0 %"]),
        ([0.41, 0.07, 0.002, -0.002], "number", ["0.41", "0.07", "<0.01", ">−0.01"]),
        ([1204.0, 3.0], "integer", ["1,204", "3"]),
        ([250.4, 1.2], "milliseconds", ["250 ms", "1 ms"]),
        ([12.0, math.nan, -4.0], "number", ["12", "", "−4"]),
        ([], "number", []),
    ],
)
def test_values_are_written_alike(values: list[float], unit: ColumnType, words: list[str]) -> None:
    """Values to be compared have the same decimals, and one that is not zero never reads as it."""
    assert [word.replace(SPACE, " ") for word in written(values, unit)] == words


@pytest.mark.parametrize(
    ("edges", "unit", "words"),
    [
        ([0.0, 8000.0, 12345.67, 412345.5], "number", ["0", "8,000", "12,346", "412,346"]),
        ([0.16738, 0.25612, 0.28897], "number", ["0.167", "0.256", "0.289"]),
        ([-0.5, 0.5, 1.5], "integer", ["−0.5", "0.5", "1.5"]),
        ([0.0, 0.05, 0.1], "share", ["0 %", "5 %", "10 %"]),
        ([0.001, 10.0, 20.0, math.nan], "number", ["0", "10", "20", ""]),
        ([1000.1, 1000.2, 1000.3], "number", ["1,000.1", "1,000.2", "1,000.3"]),
        ([0.33, 0.33], "number", ["0.33", "0.33"]),
        ([1e200], "number", ["1.0e+200"]),
        ([], "number", []),
    ],
)
def test_edges_have_as_many_decimals_as_tell_them_apart(
    edges: list[float], unit: ColumnType, words: list[str]
) -> None:
    """Edges of bins are rounded by less than anybody sees, however odd they are."""
    assert [word.replace(SPACE, " ") for word in edge_labels(edges, unit)] == words


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=8, unique=True).map(sorted))
def test_edges_that_differ_by_more_than_dust_are_told_apart(edges: list[float]) -> None:
    """No two edges of bins that differ by a billionth of the largest read alike."""
    labels = edge_labels(edges, "number")
    dust = 2e-9 * max(1.0, *map(abs, edges))
    for (a, b), (low, high) in zip(pairwise(labels), pairwise(edges), strict=True):
        assert a != b or high - low < dust


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8))
def test_limits_hold_every_value(values: list[float]) -> None:
    """No value lies outside its axis, and an axis has a length."""
    low, high = limits(values, "number")
    assert low < high
    assert all(low <= value <= high for value in values)


def test_a_rate_starts_at_zero_and_a_high_score_need_not() -> None:
    """An axis starts at zero when its values come near it; a share's does not pass 100 % by far."""
    assert limits([0.01, 0.14], "share")[0] == 0
    assert limits([0.81, 0.85], "number")[0] > 0.8
    assert limits([0.9, 1.0], "share")[1] < 1.01


def at(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    """A moment on Berlin's clock."""
    return datetime(year, month, day, hour, minute, second, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        (at(2026, 11, 22, 15, 30), at(2026, 11, 23, 15, 30), "18:00", "12:00"),
        (at(2026, 11, 22, 9, 0), at(2026, 11, 22, 9, 40), "09:00", "09:40"),
        (at(2026, 11, 22, 9, 0), at(2026, 11, 22, 9, 0, 5), "09:00:00", "09:00:05"),
        (at(2026, 10, 10), at(2026, 11, 19), "12 Oct", "16 Nov"),
        (at(2024, 1, 10), at(2026, 6, 1), "Jul", "Jan"),
        (at(2000, 1, 1), at(2026, 1, 1), "2000", "2025"),
    ],
)
def test_time_ticks_are_round_moments(
    start: datetime, end: datetime, first: str, last: str
) -> None:
    """Ticks are round on the clock of the reader, inside the ends, and not more than fit."""
    found = time_ticks(start, end)
    assert (found[0].label, found[-1].label) == (first, last)
    assert len(found) <= 8
    assert all(start.timestamp() <= tick.at <= end.timestamp() for tick in found)


@pytest.mark.parametrize("day", [at(2026, 3, 29), at(2026, 10, 25)])
def test_ticks_follow_the_clock_over_a_change_of_it(day: datetime) -> None:
    """On the days of 23 and 25 hours every tick reads the hour that the clock showed."""
    found = time_ticks(day, day + timedelta(days=1))
    for tick in found:
        assert datetime.fromtimestamp(tick.at, BERLIN).strftime("%H:%M") == tick.label
    assert [tick.below for tick in found if tick.below][-1] == f"{day.day + 1} {day:%b}"


def test_the_zone_is_named() -> None:
    """A zone is called by its name, or by its offset where it has none."""
    assert zone_name(at(2026, 1, 1)) == "Europe/Berlin"
    assert zone_name(datetime.fromisoformat("2026-01-01T00:00:00+05:30")) == "UTC+05:30"
