"""The scheduler: one job, at once when told to, never two at a time, and nothing stops it."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime, timedelta
from threading import Event, Thread, current_thread
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.scheduler import Scheduler

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SOON = timedelta(milliseconds=20)
PATIENCE = 30


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """Keep what is logged from the screen, and give it."""
    with capture_logs() as events:
        yield events


def test_a_tick_does_all_work_at_the_clocks_time() -> None:
    """Each piece of work is done once, in order, with the moment that the clock shows."""
    done: list[tuple[str, datetime]] = []
    scheduler = Scheduler(
        lambda: NOW, lambda at: done.append(("a", at)), lambda at: done.append(("b", at))
    )
    scheduler.tick()
    assert done == [("a", NOW), ("b", NOW)]


def test_work_that_fails_is_told_after_the_rest_is_done() -> None:
    """One failing piece does not keep the others from being done, and a tick raises it."""
    done: list[datetime] = []

    def fail(_now: datetime) -> None:
        raise OSError("the state is gone")

    with pytest.raises(ExceptionGroup) as failed:
        Scheduler(lambda: NOW, fail, done.append).tick()
    assert failed.group_contains(OSError, match="the state is gone")
    assert done == [NOW]


def test_it_goes_on_by_itself_after_a_failure(
    logged: list[MutableMapping[str, Any]],
) -> None:
    """Started, it works again and again in another thread; a failure is logged, not the end."""
    threads: list[Thread] = []
    enough = Event()

    def work(_now: datetime) -> None:
        threads.append(current_thread())
        if len(threads) >= 3:
            enough.set()
        raise OSError("the state is gone")

    scheduler = Scheduler(lambda: NOW, work, every=SOON, jitter=0)
    scheduler.start()
    try:
        assert enough.wait(PATIENCE)
    finally:
        scheduler.stop()
    assert current_thread() not in threads
    assert {event["event"] for event in logged} == {"scheduled work failed"}


def test_a_tick_waits_for_what_is_under_way() -> None:
    """Two ticks at once are done one after the other, so that a tick's end means all is done."""
    inside: list[int] = []
    overlapped: list[bool] = []
    entered, leave = Event(), Event()

    def work(_now: datetime) -> None:
        overlapped.append(bool(inside))
        inside.append(1)
        entered.set()
        assert leave.wait(PATIENCE)
        inside.pop()

    scheduler = Scheduler(lambda: NOW, work)
    first, second = Thread(target=scheduler.tick), Thread(target=scheduler.tick)
    first.start()
    assert entered.wait(PATIENCE)
    second.start()
    leave.set()
    first.join(PATIENCE)
    second.join(PATIENCE)
    assert overlapped == [False, False]


def test_stopping_waits_for_what_is_under_way() -> None:
    """When it has stopped, the work that was under way has come to its end."""
    begun, ended = Event(), Event()

    def work(_now: datetime) -> None:
        begun.set()
        Event().wait(SOON.total_seconds())
        ended.set()

    scheduler = Scheduler(lambda: NOW, work, every=SOON, jitter=0)
    scheduler.start()
    assert begun.wait(PATIENCE)
    scheduler.stop()
    assert ended.is_set()


def test_one_that_never_started_can_be_stopped() -> None:
    """Stopping what does not run is no error."""
    Scheduler(lambda: NOW).stop()
