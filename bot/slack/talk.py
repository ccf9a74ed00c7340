"""Sending to Slack: one place for what goes with every call, and for what Slack refuses."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.rendering.message import Message
from bot.slack.rendering.text import Json

log = structlog.get_logger("plainlogs.slack")

NOT_A_MEMBER = frozenset(
    {"not_in_channel", "channel_not_found", "is_archived", "restricted_action", "no_permission"}
)
"""What Slack says where the bot may not speak."""
QUIET: Json = {"unfurl_links": False, "unfurl_media": False}
"""Nothing that stands in a message is fetched or shown besides."""


def reason(error: SlackApiError) -> str:
    """Slack's own name for why it refused a call."""
    return str(answer_of(error).get("error", "unknown"))


def answer_of(error: SlackApiError) -> Json:
    """What Slack answered with a refusal; nothing where it was no answer of Slack's."""
    data = getattr(error.response, "data", error.response)
    return data if isinstance(data, dict) else {}


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody did something: who, in which channel, and the address to answer at.

    ``url`` is the response_url, ``trigger`` opens one view within 3 seconds, ``ts`` is the
    message that was acted on and ``thread`` the thread it stands in, ``view`` the modal.
    """

    user: str
    channel: str
    url: str = ""
    trigger: str = ""
    ts: str = ""
    thread: str = ""
    view: str = ""
    ephemeral: bool = False

    @property
    def direct(self) -> bool:
        """Whether it is a direct message."""
        # So Slack's ids say it themselves, and nothing has to be asked.
        return self.channel.startswith("D")


class Talk:
    """The calls that this platform makes. Each raises SlackApiError where Slack refuses."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client

    async def post(self, channel: str, message: Message, thread: str = "") -> str:
        """Post a message and give its ts."""
        answer = await self.call(
            self.client.chat_postMessage(
                channel=channel,
                **message.content,
                **QUIET,
                metadata=message.metadata,
                thread_ts=thread or None,
                # What a log holds must never ping anybody, nor become a link or formatting.
                link_names=False,
                parse="none",
                mrkdwn=False,
            )
        )
        return str(answer["ts"])

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Put other content into a message of ours."""
        await self.call(
            self.client.chat_update(
                channel=channel,
                ts=ts,
                **message.content,
                metadata=message.metadata,
                link_names=False,
                parse="none",
            )
        )

    async def delete(self, channel: str, ts: str) -> None:
        """Remove a message of ours."""
        await self.call(self.client.chat_delete(channel=channel, ts=ts))

    async def direct(self, user: str) -> str:
        """Give the channel of somebody's direct messages with the bot."""
        answer = await self.call(self.client.conversations_open(users=user))
        return str(answer["channel"]["id"])

    async def open(self, trigger: str, view: Json) -> str:
        """Open a modal and give its id. The trigger is good for 3 seconds and one use."""
        answer = await self.call(self.client.views_open(trigger_id=trigger, view=view))
        return str(answer["view"]["id"])

    async def update_view(self, view_id: str, view: Json) -> None:
        """Put other content into an open modal; one that was closed meanwhile is left alone."""
        try:
            await self.call(self.client.views_update(view_id=view_id, view=view))
        except SlackApiError as error:
            if reason(error) != "not_found":
                raise

    async def respond(
        self, url: str, message: Message, *, everyone: bool = False, replace: bool = False
    ) -> bool:
        """Answer at a response_url; False where that is no longer possible."""
        body = {**message.content, **QUIET, "replace_original": replace}
        if not replace:
            body["response_type"] = "in_channel" if everyone else "ephemeral"
        return await self._respond(url, body)

    async def take_away(self, url: str) -> None:
        """Remove the ephemeral message that was acted on."""
        await self._respond(url, {"delete_original": True})

    async def whisper(self, where: Where, message: Message) -> None:
        """Say something to one person: at the place if possible, else by direct message."""
        # Works also where the bot is no member, but only five times in 30 minutes.
        if where.url and await self.respond(where.url, message):
            return
        # A direct message is seen by one person anyway, and outlasts a reload.
        if where.channel and not where.direct:
            try:
                await self.call(
                    self.client.chat_postEphemeral(
                        channel=where.channel,
                        user=where.user,
                        **message.content,
                        link_names=False,
                        parse="none",
                    )
                )
            except SlackApiError as error:
                log.info("whispered by direct message", error=reason(error))
            else:
                return
        await self.post(await self.direct(where.user), message)

    async def call(self, waiting: Awaitable[Any]) -> Any:
        """Await one call, and log what Slack refused under Slack's name for it."""
        try:
            return await waiting
        except SlackApiError as error:
            url = str(getattr(error.response, "api_url", ""))
            log.warning(
                "slack refused",
                method=url.rpartition("/")[2],
                error=reason(error),
                details=answer_of(error).get("response_metadata"),
            )
            raise

    async def _respond(self, url: str, body: Json) -> bool:
        retries = [AsyncRateLimitErrorRetryHandler(max_retry_count=3)]
        client = AsyncWebhookClient(url, retry_handlers=list(retries))
        answer = await client.send_dict(body)
        # A used or expired address raises nothing: it answers so.
        if answer.status_code != 200:
            log.warning("slack refused", method="response_url", error=answer.body[:200])
        return answer.status_code == 200
