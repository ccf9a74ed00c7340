"""Numbers, shares, times and lists as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.core import words

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (0.048, None, None, "4.8 %"),
        (0.0479, 0.0442, 0.0518, "4.8 %"),
        (0.0479, 0.0478, 0.0480, "4.79 %"),
        (0.0479, 0.01, 0.12, "5 %"),
        (0.5, 0.3, 0.7, "50 %"),
        (0.13999, None, None, "14.0 %"),
        (0.14, None, None, "14 %"),
        (0.0004, None, None, "0.040 %"),
        (0.000004, 0.0, 0.00002, "under 0.001 %"),
        (0.0, None, None, "0 %"),
        (0.0, 0.0, 0.01, "0 %"),
        (1.0, 0.999, 1.0, "100 %"),
        (1.0, None, None, "100 %"),
        (1.0, 0.9, 1.0, "100 %"),
        (0.9996, 0.99, 1.0, "over 99.9 %"),
        (0.9996, 0.95, 1.0, "over 99 %"),
        (0.9999, None, None, "over 99.9 %"),
        (0.0004, 0.0, 0.02, "under 1 %"),
        (None, None, None, "unknown"),
        (float("nan"), None, None, "unknown"),
    ],
)
def test_a_share_has_the_digits_that_its_interval_supports(
    value: float | None, low: float | None, high: float | None, said: str
) -> None:
    """A share is a percentage with no more digits than its interval bears out."""
    assert words.share(value, low, high) == said


@given(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_share_is_never_rounded_to_none_or_all(value: float, below: float, above: float) -> None:
    """Only no requests are 0 %, and only all of them 100 %, whatever the digits."""
    said = words.share(value, max(0.0, value - below), min(1.0, value + above))
    assert (float(said.split()[0]) == 0 if said[0].isdigit() else False) == (value == 0)
    assert (said.startswith("100")) == (value == 1)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.0102, 0.0188, "1.0 to 1.9 %"),
        (0.0, 0.5, "0 to 50 %"),
        (0.00991, 0.01004, "0.991 to 1.004 %"),
    ],
)
def test_a_range_of_shares_has_one_precision(low: float, high: float, said: str) -> None:
    """Both ends of a range are written with the same digits."""
    assert words.share_range(low, high) == said


@pytest.mark.parametrize(
    ("value", "width", "said"),
    [
        (12_310, None, "12,310"),
        (1, None, "1"),
        (7.0, None, "7"),
        (0.0, None, "0"),
        (7.25, None, "7.2"),
        (0.1234, None, "0.12"),
        (1234.56, None, "1,235"),
        (0.8712, 0.02, "0.87"),
        (5.0, 0.2, "5.0"),
        (None, None, "unknown"),
        (float("inf"), None, "unknown"),
    ],
)
def test_a_number_has_about_three_digits(
    value: float | None, width: float | None, said: str
) -> None:
    """A number is written with few digits, a whole one without any behind the point."""
    assert words.number(value, width) == said


@pytest.mark.parametrize(
    ("function", "value", "said"),
    [
        (words.duration_ms, 240.4, "240 ms"),
        (words.duration_ms, 1840.0, "1.8 s"),
        (words.duration_ms, 150_000.0, "2 min"),
        (words.duration_ms, None, "unknown"),
        (words.points, 0.01, "1.0 percentage points"),
        (words.points, -0.123, "12.3 percentage points"),
        (words.times, 3.42, "3.4 times"),
        (words.times, 34.2, "34 times"),
        (words.times, 0.5, "50 %"),
        (words.count, 12_310.0, "12,310"),
        (words.lasting, timedelta(minutes=5), "5 minutes"),
        (words.lasting, timedelta(seconds=1), "1 minute"),
        (words.lasting, timedelta(minutes=89), "89 minutes"),
        (words.lasting, timedelta(hours=5), "5 hours"),
        (words.lasting, timedelta(hours=24), "24 hours"),
        (words.lasting, timedelta(days=2), "2 days"),
    ],
)
def test_amounts_in_words(function, value, said: str) -> None:  # type: ignore[no-untyped-def]
    """Durations, differences and ratios are said as people say them."""
    assert function(value) == said


@pytest.mark.parametrize(
    ("items", "said"),
    [((), ""), (("a",), "a"), (("a", "b"), "a or b"), (("a", "b", "c"), "a, b or c")],
)
def test_lists_end_with_a_word(items: tuple[str, ...], said: str) -> None:
    """A list is written with commas and a word before the last."""
    assert words.listed(items, last="or") == said


@pytest.mark.parametrize(("n", "said"), [(0, "0 rows"), (1, "1 row"), (12_310, "12,310 rows")])
def test_what_is_counted_has_its_number(n: int, said: str) -> None:
    """One is singular; everything else is plural."""
    assert words.counted(n, "row") == said


@given(st.text(), st.integers(1, 100))
def test_a_shortened_text_is_short_and_says_so(text: str, most: int) -> None:
    """A text keeps within one line and its limit, and a cut one ends with an ellipsis."""
    found = words.shortened(text, most)
    assert len(found) <= most
    assert len(found.splitlines()) <= 1
    assert found == " ".join(text.split()) or found.endswith("…")
    assert len(words.echoed(text)) <= 62


@pytest.mark.parametrize(
    ("logged", "said"),
    [(None, "(empty)"), ("", "(empty)"), (True, "yes"), (2, "2"), ("a\n b", "a b")],
)
def test_a_value_stands_in_a_sentence(logged: object, said: str) -> None:
    """A value from a log is said on one line, and an empty one in words."""
    assert words.value(logged) == said


def test_a_value_stands_whole_in_a_table() -> None:
    """A long value is cut in a sentence, and whole in a table."""
    long = "x" * 70
    assert words.whole_value(long) == long
    assert words.value(long) == "x" * 59 + "…"
    assert words.value(long, 40) == "x" * 39 + "…"


def _at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-11-22T15:30", "2026-11-23T15:30", "22 Nov 15:30 to 23 Nov 15:30"),
        ("2026-11-23T09:00", "2026-11-23T11:00", "23 Nov 09:00 to 11:00"),
        ("2026-11-22", "2026-11-23", "22 Nov 2026"),
        ("2026-11-01", "2026-11-06", "1 Nov to 5 Nov 2026"),
        ("2025-12-29", "2026-01-05", "29 Dec 2025 to 4 Jan 2026"),
        ("2025-12-31T22:00", "2026-01-01T02:00", "31 Dec 2025 22:00 to 1 Jan 2026 02:00"),
        ("2026-10-25", "2026-10-26", "25 Oct 2026"),
        ("2026-10-25T01:00", "2026-10-25T03:00", "25 Oct 01:00 to 03:00"),
        ("2026-11-23", "2026-11-23T00:00:00.000001", "23 Nov 00:00 to 00:00"),
        ("2026-11-22", "2026-11-22T23:59:30", "22 Nov 00:00 to 23:59"),
        ("2025-11-22T15:30", "2025-11-23T15:30", "22 Nov 15:30 to 23 Nov 2025 15:30"),
        ("2025-11-23T09:00", "2025-11-23T11:00", "23 Nov 2025 09:00 to 11:00"),
    ],
)
def test_a_range_of_time_says_no_more_than_needed(start: str, end: str, said: str) -> None:
    """Whole days go without clock times, one day is named once, years only where they tell."""
    now = _at("2026-11-23T15:30")
    assert words.time_range(_at(start), _at(end), BERLIN, now) == f"{said} Europe/Berlin"


def test_a_range_that_is_kept_names_its_year() -> None:
    """Without a present to compare with, as in a spreadsheet, the year always stands there."""
    said = words.time_range(_at("2026-11-23T09:00"), _at("2026-11-23T11:00"), BERLIN)
    assert said == "23 Nov 2026 09:00 to 11:00 Europe/Berlin"


def test_a_range_is_in_the_zone_that_it_names() -> None:
    """The same range reads differently in another zone."""
    start, end = _at("2026-11-22"), _at("2026-11-23")
    said = words.time_range(start, end, ZoneInfo("Asia/Tokyo"), end)
    assert said == "22 Nov 08:00 to 23 Nov 08:00 Asia/Tokyo"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-23T09:50", "09:50"),
        ("2026-11-22T23:50", "23:50 on 22 Nov"),
        ("2025-11-23T09:50", "09:50 on 23 Nov 2025"),
    ],
)
def test_a_moment_has_its_day_where_it_is_not_today(at: str, said: str) -> None:
    """A moment today is a clock time; another day's has the day, another year's the year."""
    assert words.moment(_at(at), BERLIN, _at("2026-11-23T15:30")) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(60, "Every minute"), (300, "Every 5 minutes"), (3600, "Every 60 minutes")],
)
def test_how_often_is_said_of_one_and_many(seconds: int, said: str) -> None:
    """A table of minutes is called “Every minute”."""
    assert words.every(seconds) == said
