"""One call of the Web API: its arguments as handlers read them, and what a method needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.hub import Hub
from bot.playground.records import Conversation, Refused
from bot.playground.state import Slack
from bot.playground.workspace import Json

SCOPE_OF_KIND = {"channel": "channels", "private": "groups", "im": "im", "app": "im"}


@dataclass(frozen=True, slots=True)
class Call:
    """What a method is given. Arguments come from the query, a form or a JSON body alike."""

    slack: Slack
    hub: Hub
    args: Mapping[str, Any]
    base: str

    def text(self, name: str, default: str | None = None) -> str:
        """Give a string; Refused (invalid_arguments) if it is missing and there is no default."""
        value = self.args.get(name)
        if value in (None, ""):
            if default is None:
                raise Refused("invalid_arguments", f"[ERROR] missing required field: {name}")
            return default
        return str(value)

    def structure(self, name: str) -> Any:
        """Give a nested argument, parsed where it came as JSON text; None if it is missing."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            wrong = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
            raise Refused(wrong, f"[ERROR] {name} is not JSON") from None

    def number(self, name: str, default: int) -> int:
        """Give a whole number."""
        try:
            return int(self.text(name, str(default)))
        except ValueError:
            raise Refused("invalid_arguments", f"[ERROR] {name} is not a number") from None

    def flag(self, name: str) -> bool:
        """Give a boolean; Slack's SDKs send 1, true or True."""
        return self.text(name, "0").lower() in ("1", "true")

    def need(self, scope: str) -> None:
        """Refuse with missing_scope unless the manifest grants this scope."""
        grants = self.slack.grants
        if grants.lacks(scope):
            provided = ",".join(sorted(grants.scopes or ()))
            raise Refused("missing_scope", needed=scope, provided=provided)

    def channel(self, scope: str = "", *, member: bool = False) -> Conversation:
        """Give the conversation the app may know of; ``scope`` is the verb: read or history."""
        bot = self.slack.workspace.bot.user_id
        found = self.slack.conversations.get(self.text("channel"))
        if found is None or (found.kind != "channel" and bot not in found.members):
            raise Refused("channel_not_found")
        if scope:
            self.need(f"{SCOPE_OF_KIND[found.kind]}:{scope}")
        if member and bot not in found.members:
            raise Refused("not_in_channel")
        return found


Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its handler, the scopes it needs, its calls a minute, who may call it."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    tier: int = 50
    caller: str = "bot"
