"""Files that take long to be looked through: nobody has to wait to the end, and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from queries.core.errors import Cancelled, LogUnreadable, TookTooLong
from queries.core.log import Log
from queries.sources.opening import EngineSettings, OpenLogs
from tests.sources.written import write

ROLES = {"time": "t", "latency_ms": "ms", "dimensions": ["region"]}
SLOW = (
    "SELECT TIMESTAMP '2026-11-20' + i * INTERVAL '100 milliseconds' AS t, i % 997 AS ms, "
    "'region ' || i % 5 AS region FROM range(600000) AS n(i)"
)
SHORT = EngineSettings(deadline_seconds=0.1)


@pytest.fixture
def slow(tmp_path: Path, opening: Callable[..., OpenLogs]) -> OpenLogs:
    """Open a log that is looked through for a second or more, with a deadline of a tenth."""
    write(tmp_path / "a.csv", SLOW)
    return opening(SHORT, log={"files": "a.csv", "roles": ROLES})


def test_who_waits_may_cancel(slow: OpenLogs) -> None:
    """Cancel ends the waiting at once."""
    start = time.monotonic()
    with pytest.raises(Cancelled):
        slow.logs(cancelled=lambda: time.monotonic() - start > 0.05).of("log").extent()
    assert slow.logs(patient=True).of("log").has("latency_ms")


def test_a_deadline_ends_the_waiting_and_not_the_look(slow: OpenLogs) -> None:
    """Who has waited long enough is told to come again, and then it is known."""
    with pytest.raises(TookTooLong, match="It goes on by itself: ask again in a few minutes"):
        slow.logs().of("log").extent()
    start = time.monotonic()
    assert slow.logs(patient=True).of("log").extent() is not None
    whole = time.monotonic() - start
    start = time.monotonic()
    assert slow.logs().of("log").extent() is not None
    assert time.monotonic() - start < max(0.1, whole)


def test_who_waits_is_told(slow: OpenLogs) -> None:
    """The one who asks reads what is done meanwhile."""
    said: list[str] = []
    log = slow.logs(progress=lambda text, _share: said.append(text), patient=True).of("log")
    assert log.has("latency_ms")
    assert "Looking through the files of log" in said


def test_all_that_wait_get_what_is_there(slow: OpenLogs, tmp_path: Path) -> None:
    """Several asks at once wait for one look, and see what came since it began."""

    def extent(_: int) -> object:
        return slow.logs(patient=True).of("log").extent()

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(extent, 0)
        time.sleep(0.2)
        write(tmp_path / "b.csv", SLOW.replace("2026-11-20", "2026-11-22"))
        write((tmp_path / "a.csv"), SLOW.replace("2026-11-20", "2026-11-21"))
        others = [*pool.map(extent, range(3))]
    assert first.result() is not None
    assert len(set(map(str, others))) == 1
    assert "2026, 11, 21" in repr(others[0])


def test_what_goes_wrong_is_told_to_each(opening: Callable[..., OpenLogs]) -> None:
    """A place that can't be looked at says so to everybody who asks, each time."""
    logs = opening(log={"files": "nowhere/*.csv", "roles": ROLES})

    def ask(_: int) -> str:
        log: Log = logs.logs().of("log")
        with pytest.raises(LogUnreadable) as caught:
            log.extent()
        return str(caught.value)

    with ThreadPoolExecutor(4) as pool:
        assert all("No file matches" in said for said in pool.map(ask, range(8)))
