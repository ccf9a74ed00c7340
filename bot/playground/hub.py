"""Socket Mode: open sockets, envelopes, acknowledgements and their time, refresh, redelivery."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.records import Refused
from bot.playground.state import Slack
from bot.playground.workspace import Json

# Slack's own limits.
ACK_SECONDS = 3.0
MOST_SOCKETS = 10


@dataclass(slots=True, eq=False)
class Delivery:
    """One envelope: what was sent, and how the app acknowledged it (None: not at all).

    ``seconds`` is real time from sending to acknowledgement, however late it came.
    """

    envelope: Json
    sent: float
    answered: asyncio.Future[Json]
    seconds: float | None = None
    ack: Json | None = None
    late: bool = False


@dataclass(slots=True, eq=False)
class Socket:
    """One connection of the app; ``leaving`` once it was asked to go."""

    websocket: WebSocket
    leaving: bool = False


class Hub:
    """The app's sockets and everything that was sent through them."""

    def __init__(
        self,
        slack: Slack,
        ack_seconds: float = ACK_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.slack, self.ack_seconds, self.monotonic = slack, ack_seconds, monotonic
        self.base = ""
        self.deliveries: list[Delivery] = []
        self._sockets: list[Socket] = []
        self._tickets: set[str] = set()
        self._arrived = asyncio.Condition()
        self._turn = 0
        self._expected = False

    def connect_url(self, base: str) -> str:
        """Issue the one-use address of a socket; ``base`` is where the app reached this server."""
        if not self.slack.grants.socket_mode:
            raise Refused("socket_mode_not_enabled")
        self.base = base
        ticket = self.slack.next_id("ticket")
        self._tickets.add(ticket)
        app = self.slack.workspace.bot.app_id
        return f"ws{base.removeprefix('http')}/link/?ticket={ticket}&app_id={app}"

    @property
    def connected(self) -> int:
        """How many sockets may be sent to."""
        return len(self._ready())

    async def serve(self, websocket: WebSocket) -> None:
        """Hold one socket of the app, from hello to its end."""
        ticket = websocket.query_params.get("ticket", "")
        error = "" if ticket in self._tickets else "invalid_ticket"
        if not error and len(self._sockets) >= MOST_SOCKETS:
            error = "too_many_websockets"
        if error:
            self.slack.refuse("socket", error)
            await websocket.close()
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        socket = Socket(websocket)
        self._sockets.append(socket)
        self._expected = False
        await websocket.send_json(self._hello())
        await self._wake()
        try:
            while True:
                self._acknowledge(await websocket.receive_json())
        except WebSocketDisconnect:
            self._sockets.remove(socket)
            await self._wake()

    async def deliver(self, kind: str, payload: Json, **more: object) -> Json | None:
        """Send an envelope to any socket; give the ack's payload, or None without an ack in time.

        An app that is not connected has no time at all, unless it was just asked to reconnect.
        ``kind`` is Slack's: slash_commands, interactive or events_api. An acknowledgement
        without payload gives an empty dict.
        """
        envelope = {
            "envelope_id": self.slack.next_id("envelope-"),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **more,
        }
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        delivery = Delivery(envelope, self.monotonic(), future)
        try:
            async with asyncio.timeout(self.ack_seconds):
                socket = await self._next_socket()
                self.deliveries.append(delivery)
                await socket.websocket.send_json(envelope)
                return await future
        except TimeoutError:
            delivery.late = True
            self.slack.refuse(f"ack of {kind}", "operation_timeout", [_title(payload)])
            return None

    async def redeliver(self, delivery: Delivery, attempt: int = 1) -> Json | None:
        """Send the same payload again in a new envelope, as Slack does when no ack came."""
        kind, payload = delivery.envelope["type"], delivery.envelope["payload"]
        return await self.deliver(kind, payload, retry_attempt=attempt, retry_reason="timeout")

    async def refresh(self) -> None:
        """Ask every open socket to go, as Slack does every few hours; sends wait for new ones."""
        self._expected = True
        for socket in self._ready():
            socket.leaving = True
            await socket.websocket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    def _ready(self) -> list[Socket]:
        return [socket for socket in self._sockets if not socket.leaving]

    async def _next_socket(self) -> Socket:
        if not self._sockets and not self._expected:
            raise TimeoutError
        async with self._arrived:
            await self._arrived.wait_for(self._ready)
        # In turn, as Slack sends a payload to any one of an app's sockets.
        self._turn += 1
        ready = self._ready()
        return ready[self._turn % len(ready)]

    async def _wake(self) -> None:
        async with self._arrived:
            self._arrived.notify_all()
        self.slack.tell({"type": "connected", "sockets": self.connected}, self.slack.stacks)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "connection_info": {"app_id": self.slack.workspace.bot.app_id},
            "debug_info": {"host": "playground", "approximate_connection_time": 18060},
        }

    def _acknowledge(self, message: Json) -> None:
        # The newest first, as what is acknowledged was sent just now.
        for delivery in reversed(self.deliveries):
            if delivery.envelope["envelope_id"] == message.get("envelope_id"):
                break
        else:
            self.slack.refuse("ack", "unknown_envelope_id", [str(message)[:200]])
            return
        # Also of one that came too late: how late is what a test or measurement wants to know.
        delivery.seconds = self.monotonic() - delivery.sent
        delivery.ack = message.get("payload") or {}
        if not delivery.envelope["accepts_response_payload"] and delivery.ack:
            self.slack.refuse("ack", "payload_not_accepted", [_title(delivery.envelope["payload"])])
        if not delivery.answered.done():
            delivery.answered.set_result(delivery.ack)


def _title(payload: Json) -> str:
    names = ("command", "text", "type", "event_id", "callback_id")
    return " ".join(str(payload[name]) for name in names if payload.get(name))
