"""Connect to Slack and answer until stopped."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime

import aiohttp
from rich.console import Console
from slack_sdk.errors import SlackApiError

from bot.logging import log_lines
from bot.program.options import add_config, parser
from bot.running import connect, scheduled, until_stopped
from bot.settings import Settings, load
from bot.wiring import house
from queries.core.errors import PlainError


class CannotConnect(PlainError):
    """Slack can't be reached with what is configured; the text says what to do."""


def run(argv: Sequence[str]) -> int:
    """Serve until a signal ends it. Gives 2 where something is missing."""
    options = parser("serve", __doc__ or "")
    add_config(options)
    arguments = options.parse_args(argv)
    log_lines()
    settings = load(arguments.config, os.environ)
    missing = [
        name
        for name, value in (
            ("SLACK_BOT_TOKEN", settings.slack.bot_token),
            ("SLACK_APP_TOKEN", settings.slack.app_token),
        )
        if not value
    ]
    if missing:
        raise CannotConnect(
            f"{' and '.join(missing)} must be set in the environment. "
            "`plainlogs check` says where to get them."
        )
    asyncio.run(_serve(settings))
    return 0


async def _serve(settings: Settings) -> None:
    with house(settings, lambda: datetime.now(UTC)) as rooms:
        await asyncio.to_thread(rooms.known.refresh)
        await asyncio.to_thread(rooms.known.prepare)
        try:
            bot = await connect(rooms, settings.slack, settings.engine.concurrent)
        except SlackApiError as error:
            raise CannotConnect(
                f"Slack refused the tokens ({error.response['error']}). "
                "`plainlogs check` says what each must be."
            ) from error
        except (aiohttp.ClientError, OSError) as error:
            raise CannotConnect(
                f"Slack can't be reached ({error}). Is there a way from here to the internet?"
            ) from error
        try:
            async with scheduled(rooms, bot):
                Console(highlight=False).print("Connected to Slack. Stop with Ctrl-C.")
                # Only now, as it looks into the logs: nobody waits for it.
                await asyncio.to_thread(rooms.known.warn)
                await until_stopped()
        finally:
            await bot.stop()
