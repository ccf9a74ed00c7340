"""The page's side of the server: what it shows, what people do on it, and files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.acts import Acts, Place, Press
from bot.playground.files import PICTURES, kind_of
from bot.playground.hub import Hub
from bot.playground.records import Conversation, Listener
from bot.playground.state import Slack
from bot.playground.talk import Talk
from bot.playground.workspace import SLACKBOT, Json, Person

FOLDER = Path(__file__).parent / "page"
# Whatever a message holds, the page runs and loads nothing that is not its own.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'"
)
SAFE = {
    "Content-Security-Policy": f"{POLICY}; img-src 'self' https: data:; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Controls:
    """What the page may do beyond Slack: move the clock to a time that lies ahead.

    ``advance`` is called in a worker thread and returns when whatever falls due is done.
    """

    advance: Callable[[datetime], None]


class Page:
    """Endpoints of the page. Everything is JSON; the page makes text of it, never markup."""

    def __init__(
        self, slack: Slack, hub: Hub, acts: Acts, talk: Talk, controls: Controls | None
    ) -> None:
        self.slack, self.hub, self.acts, self.talk = slack, hub, acts, talk
        self.controls = controls

    async def index(self, _request: Request) -> Response:
        """Give the page itself."""
        return FileResponse(FOLDER / "index.html", headers=SAFE)

    async def asset(self, request: Request) -> Response:
        """Give one of the page's own scripts or styles."""
        name = request.path_params["name"]
        if name not in {each.name for each in FOLDER.iterdir()}:
            return JSONResponse({"error": "no such file"}, 404)
        return FileResponse(FOLDER / name, headers=SAFE)

    async def file(self, request: Request) -> Response:
        """Give an uploaded file: pictures to look at, everything else to save, nothing to run."""
        stored = self.slack.files.get(request.path_params["file"])
        if stored is None or not stored.content:
            return JSONResponse({"error": "file_not_found"}, 404)
        shown = kind_of(stored) in PICTURES and "download" not in request.query_params
        place = "inline" if shown else f"attachment; filename*=UTF-8''{quote(stored.name)}"
        headers = {
            "Content-Disposition": place,
            # An uploaded file may be a page with scripts, and would run as this one.
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(stored.content, headers=headers, media_type=kind_of(stored))

    async def live(self, websocket: WebSocket) -> None:
        """Tell a page everything at first, and then what changes."""
        origin = websocket.headers.get("origin")
        # Browsers let any site open a WebSocket here: one that came from another page is sent away.
        if origin and urlsplit(origin).netloc != websocket.headers.get("host"):
            await websocket.close()
            return
        try:
            person = self.slack.workspace.person(websocket.query_params.get("person", ""))
        except KeyError:
            await websocket.close(4004)
            return
        await websocket.accept()
        listener = Listener(person.id)
        await websocket.send_json(self._snapshot(person))
        self.slack.listeners.add(listener)
        sending = asyncio.create_task(self._send(websocket, listener))
        try:
            while True:
                await websocket.receive_text()
        except WebSocketDisconnect:
            self.slack.listeners.discard(listener)
            sending.cancel()

    async def act(self, request: Request) -> Response:
        """Do what somebody did on the page; answer when the app acknowledged it."""
        # Another site can send forms here, but JSON only after asking, which is not answered.
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"error": "send JSON"}, 415)
        body = await request.json()
        try:
            person = self.slack.workspace.person(body["person"])
            answer = await self._do(request.path_params["act"], person, body)
        except LookupError as missing:
            return JSONResponse({"error": f"not there any more: {missing}"}, 404)
        return JSONResponse(answer)

    async def _do(self, act: str, person: Person, body: Json) -> Json:
        match act:
            case "write":
                thread = body.get("thread", "")
                await self.talk.write(person, body["channel"], body["text"], thread)
            case "press":
                await self.acts.press(person, _press(body))
            case "suggest":
                return await self.acts.suggest(person, _press(body), body["query"])
            case "submit":
                errors = await self.acts.submit(person, body["view"], body["values"])
                return {"errors": errors}
            case "close":
                everything = bool(body.get("all"))
                await self.acts.close(person, body["view"], everything=everything)
            case "visit":
                await self.talk.visit(person, body["tab"])
            case "clock" if self.controls:
                await self._advance(self.controls, person, body["step"])
            case _:
                raise KeyError(act)
        return {}

    async def _advance(self, controls: Controls, person: Person, step: str) -> None:
        now = self.slack.clock()
        if step == "hour":
            target = now + timedelta(hours=1)
        else:
            zone = ZoneInfo(person.zone)
            tomorrow = now.astimezone(zone).date() + timedelta(days=1)
            target = datetime.combine(tomorrow, MORNING, zone)
        await run_in_threadpool(controls.advance, target)
        self.slack.tell({"type": "clock"}, self.slack.stacks)

    async def _send(self, websocket: WebSocket, listener: Listener) -> None:
        while True:
            await websocket.send_json(await listener.queue.get())

    def _snapshot(self, person: Person) -> Json:
        slack = self.slack
        seen = [each for each in slack.conversations.values() if person.id in each.members]
        home = slack.homes.get(person.id)
        return {
            "type": "hello",
            "me": person.id,
            "team": slack.workspace.name,
            "bot": asdict(slack.workspace.bot),
            "slackbot": SLACKBOT,
            "people": [asdict(each) for each in slack.workspace.people],
            "channels": [self._channel(each, person) for each in seen],
            "messages": {each.id: list(each.messages.values()) for each in seen},
            "views": [slack.views[view] for view in slack.stacks[person.id]],
            "home": slack.views[home] if home else None,
            "homeTab": slack.grants.home_tab,
            "commands": [asdict(each) for each in slack.grants.commands or ()],
            "controls": self.controls is not None,
            "sockets": self.hub.connected,
            "now": slack.clock().timestamp(),
        }

    def _channel(self, conversation: Conversation, person: Person) -> Json:
        others = sorted(conversation.members - {person.id})
        return {
            "id": conversation.id,
            "name": conversation.name,
            "kind": conversation.kind,
            "topic": conversation.topic,
            "members": len(conversation.members),
            "with": others[0] if conversation.kind in ("im", "app") else None,
        }


def _press(body: Json) -> Press:
    place = Place(body.get("view", ""), body.get("channel", ""), body.get("ts", ""))
    value, values = body.get("value", {}), body.get("values", {})
    return Press(place, body["block_id"], body["action_id"], value, values)
