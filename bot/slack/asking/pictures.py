"""A picture into a message: uploaded, waited for within bounds, and never in the text's way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.talk import reason

log = structlog.get_logger("plainlogs.slack")

Sleep = Callable[[float], Awaitable[object]]
WAITS = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 5.0)
"""Seconds between looks whether Slack has processed a picture; together about 11."""


async def upload_picture(
    client: AsyncWebClient, png: bytes, name: str, alt: str, sleep: Sleep = asyncio.sleep
) -> str:
    """Upload a PNG and give its file id once Slack says that it is processed, or stops waiting.

    Raises SlackApiError or SlackClientError where it can't be uploaded.
    """
    # Without a channel, where it would be posted as a message of its own.
    answer = await client.files_upload_v2(
        content=png, filename=f"{name}.png", title=name, alt_txt=alt[:1_000] or name
    )
    file = str(answer["files"][0]["id"])
    for wait in WAITS:
        try:
            found = await client.files_info(file=file)
        except SlackApiError as error:
            log.warning("slack refused", method="files.info", error=reason(error))
            return file  # whether it is ready shows when it is used
        # Slack leaves the type empty until it has processed a file.
        if found["file"].get("mimetype"):
            return file
        await sleep(wait)
    return file


async def show_when_ready(
    show: Callable[[], Awaitable[None]], sleep: Sleep = asyncio.sleep
) -> None:
    """Use a picture, again and again while Slack says that it is not ready, within bounds.

    Raises SlackApiError where it is refused for another reason, or for too long.
    """
    waits: Iterator[float] = iter(WAITS)
    while True:
        try:
            await show()
        except SlackApiError as error:
            # What Slack says of an image block whose file is still being processed.
            wait = next(waits, None) if reason(error) == "invalid_blocks" else None
            if wait is None:
                raise
            await sleep(wait)
        else:
            return


FAILURES = (SlackApiError, SlackClientError, OSError, TimeoutError)
"""What can go wrong on the way to Slack, while nothing is wrong with the answer."""
