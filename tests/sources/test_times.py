"""A log's times, however they are written, are the same moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
import sqlalchemy as sa

from queries.core.errors import LogUnreadable
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.sources.opening import OpenLogs
from queries.sources.shapes import unit_of
from tests.conftest_postgres import load_table
from tests.sources.written import write

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 10, 24, tzinfo=UTC)
"""Two days in whose middle Berlin's clocks go back from summer time, at 01:00 UTC on the 25th."""

UTC_TIMES = (
    "SELECT TIMESTAMP '2026-10-24' + i * INTERVAL '10 minutes' AS utc FROM range(288) AS n(i)"
)
SHAPES = {
    "naive": "utc",
    "seconds": "utc::TIMESTAMP_S",
    "nanoseconds": "utc::TIMESTAMP_NS",
    "zoned": "utc::TIMESTAMPTZ",
    "text": "strftime(utc, '%Y-%m-%dT%H:%M:%SZ')",
    "text with offset": "strftime(utc + INTERVAL '2 hours', '%Y-%m-%d %H:%M:%S+02:00')",
    "epoch s": "epoch(utc)::BIGINT",
    "epoch ms": "epoch_ms(utc)",
    "epoch us": "epoch_us(utc)",
    "epoch ns": "epoch_ns(utc)",
}
HOURS = Span(FIRST + timedelta(hours=22), FIRST + timedelta(hours=29))


def per_hour(log: Log) -> list[tuple[object, ...]]:
    """Count rows an hour of the span, with the first time in each."""
    rows = log.aggregate(
        {"n": sa.func.count(), "first": sa.func.min(log.column("time"))},
        by={"hour": log.bucket(HOURS.start, 3600)},
        spans=[HOURS],
    )
    return [tuple(row.values()) for row in rows]


EXPECTED = [(i, 6, HOURS.start + i * timedelta(hours=1)) for i in range(7)]


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_way_to_write_a_time(
    shape: str, suffix: str, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Naive, zoned, text and counted times fall into the same hours and give the same extent."""
    query = f"SELECT {SHAPES[shape]} AS t FROM ({UTC_TIMES})"
    write(tmp_path / f"a.{suffix}", query)
    log = opened(files=f"a.{suffix}", roles={"time": "t"})
    assert per_hour(log) == EXPECTED
    last = FIRST + timedelta(minutes=2870)
    assert log.extent() == Span(FIRST, last + timedelta(microseconds=1))
    assert log.data_through() == last
    assert log.kind("time") == "time"


@pytest.mark.parametrize("shape", ["naive", "zoned", "epoch ms", "text"])
def test_every_way_in_postgresql(shape: str, postgres_url: str, opened: Callable[..., Log]) -> None:
    """PostgreSQL's kinds of times fall into the same hours too."""
    load_table(postgres_url, "moments", f"SELECT {SHAPES[shape]} AS t FROM ({UTC_TIMES})")
    log = opened(url=postgres_url, table="moments", roles={"time": "t"})
    assert per_hour(log) == EXPECTED
    assert log.data_through() == FIRST + timedelta(minutes=2870)


Clocks = Callable[..., Log]


@pytest.fixture
def berlin(tmp_path: Path, postgres_url: str, opened: Callable[..., Log]) -> Clocks:
    """Open a log of Berlin's local times in a place."""

    def log(place: str, query: str, **declared: str) -> Log:
        roles = {"time": "t"}
        if place != "postgresql":
            write(tmp_path / f"a.{place}", query)
            return opened(files=f"a.{place}", zone="Europe/Berlin", roles=roles, **declared)
        with duckdb.connect() as duck:
            duck.execute("SET TimeZone = 'UTC'")
            duck.execute(f"COPY ({query}) TO '{tmp_path / 'a.parquet'}'")
        load_table(postgres_url, "naive", f"FROM '{tmp_path / 'a.parquet'}'")
        url = {"url": postgres_url, "table": "naive"}
        return opened(**url, zone="Europe/Berlin", roles=roles, **declared)

    return log


PLACES = ["parquet", "csv", "jsonl", "postgresql"]
LOCAL = "timezone('Europe/Berlin', utc::TIMESTAMPTZ)"


@pytest.mark.parametrize("place", PLACES)
def test_naive_times_of_a_zone(place: str, berlin: Clocks) -> None:
    """Naive times are of the declared zone; the hour that comes twice is taken for winter time."""
    log = berlin(place, f"SELECT {LOCAL} AS t FROM ({UTC_TIMES})")
    counts = [(row[0], row[1]) for row in per_hour(log)]
    # 00:00 to 01:00 UTC was 02:00 to 03:00 in summer time, and is written like the hour after it.
    assert counts == [(0, 6), (1, 6), (3, 12), (4, 6), (5, 6), (6, 6)]
    assert log.data_through() == FIRST + timedelta(minutes=2870)


@pytest.mark.parametrize("place", PLACES)
def test_clocks_that_went_back_are_said(place: str, berlin: Clocks) -> None:
    """An hour that came twice is told with its rows, where it is in the time that is read."""
    log = berlin(place, f"SELECT {LOCAL} AS t, 'a' AS env FROM ({UTC_TIMES})", where="env = 'a'")
    log.aggregate({"n": sa.func.count()}, spans=[Span(FIRST, FIRST + timedelta(hours=23))])
    assert log.extent() is not None
    assert log.left_out == []
    per_hour(log)
    assert log.left_out == [
        "12 rows have times from 02:00 to 03:00 on 25 Oct 2026, which came twice in "
        "Europe/Berlin, as clocks went back; they were all read as of the second. Only times with "
        "their offset, or in UTC, tell them apart."
    ]


@pytest.mark.parametrize("place", PLACES)
def test_clocks_that_went_forward_are_said(place: str, berlin: Clocks) -> None:
    """An hour that never was is told, and its rows are read as of the hour after it."""
    log = berlin(
        place,
        "SELECT TIMESTAMP '2026-03-29' + i * INTERVAL '10 minutes' AS t FROM range(144) AS n(i)",
    )
    two, one = datetime(2026, 3, 29, 2, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert log.aggregate({"n": sa.func.count()}, spans=[Span(one, two)]) == [{"n": 12}]
    assert log.left_out == [
        "6 rows have times from 02:00 to 03:00 on 29 Mar 2026, which there never was in "
        "Europe/Berlin, as clocks went forward; they were all read as from 03:00 on. Is `zone` "
        "the one of this log?"
    ]


@pytest.mark.parametrize("place", PLACES)
def test_times_that_say_their_zone_come_once(place: str, berlin: Clocks) -> None:
    """Nothing is said of the clock change where moments tell themselves apart."""
    log = berlin(place, f"SELECT {SHAPES['text with offset']} AS t FROM ({UTC_TIMES})")
    assert per_hour(log) == EXPECTED
    log = berlin(place, f"SELECT utc::TIMESTAMPTZ AS t FROM ({UTC_TIMES})")
    assert per_hour(log) == EXPECTED
    assert log.left_out == []


def test_text_without_its_zone_alone_comes_twice(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Of texts some of which say their zone, only the others are told of."""
    rows = ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25 02:45:00"]
    (tmp_path / "a.csv").write_text("\n".join(["t", *rows, "2026-10-25 05:00:00", ""]))
    log = opened(files="a.csv", zone="Europe/Berlin", roles={"time": "t"})
    assert log.aggregate({"n": sa.func.count()}, spans=[HOURS]) == [{"n": 4}]
    (said,) = log.left_out
    assert said.startswith("1 row has a time from 02:00 to 03:00 on 25 Oct 2026, which came twice")


def test_text_that_says_its_zone_sometimes(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A text with an offset is that moment; one without is of the source's zone."""
    path = tmp_path / "a.csv"
    path.write_text("t\n2026-07-01T10:00:00+02:00\n2026-07-01 10:00:00\n2026-07-01T08:00:00.5Z\n")
    log = opened(files="a.csv", zone="Europe/Berlin", roles={"time": "t"})
    found = log.records(["time"], spans=None, limit=9, order=[log.column("time")])
    eight = datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert [row["time"] for row in found] == [eight, eight, eight + timedelta(seconds=0.5)]


def test_dates_are_midnights(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A log with dates only has rows at each day's first moment."""
    write(
        tmp_path / "a.parquet", "SELECT DATE '2026-10-24' + i::INTEGER AS t FROM range(5) AS n(i)"
    )
    log = opened(files="a.parquet", roles={"time": "t"})
    span = Span(datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 27, tzinfo=UTC))
    assert log.aggregate({"n": sa.func.count()}, spans=[span]) == [{"n": 2}]


def test_unreadable_times_are_counted(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Rows whose time cannot be read are left out, with their number."""
    times = "".join(f"2026-07-{day:02d}T10:00:00Z\n" for day in range(1, 31))
    (tmp_path / "a.csv").write_text("t\n" + times + "yesterday\n")
    log = opened(files="a.csv", roles={"time": "t"})
    span = Span(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
    assert log.aggregate({"n": sa.func.count()}, spans=[span]) == [{"n": 30}]
    assert log.left_out == ["a.csv: left out 1 row whose “t” is no time, such as “yesterday”."]


def test_files_outside_the_span_are_not_opened(
    tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """Files are pruned by the first and last time in them, whatever their names say."""
    for day in range(10):
        moment = f"TIMESTAMP '2026-11-{day + 1:02d}' + i * INTERVAL '1 hour'"
        write(tmp_path / f"{9 - day}.parquet", f"SELECT {moment} AS t FROM range(24) AS n(i)")
    log = opening(log={"files": "*.parquet", "roles": {"time": "t"}}).logs().of("log")
    span = Span(datetime(2026, 11, 3, 12, tzinfo=UTC), datetime(2026, 11, 4, 12, tzinfo=UTC))
    assert log.aggregate({"n": sa.func.count()}, spans=[span]) == [{"n": 24}]
    assert "6.parquet, 7.parquet" in log.statements[-1].parameters.values()


def test_later_rows_than_now_are_not_data_yet(
    tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """``data_through`` is the latest time that is not after now, also in the middle of a file."""
    write(tmp_path / "a.parquet", f"SELECT utc AS t FROM ({UTC_TIMES}) WHERE utc < '2026-10-25'")
    write(tmp_path / "b.parquet", f"SELECT utc AS t FROM ({UTC_TIMES}) WHERE utc >= '2026-10-25'")
    logs = opening(log={"files": "*.parquet", "roles": {"time": "t"}})
    for now, latest in [
        (FIRST + timedelta(minutes=15), FIRST + timedelta(minutes=10)),
        (FIRST + timedelta(minutes=20), FIRST + timedelta(minutes=20)),
        (FIRST + timedelta(hours=30, minutes=9), FIRST + timedelta(hours=30)),
        (FIRST + timedelta(days=9), FIRST + timedelta(minutes=2870)),
        (FIRST - timedelta(seconds=1), None),
    ]:
        assert logs.logs(now=now).of("log").data_through() == latest


def test_local_days_follow_the_clock(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A day on which clocks go back has 25 hours of rows, and the next begins an hour later."""
    write(tmp_path / "a.parquet", f"SELECT utc AS t FROM ({UTC_TIMES})")
    log = opened(files="a.parquet", roles={"time": "t"})
    day = log.day(date(2026, 10, 24), date(2026, 10, 25), BERLIN)
    rows = log.aggregate({"n": sa.func.count()}, by={"day": day})
    assert [(row["day"], row["n"]) for row in rows] == [(0, 22 * 6), (1, 25 * 6), (None, 6)]


@pytest.mark.parametrize(
    ("number", "unit"),
    [
        (1_790_000_000, 1_000_000),
        (1_790_000_000_000, 1_000),
        (1_790_000_000_000_000, 1),
        (1_790_000_000_000_000_000, 0),
    ],
)
def test_units_are_told_by_size(number: int, unit: int) -> None:
    """A number of this century is s, ms, us or (as 0) ns by how large it is."""
    assert unit_of(number) == unit


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_numbers_that_are_no_times_are_said(
    suffix: str, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A number that counts nothing since 1970 is no time, and isn't taken for one."""
    write(tmp_path / f"a.{suffix}", "SELECT 4711 + i AS t FROM range(9) AS n(i)")
    log = opened(files=f"a.{suffix}", roles={"time": "t"})
    assert log.aggregate({"n": sa.func.count()}, spans=[HOURS]) == [{"n": 0}]
    assert log.left_out == [f"a.{suffix}: left out 9 rows whose “t” is no time, such as “4711”."]
    with pytest.raises(LogUnreadable, match="no time in “t” can be read"):
        log.extent()
