"""Around a change of clocks nothing is raised where nothing is wrong, in UTC and in local logs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from queries.core.answer import Severity
from queries.core.times.spans import Span, turns_within
from tests.asking import asking

ZONES = (
    "Africa/Cairo",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "Asia/Beirut",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/London",
    "Pacific/Auckland",
)
"""Zones of both halves of the earth; some change at midnight, one by half an hour."""

YEAR = Span(datetime(2025, 11, 15, tzinfo=UTC), datetime(2026, 11, 15, tzinfo=UTC))
CHANGES = [(zone, *turn) for zone in ZONES for turn in turns_within(YEAR, ZoneInfo(zone))]
BOTH = ("Europe/Berlin", "America/New_York")
SETTLED = (Severity.GOOD, Severity.NOTE)
AN_HOUR = 30.0
MICRO = timedelta(microseconds=1)
Sources = Mapping[str, Any]


def written(folder: Path, zone: ZoneInfo, turned: datetime, lost: Span | None = None) -> Sources:
    """Write six weeks of people's requests, on the clock of UTC and on their own, and declare both.

    They ask less at night by their own clock. What was ``lost`` isn't logged.
    """
    rng = np.random.default_rng(7)
    first = (turned - timedelta(days=37)).replace(minute=0, second=0, microsecond=0)
    hours = [first + timedelta(hours=hour) for hour in range(24 * 42)]
    local = [each.astimezone(zone) for each in hours]
    paces = [AN_HOUR * (1 + 0.6 * math.sin(math.pi * (each.hour - 8) / 12)) for each in local]
    drawn = rng.poisson(paces)
    begun = np.repeat(np.array([_stamp(each) for each in hours]), drawn)
    apart = np.repeat([(each.utcoffset() or timedelta()) // MICRO for each in local], drawn)
    stamps = begun + rng.integers(0, 3600 * 10**6, len(begun)).astype("timedelta64[us]")
    kept = np.ones(len(stamps), bool)
    if lost:
        kept = (stamps < _stamp(lost.start)) | (stamps >= _stamp(lost.end))
    rest = {
        "id": [f"r{at}" for at in range(len(stamps))],
        "status": np.where(rng.random(len(stamps)) < 0.02, 500, 200),
        "latency": rng.lognormal(4, 0.5, len(stamps)),
        "region": rng.choice(["a", "b"], len(stamps)),
    }
    clocks = {"universal": stamps, "local": stamps + apart.astype("timedelta64[us]")}
    for name, times in clocks.items():
        table = pa.table({"ts": times, **rest}).filter(pa.array(kept))
        pq.write_table(table, folder / f"{name}.parquet")
    roles = {"time": "ts", "request_id": "id", "status": "status", "latency_ms": "latency"}
    source = {"roles": {**roles, "dimensions": ["region"]}}
    return {
        "universal": {**source, "files": str(folder / "universal.parquet")},
        "local": {**source, "files": str(folder / "local.parquet"), "zone": zone.key},
    }


def _stamp(at: datetime) -> np.datetime64:
    return np.datetime64(at.replace(tzinfo=None), "us")


@pytest.mark.parametrize(
    ("zone", "turned", "by"), CHANGES, ids=[f"{zone}-{at:%d-%b}" for zone, at, _ in CHANGES]
)
def test_a_change_of_clocks_raises_nothing(
    tmp_path: Path, zone: str, turned: datetime, by: timedelta
) -> None:
    """On the day of a change, the day after and a week on, all is as usual on either clock."""
    assert abs(by) <= timedelta(hours=1)
    declared = written(tmp_path, ZoneInfo(zone), turned)
    raised = []
    for later, asks in ASKS.items():
        with asking(declared, tmp_path, now=turned + later, zone=zone) as house:
            for text in asks:
                answer = house.answer(text)
                quiet = not text.startswith("changes") or "no change" in answer.headline
                if answer.severity not in SETTLED or not quiet:
                    raised.append(f"{later} {text}: {answer.severity} {answer.headline}")
    assert not raised, "\n".join(raised)


ASKS = {
    timedelta(minutes=40): ("traffic local last 24 hours", "health last 6 hours"),
    timedelta(hours=11): (
        "traffic universal today",
        "changes local last 24 hours",
        "errors local last 24 hours",
    ),
    timedelta(hours=31): ("traffic universal last 7 days", "traffic local last 7 days"),
    timedelta(days=4, hours=8): ("changes universal last 7 days",),
}
"""By how long after the change: what is asked."""


@pytest.mark.parametrize(
    ("zone", "turned"), [(zone, at) for zone, at, _ in CHANGES if zone in BOTH]
)
@pytest.mark.parametrize("after", [timedelta(hours=-3), timedelta(minutes=90), timedelta(hours=9)])
def test_what_is_missing_is_missed_on_that_day_too(
    tmp_path: Path, zone: str, turned: datetime, after: timedelta
) -> None:
    """Hours without a request on the day of the change are told on either clock."""
    lost = Span(turned + after, turned + after + timedelta(hours=2))
    declared = written(tmp_path, ZoneInfo(zone), turned, lost)
    with asking(declared, tmp_path, now=turned + timedelta(hours=20), zone=zone) as house:
        for name in declared:
            answer = house.answer(f"traffic {name} last 48 hours")
            assert answer.severity in (Severity.WARNING, Severity.ALARM), answer.headline
            assert "no requests from" in answer.headline


def test_an_hour_that_comes_twice_or_never_is_named(tmp_path: Path) -> None:
    """An answer about a log on a local clock names the hour of which it can't tell enough."""
    said = {}
    for zone, turned, by in CHANGES:
        if zone == "Europe/Berlin":
            declared = written(tmp_path, ZoneInfo(zone), turned)
            with asking(declared, tmp_path, now=turned + timedelta(hours=9), zone=zone) as house:
                assert not house.answer("errors universal today").caveats
                said[by] = house.answer("errors local today").caveats
    assert said == {
        timedelta(hours=1): (
            "On the clock of Europe/Berlin, 02:00 to 03:00 on 29 Mar didn't come, as clocks were "
            "set forward.",
        ),
        timedelta(hours=-1): (
            "On the clock of Europe/Berlin, 02:00 to 03:00 on 25 Oct came twice. Which of both a "
            "request is of, the log doesn't tell.",
        ),
    }
