"""Acting as somebody from a test or script: type, press, choose, submit, without a browser."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any, Protocol, TypeVar

from bot.playground.acts import Place, Press
from bot.playground.app import Parts
from bot.playground.blocks import elements
from bot.playground.elements import options_of
from bot.playground.values import HOLDS, chosen
from bot.playground.workspace import Json, Person

Result = TypeVar("Result")


class Runner(Protocol):
    """What runs the playground's loop."""

    @property
    def parts(self) -> Parts:
        """Give what the playground is made of."""

    def run(self, work: Coroutine[Any, Any, Result], seconds: float = 30) -> Result:
        """Do something on the loop and wait for it."""


class AsUser:
    """One person's hands and eyes. Every act returns once the app acknowledged it, or did not."""

    def __init__(self, runner: Runner, person: Person) -> None:
        self._runner, self.person = runner, person
        self._slack, self._acts = runner.parts.slack, runner.parts.acts
        self._talk = runner.parts.talk

    def channel(self, name: str) -> str:
        """Give the id of ``#name``, of an id, or of the messages with the app (``@plainlogs``)."""
        if name == f"@{self._slack.workspace.bot.name}":
            return self._slack.direct(self.person.id).id
        return self._slack.conversation(name).id

    def write(self, channel: str, text: str, thread: str = "") -> None:
        """Type something and press Enter; ``thread`` is the ts of the parent."""
        self._runner.run(self._talk.write(self.person, self.channel(channel), text, thread))

    slash = write

    def open_home(self, tab: str = "home") -> None:
        """Open the app's Home or messages tab."""
        self._runner.run(self._talk.visit(self.person, tab))

    def sees(self, channel: str) -> list[Json]:
        """Give the messages of a conversation with those only this person sees, oldest first."""
        where = self.channel(channel)
        return sorted(
            [*self._slack.conversations[where].messages.values(), *self.whispers(where)],
            key=lambda message: str(message["ts"]),
        )

    def whispers(self, channel: str = "") -> list[Json]:
        """Give what only this person sees, everywhere or in one conversation."""
        where = self.channel(channel) if channel else ""
        return [
            each
            for each in self._slack.whispers.values()
            if each["to"] == self.person.id and where in ("", each["channel"])
        ]

    @property
    def views(self) -> list[Json]:
        """Give the open modals, the top one last."""
        return [self._slack.views[each] for each in self._slack.stacks[self.person.id]]

    @property
    def view(self) -> Json:
        """Give the modal on top; IndexError if none is open."""
        return self.views[-1]

    def click(self, container: Json, action_id: str, value: Any = None, block_id: str = "") -> None:
        """Press a button, or choose ``value`` (an option's value or label, a date, an id …).

        ``container`` is a message or a view. LookupError if there is no such element or option.
        """
        block, element = _element(container, action_id, block_id)
        press = Press(
            self._place(container),
            block,
            element["action_id"],
            self._value(element, value, container),
        )
        self._runner.run(self._acts.press(self.person, press))

    def suggest(self, container: Json, action_id: str, query: str) -> list[Json]:
        """Type into an external select; give the options offered."""
        block, element = _element(container, action_id)
        press = Press(self._place(container), block, element["action_id"])
        offered = self._runner.run(self._acts.suggest(self.person, press, query))
        return options_of(offered)

    def submit(self, view: Json, values: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Fill in a modal by action_id or block_id and submit it; give the errors it shows."""
        given: Json = {}
        for name, value in (values or {}).items():
            block, element = _element(view, name)
            given.setdefault(block, {})[element["action_id"]] = self._value(element, value, view)
        return self._runner.run(self._acts.submit(self.person, view["id"], given))

    def close(self, view: Json, *, everything: bool = False) -> None:
        """Close a modal by its close button, or all of them by the cross."""
        self._runner.run(self._acts.close(self.person, view["id"], everything=everything))

    def _place(self, container: Json) -> Place:
        if "ts" not in container:
            return Place(view=container["id"])
        for each in self._slack.conversations.values():
            if each.messages.get(container["ts"]) is container:
                return Place(channel=each.id, ts=container["ts"])
        return Place(channel=container["channel"], ts=container["ts"])

    def _value(self, element: Json, value: Any, container: Json) -> Json:
        if element["type"] == "overflow":
            found = chosen({**element, "type": "static_select"}, value)
            return {"selected_option": found["selected_option"]}
        if element["type"] not in HOLDS:
            return {}
        offered: list[Json] = []
        if "external" in element["type"] and value is not None:
            wanted = value if isinstance(value, list) else [value]
            for each in wanted:
                offered += self.suggest(container, element["action_id"], str(each))
        return chosen(element, value, offered)


def _element(container: Json, name: str, block_id: str = "") -> tuple[str, Json]:
    """Find an element by action_id, or by its block's id."""
    for block in container.get("blocks", ()):
        for element in elements(block):
            named = name in (element["action_id"], block["block_id"])
            if named and block_id in ("", block["block_id"]):
                return block["block_id"], element
    there = [each["action_id"] for block in container.get("blocks", ()) for each in elements(block)]
    raise LookupError(f"there is no {name!r} here; there are: {', '.join(there)}")
