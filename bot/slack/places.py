"""Channels as places for digests: whether the bot may post there, and what people call them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from bot.slack.talk import Talk, reason
from commands.ports import Place

T = TypeVar("T")


def wait_for(work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop, seconds: float) -> T:
    """Do something on the event loop from a worker thread. Raises TimeoutError past ``seconds``."""
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return future.result(seconds)
    finally:
        # What is given up must not post later on, when it may have been sent again.
        future.cancel()


@dataclass(frozen=True)
class Places:
    """A ``digests.posting.Venue``; its synchronous methods are for worker threads alone."""

    talk: Talk
    bot_name: str
    loop: asyncio.AbstractEventLoop

    def refusal(self, place: Place) -> str:
        """Say why the bot can't post there and what would mend it; empty where it can."""
        return wait_for(self.why_not(place), self.loop, 30)

    def called(self, place: Place) -> str:
        """Name the place as people do: “#ml-alerts”."""
        return wait_for(self._called(place), self.loop, 30)

    async def why_not(self, place: Place) -> str:
        """As ``refusal``, on the event loop."""
        if place.private:
            return ""
        mend = f"Type `/invite @{self.bot_name}` in the channel, then try again."
        try:
            channel = await self._info(place)
        except SlackApiError as error:
            # So Slack says of private channels that the bot is not in.
            if reason(error) != "channel_not_found":
                return f"Slack does not let me look at this channel ({reason(error)})."
            return f"I am not a member of this channel, so I can't post in it. {mend}"
        if channel.get("is_archived"):
            return f"#{channel['name']} is archived: nobody can post there."
        if not channel.get("is_member"):
            return f"I am not a member of #{channel['name']}, so I can't post there. {mend}"
        return ""

    async def _called(self, place: Place) -> str:
        if place.private:
            return "your direct messages"
        try:
            return f"#{(await self._info(place))['name']}"
        except SlackApiError:
            return "this channel"

    async def _info(self, place: Place) -> dict[str, Any]:
        # One channel by its id: to list them all uses up the rate limit of a large workspace.
        answer = await self.talk.call(self.talk.client.conversations_info(channel=place.channel))
        found: dict[str, Any] = answer["channel"]
        return found
