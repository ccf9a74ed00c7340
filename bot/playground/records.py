"""What the local Slack keeps of each thing, and how it says no."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.playground.workspace import Json


class Refused(Exception):
    """A call that Slack would refuse, under Slack's own name for the reason."""

    def __init__(self, error: str, *messages: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages
        self.details = details


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing the app did that Slack would not have taken."""

    what: str
    error: str
    messages: tuple[str, ...] = ()


@dataclass(slots=True)
class Conversation:
    """A channel or direct message; ``kind`` is channel, private, im (between people) or app."""

    id: str
    name: str
    kind: str
    members: set[str]
    topic: str = ""
    messages: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class StoredFile:
    """An uploaded file; a picture is usable in blocks once ``polls_left`` is 0."""

    id: str
    name: str
    length: int
    content: bytes = b""
    title: str = ""
    complete: bool = False
    polls_left: int = 0
    shared: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Trigger:
    """Permission to open one view for one person, until ``expires``."""

    user: str
    channel: str
    expires: datetime
    view: str | None = None
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer one interaction; ``message`` is what the interaction was on."""

    channel: str
    user: str
    expires: datetime
    message: str | None = None
    thread: str | None = None
    used: int = 0


@dataclass(slots=True, eq=False)
class Listener:
    """An open page, and what it has not been told yet."""

    person: str
    queue: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
