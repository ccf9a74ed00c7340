"""Fifty people ask at once while every query takes 10 seconds: who waits, who is forgotten?

The playground runs here and the bot in a process of its own, over a socket, as with Slack itself.
How long an acknowledgement took is the time from when the playground sent the command until it
read the reply. Ten of the commands are delivered again, as Slack does after a lost reply.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

from bot.playground import SAMPLE, PlaygroundServer, Workspace, playground
from bot.playground.workspace import Person
from bot.settings import load
from bot.slack.manifest import manifest

PEOPLE, SECONDS, AGAIN = 50, 10.0, 10
ASK = "/ml errors bench last 24 hours by region"
PLACE = "#general"
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_APP_TOKEN": "xapp-bench"}


@dataclass(frozen=True)
class Crowd:
    """What became of everybody's command; times in seconds, memory in bytes."""

    kind: str
    acknowledged: Sequence[float]
    lost: int
    twice: int
    refused: int
    last_answer: float
    idle_memory: int
    peak_memory: int


def measure(config: Path, kind: str, people: int = PEOPLE, seconds: float = SECONDS) -> Crowd:
    """Let everybody ask at once and wait for the answers, or until there is no hope of more."""
    app = playground(
        lambda: datetime.now(UTC),
        bot_token=TOKENS["SLACK_BOT_TOKEN"],
        app_token=TOKENS["SLACK_APP_TOKEN"],
        manifest=manifest((), "/ml"),
        workspace=_workspace(people),
    )
    at_once = load(config, {}).engine.concurrent
    # Twice as long as it should take: whoever has no answer by then is counted as forgotten.
    patience = 2 * people * seconds / at_once + 60
    with PlaygroundServer(app) as slack, _bot(slack, config, kind, seconds) as bot:
        handles = [person.handle for person in slack.slack.workspace.people]
        slack.connected(60)
        idle, start = _memory(bot, "VmRSS"), time.monotonic()
        _all_at_once(slack, handles)
        # While all are still being worked on, which is when an answer too many would be begun.
        for delivery in slack.deliveries[:AGAIN]:
            slack.redeliver(delivery)
        _until(lambda: len(_answers(slack)) >= people, patience)
        last = time.monotonic() - start
        time.sleep(seconds)  # for an answer too many
        answers = _answers(slack)
        return Crowd(
            kind,
            [each.seconds for each in slack.deliveries if each.seconds is not None],
            lost=sum(handle not in answers for handle in handles),
            twice=sum(n > 1 for n in answers.values()),
            refused=len(slack.refusals),
            last_answer=last,
            idle_memory=idle,
            peak_memory=_memory(bot, "VmHWM"),
        )


def _workspace(people: int) -> Workspace:
    everybody = tuple(
        Person(
            f"U0BENCH{at:03d}", f"person{at:02d}", f"Person {at:02d}", f"p{at:02d}@example.com",
            "UTC", "en-GB", "#1d7a5f",
        )
        for at in range(people)
    )  # fmt: skip
    return Workspace(SAMPLE.team_id, SAMPLE.name, SAMPLE.domain, everybody, SAMPLE.channels)


@contextmanager
def _bot(
    slack: PlaygroundServer, config: Path, kind: str, seconds: float
) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "bench.slow_bot", str(config), kind, str(seconds)]
    settings = TOKENS | {"SLACK_API_URL": slack.api_url}
    settings["PLAINLOGS_STATE_URL"] = f"sqlite:///{config.parent / f'{kind}.db'}"
    # Into a file, as a pipe that nobody reads would fill up and stop the bot.
    output = (config.parent / f"{kind}.log").open("wb")
    with (
        output,
        subprocess.Popen(  # noqa: S603 - our own module, by this interpreter
            command, env=os.environ | settings, stdout=output, stderr=output
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()


def _all_at_once(slack: PlaygroundServer, handles: Sequence[str]) -> None:
    # Threads start one after the other: all of them wait for the last.
    start = Barrier(len(handles))

    def ask(handle: str) -> None:
        user = slack.as_user(handle)
        start.wait()
        user.slash(PLACE, ASK)

    with ThreadPoolExecutor(len(handles)) as pool:
        list(pool.map(ask, handles))


def _answers(slack: PlaygroundServer) -> Counter[str]:
    """Count the answers that stand in the channel, by who asked."""
    return Counter(
        _asker(message)
        for message in slack.messages(PLACE)
        if message.get("metadata", {}).get("event_payload", {}).get("run")
    )


def _asker(message: dict[str, Any]) -> str:
    """Read who asked from the answer's last line."""
    found = re.findall(r"asked by (?:<@)?(\w+)", str(message["blocks"]))
    return found[-1] if found else ""


def _until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.1)


def _memory(process: subprocess.Popen[bytes], what: str) -> int:
    """Give what Linux says of a process's memory: VmRSS now, VmHWM at its peak."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():  # not Linux
        return 0
    (line,) = (line for line in status.read_text().splitlines() if line.startswith(f"{what}:"))
    return int(line.split()[1]) * 1024
