"""The bot, connected to a strict local Slack that grants only what the manifest asks for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from bot.playground import SAMPLE, PlaygroundServer, playground
from bot.slack.app import SlackBot, connect
from bot.slack.manifest import manifest
from bot.slack.rendering.text import Json
from tests.slack.core import FakeCore

T = TypeVar("T")
BOT, APP = "xoxb-playground", "xapp-playground"
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


class Connected:
    """A bot on a loop of its own, as in a process of its own."""

    def __init__(self, core: FakeCore, url: str, at_once: int) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        begin = connect(core.core(), bot_token=BOT, app_token=APP, base_url=url, at_once=at_once)
        self.bot: SlackBot = self.run(begin)

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 20) -> T:
        """Do something on the bot's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def stop(self) -> None:
        """Disconnect and end the thread."""
        self.run(self._stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def _stop(self) -> None:
        await self.bot.stop()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()


@dataclass
class Trip:
    """A person at work in the playground, and the bot at the other end."""

    slack: PlaygroundServer
    core: FakeCore
    bot: Connected

    def ask(self, text: str, channel: str = "#lending", who: str = "ana") -> None:
        """Type a slash command."""
        self.slack.as_user(who).slash(channel, text)

    def until(self, found: Callable[[], T | None]) -> T:
        """Wait for something that the bot brings about."""
        result: T = self.slack.wait(found)
        return result

    def message(self, words: str, channel: str = "#lending") -> Json:
        """Wait for a message that everybody sees."""
        return self.until(lambda: _with(self.slack.messages(channel), words))

    def whisper(self, words: str, who: str = "ana") -> Json:
        """Wait for a message that one person sees."""
        person = self.slack.as_user(who)
        return self.until(lambda: _with(person.whispers(), words))

    def view(self, words: str, who: str = "ana") -> Json:
        """Wait for a modal."""
        person = self.slack.as_user(who)
        return self.until(lambda: _with(person.views[-1:], words))

    def direct(self, who: str = "ana") -> str:
        """The id of somebody's direct messages with the bot."""
        return self.slack.as_user(who).channel("@plainlogs")


def _with(payloads: list[Json], words: str) -> Json | None:
    return next((each for each in reversed(payloads) if words in str(each)), None)


@pytest.fixture(scope="module")
def served() -> Iterator[PlaygroundServer]:
    """Serve a playground for the tests of one module."""
    app = playground(
        lambda: NOW,
        bot_token=BOT,
        app_token=APP,
        manifest=manifest(("errors", "find")),
        workspace=SAMPLE,
        ack_seconds=10.0,
    )
    with PlaygroundServer(app) as server:
        yield server


@pytest.fixture
def slack(served: PlaygroundServer) -> Iterator[PlaygroundServer]:
    """A playground with nothing said yet; nothing may have been refused in the end."""
    for conversation in served.slack.conversations.values():
        conversation.messages.clear()
    served.slack.whispers.clear()
    served.slack.refusals.clear()
    served.deliveries.clear()
    for stack in served.slack.stacks.values():
        stack.clear()
    yield served
    assert served.refusals == []


@pytest.fixture
def core() -> FakeCore:
    """The commands behind the bot."""
    return FakeCore()


@pytest.fixture
def trip(slack: PlaygroundServer, core: FakeCore) -> Iterator[Trip]:
    """A connected bot; what it calls that Slack would refuse fails the test."""
    connected = Connected(core, slack.api_url, at_once=2)
    slack.connected()
    yield Trip(slack, core, connected)
    # Otherwise an ask that a test held back would keep its thread.
    core.let_answer.set()
    connected.stop()
