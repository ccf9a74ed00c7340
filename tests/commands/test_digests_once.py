"""Posted once per slot: by operating-system processes that race, and by ones that are killed."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
import sqlalchemy as sa

from commands.digests.due import fire_due
from commands.ports import Place
from commands.state import deliveries
from commands.state.deliveries import LEASE, Status
from tests.commands.digest_fakes import DAY, MONDAY_9, FakeAsk, SetClock, digest, services
from tests.commands.digest_process import Fate, FileChat, work

DIGESTS, DAYS = 4, 12
SECONDS = 60


class Processes:
    """Starts processes on one state and one chat, and gives them times to fire at."""

    def __init__(self, url: str, chat: Path) -> None:
        self._url, self._chat = url, chat
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload(
            ["queries.errors.question", "tests.commands.digest_process"]
        )
        self.started: list[tuple[ForkServerProcess, Connection]] = []

    def start(self, fate: Fate = "lives") -> None:
        """Start one more, and wait until it is ready."""
        orders, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(self._url, self._chat, fate, theirs))
        process.start()
        theirs.close()
        assert orders.poll(SECONDS)
        assert orders.recv() == 0
        self.started.append((process, orders))

    def fire(self, now: datetime) -> list[int]:
        """Let all of them fire at once; give how many digests each posted."""
        for _, orders in self.started:
            orders.send(now)
        assert all(orders.poll(SECONDS) for _, orders in self.started)
        return [orders.recv() for _, orders in self.started]

    def die(self, now: datetime) -> None:
        """Let the last one fire, which is to kill it."""
        process, orders = self.started.pop()
        orders.send(now)
        process.join(SECONDS)
        assert process.exitcode == -signal.SIGKILL
        orders.close()

    def stop(self) -> None:
        """Let all end."""
        for process, orders in self.started:
            orders.send(None)
            process.join(SECONDS)
            orders.close()


@pytest.fixture
def chat(tmp_path: Path) -> FileChat:
    """Give an empty chat."""
    return FileChat(tmp_path / "chat")


@pytest.fixture
def processes(state_url: str, chat: FileChat) -> Iterator[Processes]:
    """Give a way to start processes, and end them."""
    found = Processes(state_url, chat.path)
    yield found
    found.stop()


def test_processes_that_race_post_each_slot_once(
    state: sa.Engine, chat: FileChat, processes: Processes
) -> None:
    """Two processes that fire at the same moment on twelve days post each digest once a day."""
    for number in range(DIGESTS):
        digest(state, f"s{number}", place=Place("slack", f"C{number}"))
    processes.start()
    processes.start()
    days = [MONDAY_9 + n * DAY for n in range(2 * DAYS) if n % 7 < 5][:DAYS]
    assert [sum(processes.fire(now)) for now in days] == [DIGESTS] * DAYS
    posted = Counter(each["channel"] for each in chat.messages())
    assert posted == {f"C{number}": DAYS for number in range(DIGESTS)}
    ledgers = [deliveries.ledger(state, f"s{number}") for number in range(DIGESTS)]
    assert [[each.slot for each in ledger] for ledger in ledgers] == [days] * DIGESTS
    assert {each.status for ledger in ledgers for each in ledger} == {Status.SENT}


def test_a_killed_process_neither_loses_nor_doubles(
    state: sa.Engine, chat: FileChat, processes: Processes
) -> None:
    """Killed between claim and send, then between send and ledger: one message stands at last."""
    digest(state)
    processes.start("dies before sending")
    processes.die(MONDAY_9)
    (claimed,) = deliveries.ledger(state, "s1")
    assert (claimed.status, chat.messages()) == (Status.CLAIMED, [])

    processes.start("dies after sending")
    processes.die(MONDAY_9 + LEASE)
    (unsure,) = deliveries.ledger(state, "s1")
    assert (unsure.status, unsure.attempts) == (Status.CLAIMED, 2)
    assert len(chat.messages()) == 1

    clock = SetClock(MONDAY_9 + 2 * LEASE)
    survivor = services(state, clock, prefix="survivor")
    assert fire_due(clock.now, survivor, FakeAsk(), {"slack": chat}) == 1
    assert chat.messages() == [{"run": claimed.run, "channel": "C1"}]
    (sent,) = deliveries.ledger(state, "s1")
    assert (sent.status, sent.message) == (Status.SENT, f"m-{claimed.run}")
