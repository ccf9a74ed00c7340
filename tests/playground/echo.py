"""A throwaway app that echoes commands and opens a form, and how Ana asks it."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.playground import PlaygroundServer
from tests.playground.blocks import (
    PNG,
    Json,
    actions,
    button,
    field,
    modal,
    option,
    picture,
    section,
)

FORM = modal(
    field(
        {"type": "plain_text_input", "action_id": "name", "initial_value": "lending"},
        block_id="name",
    ),
    field(
        {"type": "external_select", "action_id": "region", "min_query_length": 0},
        block_id="region",
        optional=True,
        dispatch_action=True,
    ),
    callback_id="form",
    notify_on_close=True,
)


class Echo:
    """A throwaway app: echoes commands, opens a form, shows a picture, and keeps what it got."""

    def __init__(self) -> None:
        self.got: list[Json] = []
        self.errors: list[str] = []
        self.answer: Json = {}

    def define(self, app: AsyncApp) -> None:
        """Register the listeners."""
        app.command("/echo")(self.echo)
        app.action("open")(self.open)
        app.action("region")(self.region)
        app.options("region")(self.regions)
        app.view("form")(self.submitted)
        app.view_closed("form")(self.closed)
        app.event("message")(self.event)
        app.event("app_mention")(self.event)
        app.event("app_home_opened")(self.event)
        app.event("member_joined_channel")(self.event)

    async def echo(self, ack: Any, body: Json, client: Any) -> None:
        """Repeat what was typed, with a button and a picture."""
        await ack()
        self.got.append(body)
        posted = await client.chat_postMessage(channel=body["channel_id"], text="Asking…")
        file = (await client.files_upload_v2(filename="a.png", content=PNG))["files"][0]["id"]
        while not (await client.files_info(file=file))["file"]["mimetype"]:
            await asyncio.sleep(0)
        blocks = [section(body["text"]), picture(file), actions(button(action_id="open"))]
        where = {"channel": posted["channel"], "ts": posted["ts"]}
        await client.chat_update(**where, text=body["text"], blocks=blocks)

    async def open(self, ack: Any, body: Json, client: Any) -> None:
        """Open the form."""
        await ack()
        self.got.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    async def regions(self, ack: Any, payload: Json) -> None:
        """Offer regions."""
        known = [each for each in ("emea", "apac") if payload["value"] in each]
        await ack(options=[option(each.upper(), each) for each in known])

    async def region(self, ack: Any, body: Json, client: Any) -> None:
        """Redraw the form when a region is chosen."""
        await ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        view = FORM | {"blocks": [*FORM["blocks"], section(f"Region {chosen}")]}
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    async def submitted(self, ack: Any, body: Json) -> None:
        """Answer a submission as the test wants it answered."""
        self.got.append(body)
        await ack(**self.answer)

    async def closed(self, ack: Any, body: Json) -> None:
        """Keep what was closed."""
        await ack()
        self.got.append(body)

    async def event(self, body: Json) -> None:
        """Keep an event."""
        self.got.append(body)


def asked(slack: PlaygroundServer, text: str = "hello") -> Json:
    """Let Ana ask, and give the app's answer once it is complete."""
    slack.as_user("ana").slash("#ml-alerts", f"/echo {text}")
    message: Json = slack.wait(lambda: [m for m in slack.messages("#ml-alerts") if "blocks" in m])[
        -1
    ]
    return message


def opened(slack: PlaygroundServer) -> Json:
    """Open the form from the answer's button."""
    ana = slack.as_user("ana")
    ana.click(asked(slack), "open")
    slack.wait(lambda: ana.views)
    return ana.view
