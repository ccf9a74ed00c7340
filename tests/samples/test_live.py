"""The log goes on by the minute: nothing twice, nothing lost, whatever the clock does."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from bot.samples.lending.live import Live
from bot.samples.lending.plan import minute_of
from bot.samples.lending.simulate import simulate
from tests.samples.conftest import AT, PLAN, Clock


def logged(folder: Path) -> list[tuple[object, ...]]:
    """Give every row of the log, in the order of time."""
    log = duckdb.read_parquet(str(folder / "lending" / "log" / "*.parquet"))
    return log.order("ts, request_id").fetchall()


def outcomes(folder: Path) -> list[tuple[object, ...]]:
    """Give every outcome, in the order of its report."""
    reported = duckdb.read_parquet(str(folder / "lending" / "outcomes" / "*.parquet"))
    return reported.order("reported_at, request_id").fetchall()


def expected_ids(end: datetime) -> Counter[str]:
    """Give the request ids that the plan has from its beginning to ``end``."""
    keys = simulate(PLAN, PLAN.first, minute_of(end)).asked.key
    return Counter(f"{key:016x}" for key in keys.tolist())


def logged_ids(folder: Path) -> Counter[str]:
    """Give the request ids of the log, each as often as it is there."""
    log = duckdb.read_parquet(str(folder / "lending" / "log" / "*.parquet"))
    return Counter(request_id for (request_id,) in log.project("request_id").fetchall())


STEPS = {
    "minute by minute over a full hour": [timedelta(minutes=1)] * 33,
    "into the next day by hours": [timedelta(hours=3)] * 5,
    "stopping in the first hour of a day": [timedelta(hours=9, minutes=50), timedelta(days=2)],
    "stopping at midnight": [timedelta(hours=9, minutes=30), timedelta(days=1), timedelta(hours=2)],
    "three days at once": [timedelta(days=3)],
    "not on the minute": [timedelta(seconds=50)] * 5,
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS.keys())
def test_each_minute_is_there_once_whatever_the_steps(steps: list[timedelta], folder: Path) -> None:
    """After any sequence of steps the log holds the plan's requests up to now, each once."""
    clock = Clock(AT)
    live = Live(folder, clock)
    for step in steps:
        clock.now += step
        through = live.catch_up()
        assert through == clock.now.replace(second=0, microsecond=0)
    assert logged_ids(folder) == expected_ids(clock.now)


def test_steps_and_one_jump_end_in_the_same_rows(folder: Path, tmp_path: Path) -> None:
    """A restart at every step, over two midnights, changes no value of the log or outcomes."""
    other = tmp_path / "other"
    shutil.copytree(folder / "lending", other / "lending")
    end = AT + timedelta(days=2, hours=1, minutes=7)
    for hours in range(0, 49, 8):
        Live(folder, Clock(AT + timedelta(hours=hours))).catch_up()
    Live(folder, Clock(end)).catch_up()
    Live(other, Clock(end)).catch_up()
    assert logged(folder) == logged(other)
    assert outcomes(folder) == outcomes(other)


def test_a_gap_of_days_is_filled_with_one_file_a_day(folder: Path) -> None:
    """The begun day stays in hours, whole days are one file each, the last day is in hours."""
    Live(folder, Clock(AT + timedelta(days=3))).catch_up()
    names = {path.stem for path in (folder / "lending" / "log").iterdir()}
    new = {name for name in names if name >= "2026-11-23"}
    hours = {f"2026-11-23T{hour:02d}" for hour in range(24)}
    assert new == hours | {"2026-11-24", "2026-11-25"} | {
        f"2026-11-26T{hour:02d}" for hour in range(15)
    }


@pytest.mark.parametrize("back", [timedelta(0), timedelta(minutes=3), timedelta(days=2)])
def test_a_clock_that_stands_or_goes_back_changes_nothing(back: timedelta, folder: Path) -> None:
    """No file is written, and what is told is how far the log runs."""
    clock = Clock(AT + timedelta(minutes=20))
    live = Live(folder, clock)
    live.catch_up()
    before = logged(folder)
    clock.now -= back
    assert live.catch_up() > AT
    assert Live(folder, clock).catch_up() > AT
    assert logged(folder) == before


@pytest.mark.parametrize("lost", ["2026-11-23T14.parquet", "2026-11-23T1*.parquet"])
def test_a_writer_that_died_is_made_up_for(lost: str, folder: Path) -> None:
    """What a killed writer had not put in place, or left unfinished, is put right by the next."""
    end = AT + timedelta(hours=4)
    Live(folder, Clock(end)).catch_up()
    log = folder / "lending" / "log"
    for path in sorted(log.glob(lost)):
        path.unlink()
    for path in [path for path in log.glob("2026-11-23T*") if path.name > lost]:
        path.unlink()
    (log / ".2026-11-23T14.parquet.part").write_bytes(b"PAR1 half a file")
    Live(folder, Clock(end)).catch_up()
    assert logged_ids(folder) == expected_ids(end)


def test_outcomes_come_once_the_day_is_over_and_each_once(folder: Path) -> None:
    """Before midnight nothing is added; after it the day's file is, with no outcome twice."""
    clock = Clock(AT)
    live = Live(folder, clock)
    before = outcomes(folder)
    clock.now = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    live.catch_up()
    assert outcomes(folder) == before
    clock.now = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)
    live.catch_up()
    after = outcomes(folder)
    ids = [request_id for request_id, *_ in after]
    assert len(ids) == len(set(ids)) > len(before)
    assert set(before) < set(after)
    last = max(str(reported) for _, _, reported in after)
    assert "2026-11-25" < last < "2026-11-26"


def test_the_planted_failure_stays_at_its_time_and_ends(folder: Path) -> None:
    """Three days on, the input is empty from six hours before the first end, for 30 hours."""
    Live(folder, Clock(AT + timedelta(days=3))).catch_up()
    first, last = (
        duckdb.read_parquet(str(folder / "lending" / "log" / "*.parquet"))
        .filter("error = 'feature_missing: income_band' AND region = 'EMEA'")
        .filter(f"ts >= '{AT - timedelta(hours=7):%Y-%m-%d %H:%M}'")
        .aggregate("min(ts), quantile_disc(ts, 0.95)")
        .fetchall()[0]
    )
    failure = (AT - timedelta(hours=6)).replace(tzinfo=None)
    assert timedelta(0) < first - failure < timedelta(minutes=30)
    assert timedelta(hours=24) < last - failure <= timedelta(hours=30)
