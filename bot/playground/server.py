"""Running the playground: in the foreground for a demo, in a thread for tests."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette

from bot.playground.app import Parts
from bot.playground.driver import AsUser
from bot.playground.hub import Delivery
from bot.playground.records import Refusal, StoredFile
from bot.playground.state import Slack
from bot.playground.webapi import Fault
from bot.playground.workspace import Json

Result = TypeVar("Result")
GLANCE = 0.05


def _configured(app: Starlette) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            # uvicorn's usual one is built on a part of websockets that is deprecated and warns.
            ws="websockets-sansio",
            # Pages and apps hold their sockets open for ever.
            timeout_graceful_shutdown=2,
        )
    )


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """Take a port (0: any free one) before anything is told about it; OSError if it is taken."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(128)
    except OSError:
        taken.close()
        raise
    return taken


def serve(app: Starlette, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve until interrupted; OSError if the port is taken."""
    with listen(host, port) as taken:
        _configured(app).run(sockets=[taken])


class PlaygroundServer:
    """The playground in a thread of its own, and a test's way in. Use it as a context manager."""

    def __init__(self, app: Starlette, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.app = app
        self.parts: Parts = app.state.parts
        self.slack: Slack = self.parts.slack
        self._socket = listen(host, port)
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        self._server = _configured(app)
        self._thread = threading.Thread(target=self._run, name="playground", daemon=True)

    @property
    def api_url(self) -> str:
        """What ``SLACK_API_URL`` is to be for a bot that shall speak to this server."""
        return f"{self.url}/api/"

    def __enter__(self) -> PlaygroundServer:
        self._thread.start()
        with self.slack.changed:
            self.slack.changed.wait_for(lambda: hasattr(self.app.state, "loop"), 10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def run(self, work: Coroutine[Any, Any, Result], seconds: float = 30) -> Result:
        """Do something on the server's loop and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self.app.state.loop).result(seconds)

    def wait(self, until: Callable[[], Any], seconds: float = 10) -> Any:
        """Wait until ``until`` gives something true, and give that.

        It is asked at every change here, and now and then for what changes elsewhere.
        AssertionError names what Slack refused meanwhile, the likeliest reason for silence.
        """
        deadline = time.monotonic() + seconds
        while not (result := until()):
            left = deadline - time.monotonic()
            assert left > 0, f"nothing happened in {seconds} s; refused: {self.refusals}"  # noqa: S101 (a test's assertion)
            with self.slack.changed:
                self.slack.changed.wait(min(left, GLANCE))
        return result

    def connected(self, seconds: float = 10) -> None:
        """Wait until the app has a socket open."""
        self.wait(lambda: self.parts.hub.connected, seconds)

    def as_user(self, who: str) -> AsUser:
        """Act as somebody, by handle or id."""
        return AsUser(self, self.slack.workspace.person(who))

    def messages(self, channel: str) -> list[Json]:
        """Give the messages of ``#name`` or an id, oldest first, replies included."""
        return list(self.slack.conversation(channel).messages.values())

    @property
    def refusals(self) -> list[Refusal]:
        """Everything the app did that Slack would not have taken, in order."""
        return self.slack.refusals

    @property
    def files(self) -> dict[str, StoredFile]:
        """Uploaded files by id."""
        return self.slack.files

    @property
    def deliveries(self) -> list[Delivery]:
        """Every envelope sent to the app, with its acknowledgement and how long that took."""
        return self.parts.hub.deliveries

    def refresh_sockets(self) -> None:
        """Ask the app to reconnect, as Slack does every few hours."""
        self.run(self.parts.hub.refresh())

    def redeliver(self, delivery: Delivery, attempt: int = 1) -> Json | None:
        """Send an envelope's payload once more, as after a lost acknowledgement."""
        return self.run(self.parts.hub.redeliver(delivery, attempt))

    def fail_next(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method meet these faults, one each."""
        self.parts.api.faults.setdefault(method, deque()).extend(faults)

    def limit_rates(self, on: bool = True) -> None:
        """Switch Slack's rate limits on or off (they follow the playground's clock)."""
        self.parts.api.rates.on = on
