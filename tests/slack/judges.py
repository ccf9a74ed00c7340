"""Three independent judges of what is sent: the SDK's models, slackblocks and the playground."""

from __future__ import annotations

import json
import warnings
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.playground.blocks import message_problem, view_problem
from bot.slack.rendering.message import Message
from bot.slack.rendering.text import Json
from tests.slack.rebuilt import rebuild


def refusals(blocks: list[Json]) -> list[str]:
    """What the SDK's models and slackblocks have against blocks."""
    found = []
    for block in blocks:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                parsed = Block.parse(block)
                assert parsed is not None, f"unknown block {block['type']}"
                parsed.to_dict()
                rebuild(block)
            except Exception as error:
                found.append(f"{type(error).__name__}: {error} in {json.dumps(block)[:300]}")
    return found


def accept_message(message: Message) -> None:
    """Fail unless every judge takes the message."""
    assert message.text.strip()
    assert len(message.text) <= 40_000
    assert message.blocks
    assert message_problem(message.blocks) is None, message_problem(message.blocks)
    assert not (found := refusals(message.blocks)), found[:3]
    json.dumps(message.blocks).encode()


def accept_view(view: Json) -> None:
    """Fail unless every judge takes the view."""
    assert view_problem(view) is None, view_problem(view)
    assert not (found := refusals(view["blocks"])), found[:3]
    View(**view).to_dict()


def texts(value: Any) -> list[str]:
    """Every text that people read in a payload."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [each for inner in value.values() for each in texts(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in texts(inner)]
    return []


def types(value: Any) -> set[str]:
    """Every ``type`` in a payload."""
    if isinstance(value, dict):
        own = {str(value["type"])} if "type" in value else set()
        return own.union(*(types(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(types(inner) for inner in value))
    return set()
