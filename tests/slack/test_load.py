"""Many people at once: every request acknowledged before any answer, answered once."""

from __future__ import annotations

import asyncio
from collections import Counter
from threading import Barrier, Event

from bot.slack.work import Work
from tests.slack.conftest import Trip

PEOPLE = 25


def test_acknowledged_while_every_ask_is_slow(trip: Trip) -> None:
    """While no answer can be finished, every request is acknowledged; then each is answered."""
    trip.core.let_answer.clear()
    for at in range(PEOPLE):
        trip.ask(f"/ml errors lending last {at + 2} hours")
    trip.until(lambda: all(each.seconds is not None for each in trip.slack.deliveries) or None)
    assert len(trip.slack.deliveries) == PEOPLE
    assert not any("Alarm" in str(m) for m in trip.slack.messages("#lending"))
    trip.core.let_answer.set()
    trip.until(
        lambda: sum("Alarm" in str(m) for m in trip.slack.messages("#lending")) == PEOPLE or None
    )
    asked = Counter(str(question) for question, *_ in trip.core.asks)
    assert len(asked) == PEOPLE
    assert set(asked.values()) == {1}


def test_no_more_at_once_than_allowed() -> None:
    """So many asks run at a time; those who wait are told their place; short work overtakes."""
    work, together, told = Work(at_once=2), Barrier(2, timeout=5), []
    finish = Event()
    running: list[int] = []

    def slow() -> int:
        running.append(1)
        together.wait()
        finish.wait(5)
        running.pop()
        return len(running)

    async def waits(ahead: int) -> None:
        told.append(ahead)

    async def scene() -> list[int]:
        asks = [asyncio.ensure_future(work.long(slow, waits)) for _ in range(4)]
        while len(running) < 2:
            await asyncio.sleep(0)
        assert await work.quick(len, "abc") == 3
        assert len(running) == 2
        finish.set()
        return await asyncio.gather(*asks)

    assert max(asyncio.run(scene())) <= 1
    assert told == [0, 1]
    work.close()
