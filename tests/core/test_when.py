"""Time phrases: what people write, and the absolute range that each means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.core.errors import BadQuestion
from queries.core.times.when import EXAMPLES, PRESETS, Window, is_time, window

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # a Monday, 15:30 in Berlin

PHRASES = [
    ("last 24 hours", "rolling", "2026-11-22 15:30", "2026-11-23 15:30"),
    ("past 90 minutes", "rolling", "2026-11-23 14:00", "2026-11-23 15:30"),
    ("last hour", "rolling", "2026-11-23 14:30", "2026-11-23 15:30"),
    ("last 7 days", "rolling", "2026-11-16 15:30", "2026-11-23 15:30"),
    ("yesterday", "day", "2026-11-22 00:00", "2026-11-23 00:00"),
    ("today", "day", "2026-11-23 00:00", "2026-11-23 15:30"),
    ("since Monday", "range", "2026-11-23 00:00", "2026-11-23 15:30"),
    ("since 09:40", "range", "2026-11-23 09:40", "2026-11-23 15:30"),
    ("since yesterday 14:00", "range", "2026-11-22 14:00", "2026-11-23 15:30"),
    ("friday", "day", "2026-11-20 00:00", "2026-11-21 00:00"),
    ("2026-11-01..2026-11-05", "range", "2026-11-01 00:00", "2026-11-06 00:00"),
    ("2026-11-22 09:00..2026-11-22 12:30", "range", "2026-11-22 09:00", "2026-11-22 12:30"),
    ("2026-11-22T09:00..now", "range", "2026-11-22 09:00", "2026-11-23 15:30"),
    ("Nov 1 to Nov 5", "range", "2026-11-01 00:00", "2026-11-06 00:00"),
    ("last week", "week", "2026-11-16 00:00", "2026-11-23 00:00"),
    ("week of Nov 2", "week", "2026-11-02 00:00", "2026-11-09 00:00"),
    ("last weekend", "weekend", "2026-11-21 00:00", "2026-11-23 00:00"),
    ("last month", "month", "2026-10-01 00:00", "2026-11-01 00:00"),
    ("this month", "month", "2026-11-01 00:00", "2026-11-23 15:30"),
    ("december", "month", "2025-12-01 00:00", "2026-01-01 00:00"),
    ("Q3 2026", "quarter", "2026-07-01 00:00", "2026-10-01 00:00"),
    ("last year", "year", "2025-01-01 00:00", "2026-01-01 00:00"),
    ("yesterday 9-11am", "range", "2026-11-22 09:00", "2026-11-22 11:00"),
    ("yesterday 11am-1pm", "range", "2026-11-22 11:00", "2026-11-22 13:00"),
    ("yesterday 11-1pm", "range", "2026-11-22 11:00", "2026-11-22 13:00"),
    ("yesterday 22:00–24:00", "range", "2026-11-22 22:00", "2026-11-23 00:00"),
    ("today 14:00 to 15:00", "range", "2026-11-23 14:00", "2026-11-23 15:00"),
    ("since 2026-11-23T08:50Z", "range", "2026-11-23 09:50", "2026-11-23 15:30"),
    ("2026-11-23T08:50Z..2026-11-23T09:20Z", "range", "2026-11-23 09:50", "2026-11-23 10:20"),
    ("2026-11-23 03:50-05:00..now", "range", "2026-11-23 09:50", "2026-11-23 15:30"),
    ("2026-10-25", "day", "2026-10-25 00:00", "2026-10-26 00:00"),
]


@pytest.mark.parametrize(("phrase", "grain", "start", "end"), PHRASES, ids=[p[0] for p in PHRASES])
def test_a_phrase_means_an_absolute_range(phrase: str, grain: str, start: str, end: str) -> None:
    """A phrase as people write it gives the range that they mean, in their zone."""
    found = window(phrase).resolve(NOW, BERLIN)
    assert found.grain == grain
    assert found.span is not None
    local = [f"{at.astimezone(BERLIN):%Y-%m-%d %H:%M}" for at in (found.span.start, found.span.end)]
    assert local == [start, end]


@pytest.mark.parametrize(
    "phrase", ["lending", "2.3", "last", "emea", "24", "last 0 days", "by", ""]
)
def test_what_is_no_time_is_refused(phrase: str) -> None:
    """A word that is no time is not taken for one, and the refusal shows some that are."""
    assert not is_time(phrase)
    with pytest.raises(BadQuestion, match="last 24 hours"):
        Window(phrase).resolve(NOW, BERLIN)


@pytest.mark.parametrize("phrase", ["tomorrow", "2027-01-01", "next week"])
def test_the_future_has_no_log(phrase: str) -> None:
    """A time that lies ahead is refused in words."""
    with pytest.raises(BadQuestion, match="future"):
        window(phrase).resolve(NOW, BERLIN)


def test_a_day_across_the_clock_change_has_25_hours() -> None:
    """The local day on which clocks go back is 25 hours long."""
    span = window("2026-10-25").resolve(NOW, BERLIN).span
    assert span is not None
    assert span.end - span.start == timedelta(hours=25)


def test_rolling_hours_are_hours_across_the_clock_change() -> None:
    """Rolling hours are counted in absolute time, whatever the local clock does."""
    just_after = datetime(2026, 10, 25, 3, 30, tzinfo=UTC)
    span = window("last 24 hours").resolve(just_after, BERLIN).span
    assert span is not None
    assert span.end - span.start == timedelta(hours=24)


def test_all_needs_no_clock() -> None:
    """“all” is the whole log."""
    assert window("All").resolve(NOW, BERLIN).span is None


@given(st.sampled_from([*EXAMPLES, *PRESETS]), st.sampled_from(["", " "]), st.booleans())
def test_case_and_spaces_do_not_matter(phrase: str, space: str, upper: bool) -> None:
    """What is offered is understood in any case and with any spaces, and written one way."""
    typed = (phrase.upper() if upper else phrase).replace(" ", " " + space)
    assert window(typed) == window(phrase)
    assert is_time(typed)
