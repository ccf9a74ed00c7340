"""The playground as one ASGI application: Web API, Socket Mode, response_url and page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route, WebSocketRoute

from bot.playground.acts import Acts
from bot.playground.hub import ACK_SECONDS, Hub
from bot.playground.page import Controls, Page
from bot.playground.respond import Responder
from bot.playground.state import Clock, Slack
from bot.playground.talk import Talk
from bot.playground.webapi import WebApi
from bot.playground.workspace import Grants, Workspace

# Any other name in a request would be one that somebody made point to this machine.
HERE = ["127.0.0.1", "localhost", "testserver"]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a playground is made of, for those who drive it from within."""

    slack: Slack
    hub: Hub
    api: WebApi
    acts: Acts
    talk: Talk


def playground(
    clock: Clock,
    *,
    bot_token: str,
    app_token: str,
    manifest: Mapping[str, Any] | None,
    workspace: Workspace,
    controls: Controls | None = None,
    ack_seconds: float = ACK_SECONDS,
) -> Starlette:
    """Build a local Slack with one app installed.

    ``manifest`` (the app's, as a mapping) grants scopes, events and slash commands; None grants
    everything. ``clock`` gives aware UTC times; ids follow from the order of calls. Only requests
    that name this machine are answered. The application's ``state.parts`` are its ``Parts``.
    """
    tokens = {"bot": bot_token, "app": app_token}
    slack = Slack(clock, workspace, Grants.of(manifest), tokens)
    hub = Hub(slack, ack_seconds)
    api, responder = WebApi(slack, hub), Responder(slack)
    acts, talk = Acts(slack, hub), Talk(slack, hub, responder)
    page = Page(slack, hub, acts, talk, controls)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.loop = asyncio.get_running_loop()
        with slack.changed:
            slack.changed.notify_all()
        yield

    app = Starlette(
        lifespan=lifespan,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HERE)],
        routes=[
            Route("/api/{method}", api.endpoint, methods=["GET", "POST"]),
            Route("/upload/v1/{file}", api.upload, methods=["POST"]),
            Route("/response/{key}", responder.endpoint, methods=["POST"]),
            WebSocketRoute("/link/", hub.serve),
            WebSocketRoute("/page/live", page.live),
            Route("/page/{act}", page.act, methods=["POST"]),
            Route("/files/{file}/{name}", page.file),
            Route("/static/{name}", page.asset),
            Route("/", page.index),
        ],
    )
    app.state.parts = Parts(slack, hub, api, acts, talk)
    return app
