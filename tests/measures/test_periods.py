"""The comparable past, in the asker's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from queries.core.times.spans import Span
from queries.core.times.wall import Grain
from queries.core.times.when import window
from queries.measures.past.periods import comparable, cut

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


def local(span: Span, zone: ZoneInfo = BERLIN) -> tuple[str, str]:
    """Give a span's ends as they read on the asker's clock."""
    return (
        f"{span.start.astimezone(zone):%Y-%m-%d %H:%M}",
        f"{span.end.astimezone(zone):%Y-%m-%d %H:%M}",
    )


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("last 24 hours", [("2026-11-15 15:30", "2026-11-16 15:30")] * 1),
        ("yesterday", [("2026-11-15 00:00", "2026-11-16 00:00")]),
        ("yesterday 9-11am", [("2026-11-15 09:00", "2026-11-15 11:00")]),
        ("last 7 days", [("2026-11-09 15:30", "2026-11-16 15:30")]),
        ("last week", [("2026-11-09 00:00", "2026-11-16 00:00")]),
        ("last 10 days", [("2026-10-30 15:30", "2026-11-09 15:30")]),
    ],
)
def test_first_comparable_span(phrase: str, expected: list[tuple[str, str]]) -> None:
    """A phrase is compared with the same local clock span whole weeks earlier, four of them."""
    resolved = window(phrase).resolve(NOW, BERLIN)
    assert resolved.span is not None
    found = comparable(resolved.span, resolved.grain, NOW, BERLIN)
    assert len(found) == 4
    assert [local(found[0])] == expected
    assert all(past.end <= resolved.span.start for past in found)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("last month", ("2026-09-01 00:00", "2026-10-01 00:00")),
        ("this month", ("2026-10-01 00:00", "2026-10-23 15:30")),
        ("Q3 2026", ("2026-04-01 00:00", "2026-07-01 00:00")),
        ("this quarter", ("2026-07-01 00:00", "2026-08-23 15:30")),
        ("2025", ("2024-01-01 00:00", "2025-01-01 00:00")),
    ],
)
def test_calendar_units_take_the_unit_before(phrase: str, expected: tuple[str, str]) -> None:
    """Months, quarters and years are compared with the one before, cut where the data is cut."""
    resolved = window(phrase).resolve(NOW, BERLIN)
    assert resolved.span is not None
    found = comparable(resolved.span, resolved.grain, NOW, BERLIN)
    assert [local(past) for past in found] == [expected]


def test_cut_at_data_through() -> None:
    """Comparable spans end where the data ends, so that like is compared with like."""
    span = Span(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC))
    through = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
    found = comparable(span, "day", through, ZoneInfo("UTC"))
    assert [past.end - past.start for past in found] == [
        timedelta(hours=9, minutes=15, microseconds=1)
    ] * 4
    assert comparable(span, "day", None, BERLIN) == ()
    assert cut(span, span.start - timedelta(seconds=1)) is None
    assert cut(span, span.end) == span


def test_nothing_before_the_log_began() -> None:
    """Weeks that reach back before the log's first time are left out."""
    span = Span(NOW - timedelta(hours=2), NOW)
    found = comparable(span, "rolling", NOW, BERLIN, since=NOW - timedelta(days=15))
    assert len(found) == 2
    assert comparable(span, "all", NOW, BERLIN) == ()


@pytest.mark.parametrize("grain", ["rolling", "day", "range"])
def test_clock_changes_keep_the_clock(grain: Grain) -> None:
    """Over the change of 25 October the same clock hours are compared, not the same hours."""
    span = Span(
        datetime(2026, 10, 27, 8, tzinfo=BERLIN).astimezone(UTC),
        datetime(2026, 10, 27, 10, tzinfo=BERLIN).astimezone(UTC),
    )
    found = comparable(span, grain, NOW, BERLIN)
    assert local(found[0]) == ("2026-10-20 08:00", "2026-10-20 10:00")
    assert span.start - found[0].start == timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-04-05 01:30", "2026-04-05 02:30", 0.5),
        ("2026-04-05 02:15", "2026-04-05 02:45", 0.5),
        ("2026-04-05 02:15", "2026-04-05 03:15", 0.25),
        ("2026-11-01 02:00", "2026-11-01 03:00", 2.0),
        ("2026-11-01 00:00", "2026-11-02 00:00", 25.0),
    ],
)
def test_hours_that_a_clock_change_swallows_or_doubles(start: str, end: str, hours: float) -> None:
    """A comparable span on the day of the change is as long as its clock span really was."""
    span = Span(
        *(
            datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)
            for text in (start, end)
        )
    )
    past = comparable(span, "range", NOW, BERLIN)[0]
    assert (past.end - past.start) / timedelta(hours=1) == pytest.approx(hours)


def test_week_with_a_clock_change_is_one_week() -> None:
    """Seven days of 169 hours still count as one week."""
    span = Span(
        datetime(2026, 10, 19, tzinfo=BERLIN).astimezone(UTC),
        datetime(2026, 10, 26, tzinfo=BERLIN).astimezone(UTC),
    )
    found = comparable(span, "week", NOW, BERLIN)
    assert local(found[0]) == ("2026-10-12 00:00", "2026-10-19 00:00")
