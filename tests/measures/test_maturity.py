"""Which days' outcomes are in, from counts and from a log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.outcomes.delays import mature_days
from queries.measures.outcomes.maturity import DayCounts, DayState, judge
from tests.measures.conftest import NOW, write_parquet


def simulated(
    rng: np.random.Generator, days: int = 40, rows: int = 500, share: float = 0.8
) -> list[DayCounts]:
    """Draw days, oldest first, whose outcomes take 0 to about 12 days, as seen on the last one."""
    found = []
    for age in range(days - 1, -1, -1):
        delays = rng.binomial(12, 0.4, rng.binomial(rows, share))
        seen = delays[delays <= age]
        by_delay = {int(delay): int((seen == delay).sum()) for delay in np.unique(seen)}
        found.append(DayCounts(age, rows, len(seen), by_delay))
    return found


def test_young_days_are_early_and_old_ones_mature() -> None:
    """With delays of 0 to 12 days, 95 % are in after 8, and no younger day is called mature."""
    found = judge(simulated(np.random.default_rng(1)))
    assert found.usual_days in (7, 8)
    assert found.final.value == pytest.approx(0.8, abs=0.02)
    states = [day.state for day in found.days]
    assert states[: 40 - found.usual_days] == [DayState.MATURE] * (40 - found.usual_days)
    assert set(states[40 - found.usual_days :]) == {DayState.EARLY}
    assert found.days[-1].complete == pytest.approx(0.6**12, abs=0.01)
    assert found.mature_rows == 500 * (40 - found.usual_days)


def test_completeness_is_right() -> None:
    """The share in by age is within 3 points of the truth, though young days hide long delays."""
    found = judge(simulated(np.random.default_rng(2), days=30, rows=2000))
    truth = np.cumsum(np.bincount(np.random.default_rng(3).binomial(12, 0.4, 100_000)) / 100_000)
    for day, age in zip(found.days, range(29, -1, -1), strict=True):
        assert day.complete == pytest.approx(truth[min(age, len(truth) - 1)], abs=0.03)


def test_an_outage_of_outcomes_is_missing_not_mature() -> None:
    """Old days whose outcomes never came are said to miss them, and don't count."""
    days = simulated(np.random.default_rng(4))
    days[10] = DayCounts(days[10].age, 500, 30, {3: 30})
    found = judge(days)
    assert found.days[10].state is DayState.MISSING
    assert found.days[11].state is DayState.MATURE


def test_a_log_younger_than_the_declared_delay_is_early() -> None:
    """Where no day is as old as outcomes usually take, none is mature."""
    days = simulated(np.random.default_rng(5), days=5)
    assert {day.state for day in judge(days, declared_delay=7).days} == {DayState.EARLY}


def test_without_delays_the_declared_one_judges() -> None:
    """A log that doesn't say when outcomes came goes by the declared delay."""
    days = [DayCounts(age, 100, 80 if age >= 7 else 20, {}) for age in range(20, -2, -1)]
    states = [day.state for day in judge(days, declared_delay=7).days]
    assert states == [DayState.MATURE] * 14 + [DayState.EARLY] * 8
    assert {day.state for day in judge(days[:14]).days} == {DayState.MATURE}


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ([DayCounts(3, 0, 0, {})], DayState.EMPTY),
        ([DayCounts(3, 10, 0, {})], DayState.UNKNOWN),
        ([DayCounts(-1, 10, 2, {0: 2})], DayState.MATURE),
        ([DayCounts(9, 10, 10, {9: 10})], DayState.MATURE),
    ],
)
def test_little_to_judge_by(days: list[DayCounts], state: DayState) -> None:
    """Empty days, days without outcomes and single days get a state and no crash."""
    assert [day.state for day in judge(days).days] == [state]
    assert judge([]).final.value is None


@pytest.fixture
def delayed(tmp_path: Path, open_log: Callable[[dict[str, Any]], Log]) -> Log:
    """Open 30 days of ten rows an hour whose outcomes take 0 to 5 days, for approved ones only."""
    (tmp_path / "log").mkdir()
    write_parquet(
        """
        SELECT i AS id, TIMESTAMP '2026-11-23 12:00' - to_minutes(CAST(i * 6 AS INTEGER)) AS ts,
            CASE WHEN i % 4 = 0 THEN 'decline' ELSE 'approve' END AS decided
        FROM range(7200) t(i)
        """,
        tmp_path / "log" / "rows.parquet",
    )
    write_parquet(
        """
        SELECT i AS id, i % 2 AS paid,
            TIMESTAMP '2026-11-23 12:00' - to_minutes(CAST(i * 6 AS INTEGER))
                + to_hours(CAST(hash(i) % 120 AS INTEGER)) AS at
        FROM range(7200) t(i) WHERE i % 4 <> 0
        """,
        tmp_path / "outcomes.parquet",
    )
    return open_log(
        {
            "title": "Delayed",
            "files": str(tmp_path / "log"),
            "format": "parquet",
            "task": "binary",
            "positive": 1,
            "decided": ["approve"],
            "outcome_delay": "3 days",
            "roles": {"time": "ts", "request_id": "id", "decision": "decided"},
            "outcomes": {
                "files": str(tmp_path / "outcomes.parquet"),
                "request_id": "id",
                "outcome": "paid",
                "outcome_time": "at",
            },
        }
    )


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_mature_days_of_a_log(delayed: Log, zone: str) -> None:
    """Of the last ten local days those past five are mature; outcomes after now don't count."""
    span = Span(NOW - timedelta(days=10), NOW)
    found = mature_days(delayed, span, NOW, ZoneInfo(zone))
    assert found.dates[-1] == date(2026, 11, 23)
    assert len(found.dates) == 11
    assert found.maturity.usual_days in (4, 5)
    assert found.maturity.final.value == pytest.approx(1.0, abs=0.01)
    assert found.maturity.days[-1].state is DayState.EARLY
    arrived = found.maturity.days[-1].arrived.value
    assert arrived is not None
    assert arrived < 0.2
    mature = [day.state is DayState.MATURE for day in found.maturity.days]
    assert mature == sorted(mature, reverse=True)
    assert len(found.mature) == 1
    assert found.mature[0].start == span.start
    last = max(day for day, good in zip(found.dates, mature, strict=True) if good)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    assert found.mature[0].end == end.astimezone(UTC)
