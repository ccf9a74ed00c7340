"""Actions as buttons and back: the action_id holds the verb, the value its payload."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.rendering.limits import BUTTON, BUTTON_VALUE
from bot.slack.rendering.text import Json, plain, units
from commands.replies import Action, Button, Verb

PREFIX = "do:"


def action_id(verb: Verb, index: int) -> str:
    """Name an element after its verb; ``index`` tells apart those that stand together."""
    return f"{PREFIX}{verb.value}:{index}"


def element(button: Button, index: int) -> Json:
    """One button."""
    built: Json = {
        "type": "button",
        "action_id": action_id(button.action.verb, index),
        "text": plain(button.label, BUTTON),
        "value": button.action.value,
    }
    if button.style != "plain":
        built["style"] = button.style
    if button.confirm:
        built["confirm"] = {
            "title": plain("Are you sure?", 100),
            "text": plain(button.confirm, 300),
            "confirm": plain("Yes", 30),
            "deny": plain("No", 30),
        }
    return built


def possible(button: Button, most: int = BUTTON_VALUE) -> bool:
    """Say whether the button's value can travel: a shortened one would mean something else."""
    return units(button.action.value) <= min(most, BUTTON_VALUE)


def row(buttons: Sequence[Button], most: int = 25, value: int = BUTTON_VALUE) -> list[Json]:
    """A row of buttons, those left out whose value is longer than ``value``; or nothing."""
    # Slack takes 25 in a row.
    shown = [each for each in buttons if possible(each, value)][: min(most, 25)]
    if not shown:
        return []
    elements = [element(each, index) for index, each in enumerate(shown)]
    return [{"type": "actions", "elements": elements}]


def link(label: str, url: str) -> Json:
    """A button that opens an address."""
    return {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "link", "text": plain(label, BUTTON), "url": url},
        ],
    }


def pressed(element: Json) -> Action | None:
    """Read an element of a ``block_actions`` payload; None where it is not one of ours."""
    prefix, _, rest = str(element.get("action_id", "")).partition(":")
    verb = rest.partition(":")[0]
    if f"{prefix}:" != PREFIX or verb not in set(Verb):
        return None
    return Action(Verb(verb), str(element.get("value", "")))
