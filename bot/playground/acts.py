"""What a person can do with what an app shows: press, choose, search, submit, close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground import payloads, views
from bot.playground.blocks import elements
from bot.playground.elements import SUGGESTIONS
from bot.playground.hub import Hub
from bot.playground.records import Refused
from bot.playground.state import Slack
from bot.playground.values import state_of, submission_errors
from bot.playground.workspace import Json, Person

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element is: a view, or a message in a conversation."""

    view: str = ""
    channel: str = ""
    ts: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A press or a choice on one element, with everything entered around it so far."""

    place: Place
    block_id: str
    action_id: str
    value: Json = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


class Acts:
    """People's hands; every act ends when the app acknowledged it, or did not."""

    def __init__(self, slack: Slack, hub: Hub) -> None:
        self.slack, self.hub = slack, hub
        self._entered: dict[tuple[str, str], Json] = {}

    async def press(self, person: Person, press: Press) -> None:
        """Press a button or choose something; the app hears of it if the element says so."""
        blocks, base = self._around(person, press.place)
        block, element = _find(blocks, press.block_id, press.action_id)
        values = self._enter(person, press, blocks)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return
        channel = press.place.channel
        if not self.slack.grants.interactive:
            self._trouble(person, channel, "This app is not configured for interactivity.")
            return
        payload: Json = {
            "type": "block_actions",
            **base,
            "trigger_id": self.slack.trigger(person, channel, press.place.view or None),
            "actions": [
                payloads.action(element, press.block_id, press.value, self.slack.next_ts())
            ],
        }
        if press.place.ts:
            payload["state"] = {"values": values}
            on = {"ts": press.place.ts, "thread_ts": base["container"].get("thread_ts")}
            payload["response_url"] = self._url(channel, person, on)
        await self._interactive(person, channel, payload)

    async def suggest(self, person: Person, press: Press, query: str) -> Json:
        """Ask the app for options as somebody types; no options if it gives none that are valid."""
        blocks, base = self._around(person, press.place)
        _, element = _find(blocks, press.block_id, press.action_id)
        payload = {
            "type": "block_suggestion",
            **base,
            "block_id": press.block_id,
            "action_id": element["action_id"],
            "value": query,
        }
        answer = await self.hub.deliver("interactive", payload)
        faults = list(SUGGESTIONS(answer, "")) if answer is not None else ["no answer"]
        if answer is None or faults:
            self.slack.refuse("block_suggestion", "invalid_options", faults)
            return {"options": []}
        return answer

    async def submit(
        self, person: Person, view_id: str, values: Mapping[str, Any]
    ) -> dict[str, str]:
        """Submit a modal; give the errors to show, by block_id (``""`` for the whole of it)."""
        view = self.slack.views[view_id]
        complete = state_of(view["blocks"], _merged(view["state"]["values"], values))
        view["state"] = {"values": complete}
        if errors := submission_errors(view["blocks"], complete):
            return errors
        payload = {
            **payloads.on_modal(self.slack, person, view, "view_submission"),
            "trigger_id": self.slack.trigger(person, "", view_id),
            "response_urls": self._requested_urls(person, view, complete),
        }
        answer = await self.hub.deliver("interactive", payload)
        if answer is None:
            return {"": TROUBLE}
        try:
            return self._after_submission(person, view, answer)
        except Refused as refusal:
            self.slack.refuse("view_submission", refusal.error, refusal.messages)
            return {"": TROUBLE}

    async def close(self, person: Person, view_id: str, *, everything: bool = False) -> None:
        """Close a modal by its button (this one), or by its cross (everything)."""
        view = self.slack.views[view_id]
        cleared = everything or view["clear_on_close"]
        for closed in views.drop(self.slack, person.id, None if cleared else view_id):
            if closed["notify_on_close"]:
                payload = payloads.on_modal(self.slack, person, closed, "view_closed")
                await self.hub.deliver("interactive", {**payload, "is_cleared": cleared})

    async def _interactive(self, person: Person, channel: str, payload: Json) -> None:
        if await self.hub.deliver("interactive", payload) is None:
            self._trouble(person, channel, "This app responded too late, or not at all.")

    def _trouble(self, person: Person, channel: str, words: str) -> None:
        self.slack.tell({"type": "trouble", "text": words}, [person.id])
        if channel:
            self.slack.notice(channel, person.id, words)

    def _around(self, person: Person, place: Place) -> tuple[list[Json], Json]:
        if place.view:
            view = self.slack.views[place.view]
            return view["blocks"], payloads.on_view(self.slack, person, view)
        conversation = self.slack.conversations[place.channel]
        message = conversation.messages.get(place.ts) or self.slack.whispers[place.ts]
        payload = payloads.on_message(self.slack, person, conversation, message)
        return message.get("blocks", []), payload

    def _enter(self, person: Person, press: Press, blocks: list[Json]) -> Json:
        """Remember what was entered, in the view or for this person on this message."""
        now = _merged(press.values, {press.block_id: {press.action_id: press.value}})
        if press.place.view:
            view = self.slack.views[press.place.view]
            values = state_of(blocks, _merged(view["state"]["values"], now))
            view["state"] = {"values": values}
            return values
        key = (person.id, press.place.ts)
        self._entered[key] = state_of(blocks, _merged(self._entered.get(key, {}), now))
        return self._entered[key]

    def _url(self, channel: str, person: Person, on: Json | None = None) -> str:
        return f"{self.hub.base}/response/{self.slack.response_url(channel, person, on)}"

    def _requested_urls(self, person: Person, view: Json, values: Json) -> list[Json]:
        found = []
        for block in view["blocks"]:
            for element in elements(block):
                if not element.get("response_url_enabled"):
                    continue
                block_id, action_id = block["block_id"], element["action_id"]
                chosen = values[block_id][action_id]
                channel = chosen.get("selected_conversation") or chosen.get("selected_channel")
                if channel:
                    place = {"block_id": block_id, "action_id": action_id, "channel_id": channel}
                    found.append({**place, "response_url": self._url(channel, person)})
        return found

    def _after_submission(self, person: Person, view: Json, answer: Json) -> dict[str, str]:
        action = answer.get("response_action")
        if not answer:
            views.drop(self.slack, person.id, view["id"])
        elif action == "errors":
            return self._field_errors(view, answer.get("errors"))
        elif action == "clear":
            views.drop(self.slack, person.id)
        elif action == "update":
            views.replace(self.slack, view["id"], answer.get("view"))
        elif action == "push":
            views.push(self.slack, person.id, answer.get("view"))
        else:
            raise Refused("invalid_response_action", str(answer)[:200])
        return {}

    def _field_errors(self, view: Json, errors: Any) -> dict[str, str]:
        fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or set(errors) - fields:
            raise Refused("invalid_errors", f"errors must name input blocks: {errors}")
        return errors


def _find(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    for block in blocks:
        for element in elements(block):
            if block["block_id"] == block_id and element["action_id"] == action_id:
                return block, element
    raise LookupError(f"there is no element {action_id!r} in a block {block_id!r}")


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> Json:
    blocks = {**old, **new}
    return {name: {**old.get(name, {}), **new.get(name, {})} for name in blocks}
