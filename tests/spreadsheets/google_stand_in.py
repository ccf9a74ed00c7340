"""A small Google on this machine: Drive's files and Sheets' values over real HTTP.

Every request is judged by Google's discovery documents; an operation that is not in them, or that
is not built here, is answered with 501. Checked by those documents alone, and by nothing that
Google's servers ever answered: permissions, quotas, limits of the grid and failures.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

from tests.spreadsheets.discovery import Operation, operation
from tests.spreadsheets.drive_stand_in import Drive, Fails
from tests.spreadsheets.grid import Refused, Unknown

HOSTS = ("sheets.googleapis.com", "www.googleapis.com", "oauth2.googleapis.com")
Failure = int | Literal["lost before", "lost after"] | tuple[int, str]


@dataclass(frozen=True)
class Call:
    """One request as it came in."""

    id: str
    query: Mapping[str, list[str]]
    body: Any
    size: int


class Google:
    """The stand-in. ``failures`` says how the n-th call fails, counted from 1."""

    def __init__(self) -> None:
        self.drive = Drive()
        self.calls: list[Call] = []
        self.failures: dict[int, Failure] = {}
        self.failing: dict[str, Failure] = {}
        self.grant_is_valid = True
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def session(self) -> requests.Session:
        """A session whose requests to Google's hosts arrive here, and to any other host nowhere."""
        session = requests.Session()
        # Neither a proxy nor a .netrc of the machine's.
        session.trust_env = False
        session.mount("https://", Rewritten(self.url))
        session.mount("http://", Rewritten(self.url))
        return session

    def ids(self) -> list[str]:
        """The operations called so far, without the interface's name."""
        return [call.id.split(".", 1)[1] for call in self.calls]

    def answer(self, http_method: str, url: str, content: bytes) -> tuple[int, Any]:
        """Judge and carry out one request; the status and the body of its answer."""
        parts = urlsplit(url)
        found = operation(http_method, parts.path)
        if found is None:
            return 501, _error(501, "notImplemented", f"{http_method} {parts.path}")
        spec, where = found
        query = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        body = json.loads(content) if content else None
        with self._lock:
            self.calls.append(Call(spec.id, query, body, len(content)))
            failure = self.failures.get(len(self.calls)) or self.failing.get(self.ids()[-1])
            if failure == "lost before":
                return 0, None
            if isinstance(failure, int):
                return failure, _error(failure, "backendError", "injected")
            if isinstance(failure, tuple):
                return failure[0], _error(failure[0], failure[1], "injected")
            answered = self._judged(spec, where, query, body)
            return (0, None) if failure == "lost after" else answered

    def _judged(
        self, spec: Operation, where: Mapping[str, str], query: Mapping[str, list[str]], body: Any
    ) -> tuple[int, Any]:
        problems = spec.problems(query, body)
        if problems:
            return 400, _error(400, "badRequest", "; ".join(problems))
        try:
            return 200, self.drive.carry_out(spec.id, where, query, body)
        except Unknown as unknown:
            return 501, _error(501, "notImplemented", str(unknown))
        except Refused as refused:
            return 400, _error(400, "INVALID_ARGUMENT", str(refused))
        except Fails as fails:
            return fails.status, _error(fails.status, fails.reason, fails.message)


class Rewritten(HTTPAdapter):
    """Sends what is meant for Google to the stand-in, and refuses every other address."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Rewrite the address, or raise ValueError before anything leaves this machine."""
        parts = urlsplit(request.url or "")
        if parts.scheme != "https" or parts.hostname not in HOSTS:
            raise ValueError(f"A test tried to reach {request.url!r}.")
        rewritten = parts._replace(scheme=self._url.scheme, netloc=self._url.netloc)
        request.url = urlunsplit(rewritten)
        return super().send(request, *args, **kwargs)


def _error(status: int, reason: str, message: str) -> Any:
    return {
        "error": {
            "code": status,
            "message": message,
            "errors": [{"reason": reason, "message": message}],
        }
    }


def _handler(google: Google) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet, else each answer waits for an acknowledgement

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the calls are kept."""

        def _serve(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path == "/token":
                status = 200 if google.grant_is_valid else 400
                body: Any = {"access_token": "t", "expires_in": 3600}
                if not google.grant_is_valid:
                    body = {"error": "invalid_grant", "error_description": "Token revoked."}
            else:
                status, body = google.answer(self.command, self.path, content)
            if not status:
                self.close_connection = True
                with suppress(OSError):
                    # Broken off without a word, as a network does it.
                    self.connection.shutdown(socket.SHUT_RDWR)
                return
            answer = json.dumps(body or {}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _serve  # noqa: N815 (http.server's)

    return Handler
