"""The Web API as an endpoint: tokens, scopes, rates, faults a test asked for, and dispatch."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.playground import chat, conversations, files, views
from bot.playground.call import Call, Method
from bot.playground.hub import Hub
from bot.playground.records import Refused
from bot.playground.state import Slack
from bot.playground.workspace import Json

METHODS: Mapping[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **views.METHODS,
}
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Fault:
    """What a test wants the next call of a method to meet, though nothing is wrong with it.

    ``error`` refuses it; ``retry_after`` answers 429; ``reply_lost`` does it and loses the reply,
    as when a connection breaks.
    """

    error: str = ""
    retry_after: int = 0
    reply_lost: bool = False


@dataclass(slots=True)
class Rates:
    """Slack's rates by the playground's clock, where switched on: per method, and per channel."""

    slack: Slack
    on: bool = False
    calls: dict[str, deque[float]] = field(default_factory=dict)

    def check(self, name: str, tier: int, channel: str) -> None:
        """Refuse a call past its method's rate, or a second post to a channel in one second."""
        if not self.on:
            return
        self._count(name, tier, MINUTE)
        # About one message a second in each channel, beside the method's own rate.
        if name == "chat.postMessage":
            self._count(f"{name} {channel}", 1, 1.0)

    def _count(self, key: str, most: int, seconds: float) -> None:
        now = self.slack.clock().timestamp()
        calls = self.calls.setdefault(key, deque())
        while calls and calls[0] <= now - seconds:
            calls.popleft()
        if len(calls) >= most:
            wait = max(1, round(calls[0] + seconds - now))
            raise Refused("ratelimited", retry_after=wait)
        calls.append(now)


class WebApi:
    """``/api/<method>`` for the app, and ``/upload/v1/<file>`` for its files."""

    def __init__(self, slack: Slack, hub: Hub) -> None:
        self.slack, self.hub = slack, hub
        self.rates = Rates(slack)
        self.faults: dict[str, deque[Fault]] = {}

    async def endpoint(self, request: Request) -> Response:
        """Answer one call: 200 with ok true or false, 429 past a rate."""
        name = request.path_params["method"]
        try:
            args, token = await _arguments(request)
            fault = self._fault(name)
            answer = self.call(name, args, token, str(request.base_url).rstrip("/"))
        except Refused as refusal:
            return self._refusal(name, refusal)
        if fault and fault.reply_lost:
            return PlainTextResponse("upstream connect error", 504)
        return JSONResponse({"ok": True, **answer})

    def call(self, name: str, args: Mapping[str, Any], token: str, base: str) -> Json:
        """Check and do one call; Refused with Slack's error name."""
        method = METHODS.get(name)
        if method is None:
            raise Refused("unknown_method", req_method=name)
        self._authorize(method, token)
        self.rates.check(name, method.tier, str(args.get("channel", "")))
        call = Call(self.slack, self.hub, args, base)
        for scope in method.scopes:
            call.need(scope)
        return method.handler(call)

    async def upload(self, request: Request) -> Response:
        """Take the bytes of a file at the address that getUploadURLExternal gave."""
        content = await request.body()
        status, text = files.receive(self.slack, request.path_params["file"], content)
        return PlainTextResponse(text, status)

    def _authorize(self, method: Method, token: str) -> None:
        if not token:
            raise Refused("not_authed")
        kinds = [kind for kind, known in self.slack.tokens.items() if known == token]
        if not kinds:
            raise Refused("invalid_auth")
        if method.caller not in kinds:
            raise Refused("not_allowed_token_type")

    def _fault(self, name: str) -> Fault | None:
        waiting = self.faults.get(name)
        if not waiting:
            return None
        fault = waiting.popleft()
        if fault.retry_after:
            raise Refused("ratelimited", retry_after=fault.retry_after, asked_for=True)
        if fault.error:
            raise Refused(fault.error, asked_for=True)
        return fault

    def _refusal(self, name: str, refusal: Refused) -> Response:
        details = dict(refusal.details)
        # What a test asked for is no fault of the app's.
        if not details.pop("asked_for", False):
            self.slack.refuse(name, refusal.error, refusal.messages)
        wait = details.pop("retry_after", None)
        body: Json = {"ok": False, "error": refusal.error, **details}
        if refusal.messages:
            body["errors"] = list(refusal.messages)
            body["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in refusal.messages]}
        if wait is None:
            return JSONResponse(body)
        return JSONResponse(body, 429, headers={"Retry-After": str(wait)})


async def _arguments(request: Request) -> tuple[Json, str]:
    """Merge query, form and JSON body; the token may stand in any of them or in the header."""
    args: Json = dict(request.query_params)
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        args |= _json_object(body)
    elif body:
        args |= dict(await request.form())
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    given = str(args.pop("token", ""))
    return args, bearer if scheme == "Bearer" else given


def _json_object(body: bytes) -> Json:
    try:
        # The SDK sends auth.test as JSON with an empty body.
        value = json.loads(body or b"{}")
    except ValueError:
        raise Refused("invalid_json") from None
    if not isinstance(value, dict):
        raise Refused("json_not_object")
    return value
