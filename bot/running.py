"""The bot as a process: connected to Slack, digests fired, the catalog kept fresh."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.scheduler import Scheduler
from bot.settings import SlackSettings
from bot.slack import app as slack
from bot.wiring import House, slack_core
from commands.ask import ask
from commands.digests.due import fire_due
from commands.state.seen import prune
from queries.core.question import ordered

REFRESH = timedelta(minutes=10)
ON_DEMAND = ("date_wrangler", "scipy.stats")
"""What a function of ours imports when it is first called, so that a terminal needn't wait."""
REMEMBERED = timedelta(days=7)
"""How long a request's identity is kept, so that a redelivered one is answered once."""


async def connect(rooms: House, settings: SlackSettings, at_once: int) -> slack.SlackBot:
    """Connect to Slack. Raises SlackApiError where a token is refused.

    What answers need is imported before: that takes seconds, in which nothing is acknowledged.
    """
    await asyncio.to_thread(_import_all)
    return await slack.connect(
        slack_core(rooms.services),
        bot_token=settings.bot_token,
        app_token=settings.app_token,
        base_url=settings.api_url,
        command=settings.command,
        at_once=at_once,
    )


@asynccontextmanager
async def scheduled(
    rooms: House, bot: slack.SlackBot, *first: Callable[[datetime], object]
) -> AsyncIterator[Scheduler]:
    """Fire digests and refresh the catalog in the background; ``first`` is done before either."""
    services = rooms.services
    refreshed = services.clock()

    def refresh(now: datetime) -> None:
        nonlocal refreshed
        if now - refreshed >= REFRESH:
            # Noted before it is done: what fails is tried again after REFRESH, not at every tick.
            refreshed = now
            rooms.known.refresh()
            rooms.known.prepare()
            prune(services.state, now - REMEMBERED)

    def fire(now: datetime) -> None:
        fire_due(now, services, ask, {"slack": bot.deliver})

    scheduler = Scheduler(services.clock, *first, refresh, fire)
    scheduler.start()
    try:
        yield scheduler
    finally:
        # In a thread: a digest that is being posted just then needs this loop to finish.
        await asyncio.to_thread(scheduler.stop)


def _import_all() -> None:
    ordered()
    for name in ON_DEMAND:
        importlib.import_module(name)


async def until_stopped() -> None:
    """Wait for ever; a signal ends it."""
    await asyncio.Event().wait()
