"""A playground on a free port, and a small Bolt app connected to it over Socket Mode."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import SAMPLE, Controls, PlaygroundServer, playground
from tests.playground.echo import Echo

BOT, APP = "xoxb-playground", "xapp-playground"
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


class SteppedClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Give the time it stands at."""
        return self.now

    def step(self, **by: float) -> None:
        """Move on."""
        self.now += timedelta(**by)

    def to(self, target: datetime) -> None:
        """Move to a time."""
        self.now = target.astimezone(UTC)


class BotThread:
    """A Bolt app on a loop of its own, as in a process of its own."""

    def __init__(self, server: PlaygroundServer, define: Callable[[AsyncApp], None]) -> None:
        self.server, self.define = server, define
        self.loop = asyncio.new_event_loop()
        self.handler: Any = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._start())
        self.loop.run_forever()
        self.loop.close()

    async def _start(self) -> None:
        client = AsyncWebClient(token=BOT, base_url=self.server.api_url)
        app = AsyncApp(token=BOT, client=client)
        self.define(app)
        self.handler = AsyncSocketModeHandler(app, APP)
        await self.handler.connect_async()

    def run(self, work: Awaitable[Any]) -> Any:
        """Do something on the bot's loop."""

        async def do() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(do(), self.loop).result(10)

    def stop(self) -> None:
        """Disconnect and end the thread."""
        self.run(self._stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    async def _stop(self) -> None:
        await self.handler.close_async()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)


@pytest.fixture
def clock() -> SteppedClock:
    """Give a clock that the test moves."""
    return SteppedClock()


@pytest.fixture
def manifest() -> dict[str, Any] | None:
    """Grant everything; a test may override it."""
    return None


@pytest.fixture
def ack_seconds() -> float:
    """Give the time an app has to acknowledge; generous, as this machine may be busy."""
    return 10.0


@pytest.fixture
def slack(
    clock: SteppedClock, manifest: dict[str, Any] | None, ack_seconds: float
) -> Iterator[PlaygroundServer]:
    """Serve a playground for one test."""
    app = playground(
        clock,
        bot_token=BOT,
        app_token=APP,
        manifest=manifest,
        workspace=SAMPLE,
        controls=Controls(clock.to),
        ack_seconds=ack_seconds,
    )
    with PlaygroundServer(app) as server:
        yield server


@pytest.fixture
def web(slack: PlaygroundServer) -> WebClient:
    """Give the SDK's client as the bot would have it."""
    return WebClient(token=BOT, base_url=slack.api_url)


Connect = Callable[[Callable[[AsyncApp], None]], BotThread]


@pytest.fixture
def connect(slack: PlaygroundServer) -> Iterator[Connect]:
    """Connect Bolt apps; they are stopped before the server."""
    bots: list[BotThread] = []

    def start(define: Callable[[AsyncApp], None]) -> BotThread:
        bot = BotThread(slack, define)
        bots.append(bot)
        bot.thread.start()
        slack.connected()
        return bot

    yield start
    for bot in bots:
        bot.stop()


@pytest.fixture
def echo(connect: Connect) -> Echo:
    """Connect the throwaway app."""
    app = Echo()
    connect(app.define)
    return app
