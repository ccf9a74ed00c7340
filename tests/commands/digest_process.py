"""A process of several that post digests on one state, to a chat that is a file outside of all."""

from __future__ import annotations

import json
import logging
import os
import signal
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog

from commands.digests.due import fire_due
from commands.ports import Person, Place
from commands.replies import Answered, Note
from commands.state.engine import connect
from queries.core.grammar import parse
from tests.commands.digest_fakes import CATALOG, TEXT, FakeAsk, SetClock, services

Fate = Literal["lives", "dies before sending", "dies after sending"]


@dataclass(frozen=True)
class FileChat:
    """A chat in a file, to which a process may be killed while it posts."""

    path: Path
    fate: Fate = "lives"

    def post(self, place: Place, owner: Person, answered: Answered) -> str:
        """Append one line; be killed before or after it when that is this process's fate."""
        if self.fate == "dies before sending":
            # Not an exception: nothing of Python's is to tidy up after it.
            os.kill(os.getpid(), signal.SIGKILL)
        run = answered.provenance.run
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"run": run, "channel": place.channel}) + "\n")
        if self.fate == "dies after sending":
            os.kill(os.getpid(), signal.SIGKILL)
        return f"m-{run}"

    def find(self, place: Place, owner: Person, run: str) -> str | None:
        """Look for a run among the lines."""
        return f"m-{run}" if any(each["run"] == run for each in self.messages()) else None

    def tell(self, person: Person, note: Note) -> None:
        """Nothing here is worth telling: raise where something is."""
        raise AssertionError(note.text)

    def messages(self) -> list[dict[str, str]]:
        """Give what was posted."""
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        return [json.loads(line) for line in lines]


def work(url: str, chat: Path, fate: Fate, orders: Connection) -> None:
    """Say 0 when ready; for each time that is sent, do what is due and say how many were posted."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    state, clock = connect(url), SetClock()
    mine = services(state, clock, prefix=f"{uuid4().hex[:8]}-")
    parse(TEXT, CATALOG, ZoneInfo("UTC"))  # imports the question before the race begins
    posted = 0
    while True:
        orders.send(posted)
        now: datetime | None = orders.recv()
        if now is None:
            return
        clock.now = now
        posted = fire_due(now, mine, FakeAsk(), {"slack": FileChat(chat, fate)})
