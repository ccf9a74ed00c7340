"""What a person can type: messages, slash commands, invitations; and opening the app's Home."""

from __future__ import annotations

import re

from bot.playground import payloads
from bot.playground.hub import Hub
from bot.playground.records import Conversation, Refused, ResponseUrl
from bot.playground.respond import Responder
from bot.playground.state import Slack
from bot.playground.workspace import Json, Person

MESSAGES = {
    "app": ("im", "message.im"),
    "channel": ("channel", "message.channels"),
    "private": ("group", "message.groups"),
}


class Talk:
    """What people say, to each other and to the app."""

    def __init__(self, slack: Slack, hub: Hub, responder: Responder) -> None:
        self.slack, self.hub, self.responder = slack, hub, responder

    async def write(self, person: Person, channel: str, text: str, thread: str = "") -> None:
        """Send what was typed: a slash command, or a message."""
        conversation = self.slack.conversations[channel]
        if text.startswith("/"):
            await self._slash(person, conversation, text, thread)
            return
        if conversation.kind == "app" and self.slack.grants.messages_read_only:
            self.slack.notice(channel, person.id, "Sending messages to this app is turned off.")
            return
        content = {"text": _escaped(text)} | ({"thread_ts": thread} if thread else {})
        author = {"user": person.id, "team": self.slack.workspace.team_id}
        message = self.slack.post(conversation, author, content)
        await self._message_events(conversation, message)

    async def visit(self, person: Person, tab: str) -> None:
        """Open the app's direct messages or its Home tab."""
        conversation = self.slack.direct(person.id)
        body: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": conversation.id,
            "tab": tab,
            "event_ts": self.slack.next_ts(),
        }
        if tab == "home" and person.id in self.slack.homes:
            body["view"] = self.slack.views[self.slack.homes[person.id]]
        await self._event(body)

    async def _slash(self, person: Person, place: Conversation, text: str, thread: str) -> None:
        command, _, rest = text.partition(" ")
        if problem := self._not_a_command(command, thread):
            self.slack.notice(place.id, person.id, problem)
            return
        if command == "/invite":
            await self._invite(person, place)
            return
        key = self.slack.response_url(place.id, person)
        payload = {
            **payloads.slash(self.slack, person, place, command, rest.strip()),
            "response_url": f"{self.hub.base}/response/{key}",
            "trigger_id": self.slack.trigger(person, place.id),
        }
        answer = await self.hub.deliver("slash_commands", payload)
        if answer is None:
            words = f"`{command}` failed because the app did not respond within 3 seconds."
            self.slack.notice(place.id, person.id, words)
        elif answer:
            self._answer(self.slack.response_urls[key], answer)

    def _not_a_command(self, command: str, thread: str) -> str:
        known = self.slack.grants.commands
        # Slack offers no slash commands in threads.
        if thread:
            return f"`{command}` is not supported in threads. Sorry!"
        if command == "/invite" or known is None or command in {each.command for each in known}:
            return ""
        return f"`{command}` is not a valid command."

    async def _invite(self, person: Person, place: Conversation) -> None:
        bot = self.slack.workspace.bot.user_id
        if place.kind not in ("channel", "private") or bot in place.members:
            self.slack.notice(place.id, person.id, "There is nobody to invite here.")
            return
        place.members.add(bot)
        words = f"<@{bot}> was added to #{place.name} by <@{person.id}>."
        self.slack.post(place, {"user": bot, "subtype": "channel_join"}, {"text": words})
        joined = {"type": "member_joined_channel", "user": bot, "channel": place.id}
        await self._event({**joined, "inviter": person.id, "event_ts": self.slack.next_ts()})

    def _answer(self, url: ResponseUrl, body: Json) -> None:
        try:
            self.responder.answer(url, body, "ack")
        except Refused as refusal:
            self.slack.refuse("ack", refusal.error, refusal.messages)

    async def _message_events(self, conversation: Conversation, message: Json) -> None:
        bot = self.slack.workspace.bot.user_id
        if bot not in conversation.members:
            return
        kind, subscription = MESSAGES[conversation.kind]
        shared = {**message, "channel": conversation.id, "event_ts": message["ts"]}
        await self._event({**shared, "channel_type": kind}, subscription)
        if f"<@{bot}>" in message["text"] and conversation.kind != "app":
            await self._event({**shared, "type": "app_mention"})

    async def _event(self, body: Json, subscription: str = "") -> None:
        events = self.slack.grants.events
        if events is None or (subscription or body["type"]) in events:
            await self.hub.deliver("events_api", payloads.event(self.slack, body), retry_attempt=0)


def _escaped(text: str) -> str:
    """Escape what a person typed as Slack's clients do, keeping the mentions they picked."""
    words = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"&lt;([@#][A-Z0-9]+)&gt;", r"<\1>", words)
