"""Recurrences: what people write, what it means, and when it runs around clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.digests.recurrence import WEEKDAYS, Recurrence, in_words, monthly, next_runs, weekly
from commands.digests.recurrence_text import EXAMPLES, from_form, parse
from commands.zones import COMMON, read_zone, zone_options
from queries.core.errors import BadQuestion, Problem
from queries.core.kinds.kind import BadValue

BERLIN, NEW_YORK, LOS_ANGELES = "Europe/Berlin", "America/New_York", "America/Los_Angeles"
EVERY_DAY = frozenset(range(7))


@pytest.mark.parametrize(
    ("text", "cron", "phrase"),
    [
        ("every weekday at 9:00", "0 9 * * 1,2,3,4,5", "every weekday at 09:00"),
        ("weekdays 9am", "0 9 * * 1,2,3,4,5", "every weekday at 09:00"),
        ("Mon-Fri at 9.30 pm", "30 21 * * 1,2,3,4,5", "every weekday at 21:30"),
        ("every day at 08:30", "30 8 * * *", "every day at 08:30"),
        ("daily at 12am", "0 0 * * *", "every day at 00:00"),
        ("midnight every day", "0 0 * * *", "every day at 00:00"),
        ("at noon, daily", "0 12 * * *", "every day at 12:00"),
        ("every day at 12 pm", "0 12 * * *", "every day at 12:00"),
        ("every morning", "0 9 * * *", "every day at 09:00"),
        ("every morning at 7", "0 7 * * *", "every day at 07:00"),
        ("every Monday and Thursday 9am", "0 9 * * 1,4", "every Monday and Thursday at 09:00"),
        ("Sundays at 23:59", "59 23 * * 0", "every Sunday at 23:59"),
        ("thu, tues & WED at 9", "0 9 * * 2,3,4", "every Tuesday, Wednesday and Thursday at 09:00"),
        ("sat to mon at 9", "0 9 * * 1,6,0", "every Monday, Saturday and Sunday at 09:00"),
        ("weekends", "0 9 * * 6,0", "every Saturday and Sunday at 09:00"),
        ("weekdays and Sunday at 9", "0 9 * * 1,2,3,4,5,0", None),
        ("first of the month at 9", "0 9 1 * *", "on the 1st of the month at 09:00"),
        ("on the 22nd of each month, 9:15", "15 9 22 * *", "on the 22nd of the month at 09:15"),
        ("on the 13th day of the month at 9", "0 9 13 * *", "on the 13th of the month at 09:00"),
        ("last day of the month at 5pm", "0 17 L * *", "on the last day of the month at 17:00"),
    ],
)
def test_what_people_write_is_understood(text: str, cron: str, phrase: str | None) -> None:
    """Each phrase gives its cron, in the zone that is passed in, and the plain words for it."""
    found = parse(text, BERLIN)
    assert (found.cron, found.zone) == (cron, BERLIN)
    if phrase:
        assert found.phrase == f"{phrase} {BERLIN}"
        assert in_words(found) == f"{phrase[0].upper()}{phrase[1:]} {BERLIN}"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("every weekday at 9:00 Europe/Berlin", BERLIN),
        ("at 9 europe/berlin every weekday", BERLIN),
        ("America/New_York weekdays at 9", NEW_YORK),
        ("every day at 9 in New York", NEW_YORK),
        ("every day at 9 los angeles", LOS_ANGELES),
        ("every day at 9 utc", "UTC"),
        ("first of the month at 9 Asia/Kolkata", "Asia/Kolkata"),
        ("every day at 9", "Asia/Tokyo"),
    ],
)
def test_a_zone_may_be_named(text: str, zone: str) -> None:
    """A zone is known by its name or its city, anywhere in the phrase; without one ours counts."""
    assert parse(text, "Asia/Tokyo").zone == zone


@pytest.mark.parametrize(
    ("text", "field", "words", "nearest"),
    [
        ("every Mondy at 9", "days", "“Mondy” is no day. Did you mean “Monday”?", ("Monday",)),
        ("at 9:00", "days", "On which days?", ()),
        ("every hour", "days", "at most once a day", ()),
        ("every 15 minutes", "days", "at most once a day", ()),
        ("31st of the month at 9", "days", "Not every month", ("last day of the month",)),
        ("0th of the month at 9", "days", "no day of the month", ("1st of the month",)),
        ("first Monday of the month at 9", "days", "Please give one of both", ()),
        ("every day at 25:00", "time", "Did you mean 23:00?", ("23:00",)),
        ("every day at 24:00", "time", "Did you mean 00:00?", ("00:00",)),
        ("every day at 13pm", "time", "“13pm” is no time of day", ("13:00",)),
        ("every day at 9:75", "time", "Did you mean 09:59?", ("09:59",)),
        ("every day at 9:5", "time", "Write it as 09:00 or 9am", ()),
        ("every day at 9 and 17", "time", "another digest", ("9", "17")),
        ("every day at 9 Europe/Berln", "zone", "Did you mean Europe/Berlin", (BERLIN,)),
        ("every day at 9 PST", "zone", "“PST” is no time zone", (LOS_ANGELES,)),
        ("every day at 9 EST", "zone", "“EST” is no time zone", (NEW_YORK,)),
    ],
)
def test_what_is_wrong_is_named(
    text: str, field: str, words: str, nearest: tuple[str, ...]
) -> None:
    """Each mistake names its field, says what is wrong, and gives the nearest right thing."""
    with pytest.raises(BadQuestion) as bad:
        parse(text, BERLIN)
    (problem,) = bad.value.problems
    assert problem.parameter == field
    assert words in problem.message
    assert problem.nearest[: len(nearest)] == nearest


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_are_right(text: str) -> None:
    """What a refusal suggests is itself understood."""
    assert parse(text, "UTC").cron


_HOURS, _MINUTES = st.integers(0, 23), st.integers(0, 59)
_ZONES = st.sampled_from(COMMON)
_WEEKS = st.frozensets(st.integers(0, 6), min_size=1)
_WEEKLY = st.builds(weekly, _WEEKS, _HOURS, _MINUTES, _ZONES)
_MONTH_DAYS = st.sampled_from([*map(str, range(1, 29)), "L"])
_MONTHLY = st.builds(monthly, _MONTH_DAYS, _HOURS, _MINUTES, _ZONES)


@given(_WEEKLY | _MONTHLY)
def test_words_parse_back(recurrence: Recurrence) -> None:
    """The words of any recurrence mean the same recurrence."""
    assert parse(recurrence.phrase, "Pacific/Auckland") == recurrence


@pytest.mark.parametrize(
    ("days", "cron"),
    [
        (("every day",), "30 9 * * *"),
        (("weekdays",), "30 9 * * 1,2,3,4,5"),
        (("weekends", "Monday"), "30 9 * * 1,6,0"),
        (("Thursday", "Monday"), "30 9 * * 1,4"),
        (("Monday, Thursday",), "30 9 * * 1,4"),
        (tuple(WEEKDAYS), "30 9 * * *"),
    ],
)
def test_a_form_is_read(days: tuple[str, ...], cron: str) -> None:
    """Time, zone and one or more days of a form give a recurrence."""
    found = from_form({"time": ("09:30",), "zone": (BERLIN,), "days": days})
    assert (found.cron, found.zone) == (cron, BERLIN)


def test_every_field_of_a_form_has_its_problem() -> None:
    """All that is wrong with a form is told at once, each on its field."""
    with pytest.raises(BadQuestion) as bad:
        from_form({"time": ("9 o'clock",), "zone": ("Berln",), "days": ("Mondy",)})
    assert {each.parameter for each in bad.value.problems} == {"time", "zone", "days"}
    with pytest.raises(BadQuestion) as empty:
        from_form({})
    assert [each.parameter for each in empty.value.problems] == ["time", "days", "zone"]
    assert Problem("time", "At what time? Write it as 09:00 or 9am.") in empty.value.problems


def _local(recurrence: Recurrence, start: date, n: int) -> list[str]:
    """The next runs after the start of a day, on the clocks of the recurrence's zone."""
    zone = ZoneInfo(recurrence.zone)
    after = datetime.combine(start, time(), zone) - timedelta(seconds=1)
    return [f"{run.astimezone(zone):%a %d %b %H:%M%z}" for run in next_runs(recurrence, after, n)]


@pytest.mark.parametrize(
    ("recurrence", "start", "runs"),
    [
        # the days around spring-forward, at the times that other schedulers skip
        (
            weekly(EVERY_DAY, 0, 0, NEW_YORK),
            date(2026, 3, 7),
            ["Sat 07 Mar 00:00-0500", "Sun 08 Mar 00:00-0500", "Mon 09 Mar 00:00-0400"],
        ),
        (
            weekly(EVERY_DAY, 0, 59, LOS_ANGELES),
            date(2026, 3, 7),
            ["Sat 07 Mar 00:59-0800", "Sun 08 Mar 00:59-0800", "Mon 09 Mar 00:59-0700"],
        ),
        (
            weekly(EVERY_DAY, 0, 30, BERLIN),
            date(2026, 3, 28),
            ["Sat 28 Mar 00:30+0100", "Sun 29 Mar 00:30+0100", "Mon 30 Mar 00:30+0200"],
        ),
        (
            weekly(frozenset({0}), 0, 30, NEW_YORK),
            date(2026, 3, 1),
            ["Mon 02 Mar 00:30-0500", "Mon 09 Mar 00:30-0400", "Mon 16 Mar 00:30-0400"],
        ),
        (
            monthly("1", 0, 0, BERLIN),
            date(2026, 3, 1),
            ["Sun 01 Mar 00:00+0100", "Wed 01 Apr 00:00+0200", "Fri 01 May 00:00+0200"],
        ),
        # a time inside the gap runs at its end
        (
            weekly(EVERY_DAY, 2, 30, NEW_YORK),
            date(2026, 3, 7),
            ["Sat 07 Mar 02:30-0500", "Sun 08 Mar 03:00-0400", "Mon 09 Mar 02:30-0400"],
        ),
        (
            weekly(EVERY_DAY, 2, 0, BERLIN),
            date(2026, 3, 28),
            ["Sat 28 Mar 02:00+0100", "Sun 29 Mar 03:00+0200", "Mon 30 Mar 02:00+0200"],
        ),
        # a time that comes twice runs the first time
        (
            weekly(EVERY_DAY, 1, 30, LOS_ANGELES),
            date(2026, 10, 31),
            ["Sat 31 Oct 01:30-0700", "Sun 01 Nov 01:30-0700", "Mon 02 Nov 01:30-0800"],
        ),
        (
            weekly(EVERY_DAY, 2, 30, BERLIN),
            date(2026, 10, 24),
            ["Sat 24 Oct 02:30+0200", "Sun 25 Oct 02:30+0200", "Mon 26 Oct 02:30+0100"],
        ),
        # 1-5 is Monday to Friday
        (
            weekly(frozenset(range(5)), 9, 0, BERLIN),
            date(2026, 11, 20),
            ["Fri 20 Nov 09:00+0100", "Mon 23 Nov 09:00+0100", "Tue 24 Nov 09:00+0100"],
        ),
        (
            monthly("L", 9, 0, BERLIN),
            date(2028, 1, 31),
            ["Mon 31 Jan 09:00+0100", "Tue 29 Feb 09:00+0100", "Fri 31 Mar 09:00+0200"],
        ),
    ],
)
def test_no_clock_change_skips_or_doubles(
    recurrence: Recurrence, start: date, runs: list[str]
) -> None:
    """Around clock changes no day is left out, the gap runs at its end, and autumn once."""
    assert _local(recurrence, start, len(runs)) == runs


def test_the_second_showing_of_an_hour_runs_nothing_again() -> None:
    """Asked during the hour that comes twice, the next run is tomorrow's, and none lies behind."""
    recurrence = weekly(EVERY_DAY, 2, 30, BERLIN)
    for minute in (0, 10, 29, 30, 59):
        again = datetime(2026, 10, 25, 2, minute, tzinfo=ZoneInfo(BERLIN), fold=1).astimezone(UTC)
        (run,) = next_runs(recurrence, again, 1)
        assert run == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def _expected(days: frozenset[int], clock: time, zone: ZoneInfo, day: date) -> datetime | None:
    """The one run on a local day by the definition: the first real moment at or after ``clock``."""
    if day.weekday() not in days:
        return None
    wanted = datetime.combine(day, clock)
    while True:
        run = wanted.replace(tzinfo=zone).astimezone(UTC)
        if run.astimezone(zone).replace(tzinfo=None) == wanted:
            return run
        wanted += timedelta(minutes=1)


_CHANGING = [BERLIN, NEW_YORK, LOS_ANGELES, "Australia/Lord_Howe", "America/Santiago", "UTC"]
_AFTER = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis adds the zone)
_NEAR_CHANGES = st.builds(
    lambda start, minutes: start + timedelta(minutes=minutes),
    st.sampled_from(
        [
            datetime(2026, month, day, tzinfo=UTC)
            for month, day in ((3, 8), (3, 29), (4, 4), (9, 6), (10, 3), (10, 25), (11, 1))
        ]
    ),
    st.integers(-300, 1740),
)


@settings(max_examples=150)
@given(_WEEKS, st.times(), st.sampled_from(_CHANGING), _AFTER | _NEAR_CHANGES)
def test_each_chosen_day_has_one_run(
    days: frozenset[int], clock: time, zone: str, after: datetime
) -> None:
    """From any moment of a year, also from run to run, each chosen local day has one run."""
    clock = clock.replace(second=0, microsecond=0, fold=0)
    today = after.astimezone(ZoneInfo(zone)).date()
    expected = [
        run
        for offset in range(-1, 15)
        if (run := _expected(days, clock, ZoneInfo(zone), today + timedelta(days=offset)))
        and run > after
    ]
    recurrence = weekly(days, clock.hour, clock.minute, zone)
    assert list(next_runs(recurrence, after, len(expected))) == expected
    for before, run in pairwise(expected):
        assert next_runs(recurrence, before, 1) == (run,)


def test_offered_zones_exist_and_begin_with_ones_own() -> None:
    """Every zone that a form offers is known, each once, the person's own first."""
    options = [option.value for option in zone_options("Asia/Tokyo")]
    assert options[0] == "Asia/Tokyo"
    assert len(set(options)) == len(options) <= 100
    assert [read_zone(option) for option in options] == options


def test_a_missing_zone_is_asked_for() -> None:
    """An empty zone is a question to the person, not a guess."""
    with pytest.raises(BadValue, match="In which time zone"):
        read_zone(" ")
