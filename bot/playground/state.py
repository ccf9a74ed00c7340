"""Everything the local Slack remembers: conversations, messages, files, views, refusals."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.playground.blocks import message_problem, slack_files, unrendered, with_ids
from bot.playground.records import (
    Conversation,
    Listener,
    Refusal,
    Refused,
    ResponseUrl,
    StoredFile,
    Trigger,
)
from bot.playground.workspace import SLACKBOT, Grants, Json, Person, Workspace

Clock = Callable[[], datetime]

# As Slack documents them.
TRIGGER_SECONDS = 3
RESPONSE_URL_USES = 5
RESPONSE_URL_LIFE = timedelta(minutes=30)
TEXT_CUT = 40_000


class Slack:
    """The state of one workspace. Used on one event loop; ``changed`` wakes other threads."""

    def __init__(
        self, clock: Clock, workspace: Workspace, grants: Grants, tokens: Mapping[str, str]
    ) -> None:
        self.clock, self.workspace, self.grants, self.tokens = clock, workspace, grants, tokens
        self.conversations = {each.id: each for each in _conversations(workspace)}
        self.whispers: dict[str, Json] = {}
        self.files: dict[str, StoredFile] = {}
        self.views: dict[str, Json] = {}
        self.stacks: dict[str, list[str]] = {person.id: [] for person in workspace.people}
        self.homes: dict[str, str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.refusals: list[Refusal] = []
        # As with Slack, no picture can be used at the first moment.
        self.picture_polls = 1
        self.listeners: set[Listener] = set()
        self.changed = threading.Condition()
        self._counts: dict[str, int] = {}
        self._second = 0

    def next_id(self, prefix: str) -> str:
        """Count up the ids of one kind: F000000001, F000000002, …"""
        self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return f"{prefix}{self._counts[prefix]:09d}"

    def next_ts(self) -> str:
        """Stamp a message: seconds by the clock, and a count so that none is equal or earlier."""
        self._second = max(self._second, int(self.clock().timestamp()))
        self._counts["ts"] = self._counts.get("ts", 0) + 1
        return f"{self._second}.{self._counts['ts']:06d}"

    def tell(self, event: Json, people: Iterable[str]) -> None:
        """Tell the open pages of these people, and whoever waits for a change."""
        wanted = set(people)
        for listener in self.listeners:
            if listener.person in wanted:
                listener.queue.put_nowait({**event, "now": self.clock().timestamp()})
        with self.changed:
            self.changed.notify_all()

    def refuse(self, what: str, error: str, messages: Iterable[str] = ()) -> None:
        """Write down something that Slack would not have taken."""
        self.refusals.append(Refusal(what, error, tuple(messages)))

    def conversation(self, channel: str) -> Conversation:
        """Find a conversation by id or ``#name``; KeyError if there is no such one."""
        for each in self.conversations.values():
            if channel in (each.id, f"#{each.name}"):
                return each
        raise KeyError(channel)

    def direct(self, user: str) -> Conversation:
        """Give the conversation between the app and a person; Refused if there is no such one."""
        bot = self.workspace.bot.user_id
        for each in self.conversations.values():
            if each.kind == "app" and each.members == {user, bot}:
                return each
        raise Refused("user_not_found")

    def pictures_ready(self, blocks: Any) -> None:
        """Refuse pictures whose file is not there, or not processed yet."""
        for pointer, reference in slack_files(blocks):
            stored = self.files.get(reference.split("/files/")[-1].split("/")[0])
            if stored is None or not stored.complete or stored.polls_left > 0:
                if stored is not None:
                    stored.polls_left -= 1
                message = f"invalid slack file [json-pointer:/blocks{pointer}]"
                raise Refused("invalid_blocks", message)

    def compose(self, content: Mapping[str, Any], *, what: str) -> Json:
        """Check a message's text, blocks and metadata, and give what of it is kept."""
        blocks, words = content.get("blocks") or [], content.get("text") or ""
        if not blocks and not str(words).strip():
            raise Refused("no_text")
        if problem := message_problem(blocks):
            raise Refused(problem.error, *problem.messages)
        self.pictures_ready(blocks)
        if kinds := unrendered(blocks):
            self.refuse(what, "not_rendered_by_the_playground", kinds)
        kept: Json = {"text": str(words)[:TEXT_CUT]}
        if blocks:
            kept["blocks"] = with_ids(blocks, lambda: self.next_id("b"))
        if metadata := content.get("metadata"):
            kept["metadata"] = _metadata(metadata)
        return kept

    def compose_whisper(self, content: Mapping[str, Any], *, what: str) -> Json:
        """Check a message only one person will see: no metadata, and no files of Slack's."""
        if any(slack_files(content.get("blocks"))):
            raise Refused(
                "invalid_blocks", "an ephemeral message takes no files [json-pointer:/blocks]"
            )
        return self.compose({**content, "metadata": None}, what=what)

    def post(self, conversation: Conversation, author: Json, content: Json) -> Json:
        """Add a message by somebody and show it to the members."""
        message = {"type": "message", "ts": self.next_ts(), **author, **content}
        conversation.messages[message["ts"]] = message
        if parent := conversation.messages.get(message.get("thread_ts", "")):
            parent.setdefault("thread_ts", parent["ts"])
            parent["reply_count"] = parent.get("reply_count", 0) + 1
            parent["latest_reply"] = message["ts"]
            self.show(conversation, parent)
        self.show(conversation, message)
        return message

    def show(self, conversation: Conversation, message: Json) -> None:
        """Tell the members' pages what a message is like now."""
        event = {"type": "message", "channel": conversation.id, "message": message}
        self.tell(event, conversation.members)

    def remove(self, conversation: Conversation, ts: str) -> None:
        """Delete a message and tell the members' pages."""
        del conversation.messages[ts]
        event = {"type": "deleted", "channel": conversation.id, "ts": ts}
        self.tell(event, conversation.members)

    def whisper(self, channel: str, user: str, content: Json, ts: str | None = None) -> Json:
        """Show a message to one person only; with ``ts`` it replaces an earlier one."""
        author: Json = content if "user" in content else self.bot_author()
        message = {
            "type": "message",
            "ts": ts or self.next_ts(),
            **author,
            **content,
            "is_ephemeral": True,
            "channel": channel,
            "to": user,
        }
        self.whispers[message["ts"]] = message
        self.tell({"type": "message", "channel": channel, "message": message}, [user])
        return message

    def notice(self, channel: str, user: str, words: str) -> None:
        """Let Slackbot tell one person that something did not work."""
        self.whisper(channel, user, {"text": words, "user": SLACKBOT, "username": "Slackbot"})

    def bot_author(self) -> Json:
        """Give the fields that mark a message as the app's."""
        bot = self.workspace.bot
        profile = {"id": bot.bot_id, "name": bot.name, "app_id": bot.app_id}
        return {
            "user": bot.user_id,
            "bot_id": bot.bot_id,
            "app_id": bot.app_id,
            "team": self.workspace.team_id,
            "bot_profile": {**profile, "team_id": self.workspace.team_id},
        }

    def trigger(self, person: Person, channel: str, view: str | None = None) -> str:
        """Issue a trigger_id: one use, 3 seconds by the clock."""
        expires = self.clock() + timedelta(seconds=TRIGGER_SECONDS)
        issued = int(self.clock().timestamp() * 1000)  # never the same again after a restart
        identity = f"{self.next_id('')}.{issued}.{self.workspace.team_id[1:]}"
        self.triggers[identity] = Trigger(person.id, channel, expires, view)
        return identity

    def exchange(self, identity: str) -> Trigger:
        """Use up a trigger_id, or refuse it as Slack does."""
        trigger = self.triggers.get(identity)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.clock() > trigger.expires:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(self, channel: str, person: Person, on: Json | None = None) -> str:
        """Issue the key of a response_url for an interaction ``on`` a message, or on none."""
        key = self.next_id("R")
        expires = self.clock() + RESPONSE_URL_LIFE
        self.response_urls[key] = ResponseUrl(
            channel, person.id, expires, (on or {}).get("ts"), (on or {}).get("thread_ts")
        )
        return key


def _conversations(workspace: Workspace) -> Iterable[Conversation]:
    bot = workspace.bot.user_id
    everyone = {person.id for person in workspace.people}
    for channel in workspace.channels:
        members = everyone | ({bot} if channel.bot else set())
        kind = "private" if channel.private else "channel"
        yield Conversation(channel.id, channel.name, kind, members, channel.topic)
    for index, person in enumerate(workspace.people):
        name = workspace.bot.name
        yield Conversation(f"D{person.id[1:]}", name, "app", {person.id, bot})
        for other in workspace.people[index + 1 :]:
            pair = {person.id, other.id}
            yield Conversation(f"D{person.id[1:]}{other.id[1:]}", "", "im", pair)


def _metadata(metadata: Any) -> Json:
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_format")
    if not metadata.get("event_type") or set(metadata) - {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_schema")
    return metadata
