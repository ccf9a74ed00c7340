"""The bot on Slack: one asynchronous app over Socket Mode."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.actions import Actions
from bot.slack.asking.flow import Asking
from bot.slack.asking.showing import Showing
from bot.slack.deliver import SlackDeliver
from bot.slack.entry import Entry
from bot.slack.forms.modals import Modals
from bot.slack.listeners import Listeners
from bot.slack.people import People
from bot.slack.places import Places
from bot.slack.ports import Core
from bot.slack.talk import Talk
from bot.slack.work import Work

log = structlog.get_logger("plainlogs.slack")

ONCE_ONLY = ("chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal")
"""Calls that would show twice what was already taken when the connection broke."""


class ConnectionRetry(AsyncConnectionErrorRetryHandler):
    """Repeats a call whose connection broke, except those that must not happen twice."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if request.url.rpartition("/")[2] in ONCE_ONLY:
            return False
        return await super()._can_retry_async(
            state=state, request=request, response=response, error=error
        )


def web_client(token: str | None, base_url: str) -> AsyncWebClient:
    """A client for every call of ours: rates are waited for, broken connections tried again."""
    retries: list[AsyncRetryHandler] = [
        ConnectionRetry(),
        # The SDK repeats broken connections only, unless it is told to.
        AsyncRateLimitErrorRetryHandler(max_retry_count=5),
    ]
    return AsyncWebClient(token=token, base_url=base_url, timeout=20, retry_handlers=retries)


@dataclass(frozen=True)
class SlackBot:
    """A bot that is connected, until it is stopped; and how digests are posted through it."""

    handler: AsyncSocketModeHandler
    work: Work
    deliver: SlackDeliver

    async def stop(self) -> None:
        """Leave Slack and begin nothing more."""
        await self.handler.close_async()  # type: ignore[no-untyped-call]  # bolt's own
        # Last, as a request that still comes in needs its threads.
        self.work.close()


async def connect(
    core: Core,
    *,
    bot_token: str,
    app_token: str,
    base_url: str = "https://slack.com/api/",
    command: str = "/ml",
    at_once: int = 4,
) -> SlackBot:
    """Connect to Slack (or whatever answers at ``base_url``) and begin to answer.

    ``at_once`` is how many asks run at a time. Raises SlackApiError where a token is refused.
    """
    client = web_client(bot_token, base_url)
    me = await client.auth_test()
    known = AuthorizeResult.from_auth_test_response(auth_test_response=me, bot_token=bot_token)

    # With a token instead, Bolt would ask auth.test before the first acknowledgement.
    async def authorize() -> AuthorizeResult:
        return known

    work, talk, name = Work(at_once), Talk(client), str(me["user"])
    showing = Showing(core, talk, work)
    places = Places(talk, name, asyncio.get_running_loop())
    # Bolt puts in the token that ``authorize`` gives; ours brings the address and the retries.
    app = AsyncApp(client=web_client(None, base_url), authorize=authorize, name=name)
    _listeners(showing, places, command).register(app)
    # On aiohttp: after Slack's refresh of a socket, every few hours, its first acknowledgement took
    # 0.02 s. The SDK's own synchronous client took 3.1 s, which is past Slack's limit.
    handler = AsyncSocketModeHandler(app, app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt's own
    log.info("connected to slack", team=me.get("team"), bot=name)
    return SlackBot(handler, work, SlackDeliver(showing, places))


def _listeners(showing: Showing, places: Places, command: str) -> Listeners:
    core, talk, work = showing.core, showing.talk, showing.work
    asking = Asking(showing, places.bot_name)
    entry = Entry(core, talk, work, Modals(core, talk), asking)
    return Listeners(entry, Actions(entry, showing, places), People(talk.client), command)
