"""What Slack refuses in a message or a view, as pure functions from payload to problem.

Sizes: the limits table of docs.slack.dev; the 13,200 characters of a message and the one table
a message are what Slack's servers do, measured by others and not in its documentation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.elements import (
    DATETIME,
    ID,
    IMAGE_ELEMENT,
    LINK,
    PICKERS,
    PRESSED,
    RICH_TEXT,
    SLACK_FILE,
    TYPED,
    plain,
    text,
)
from bot.playground.rules import (
    Rule,
    anything,
    at_least_one,
    boolean,
    by_type,
    choice,
    exactly_one,
    fault,
    many,
    record,
    string,
)

MESSAGE_CHARACTERS = 13_200
MARKDOWN_CHARACTERS = 12_000
TABLE_CHARACTERS = 10_000
VIEW_BYTES = 250_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a payload is refused: Slack's error name and the sentences that come with it."""

    error: str
    messages: tuple[str, ...] = ()


_CELL = by_type(
    {
        "raw_text": record({"text": string(TABLE_CHARACTERS, least=1)}),
        "raw_number": record({"value": anything}, {"text": string(TABLE_CHARACTERS, least=1)}),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _one_width(table: Mapping[str, Any], pointer: str) -> Iterator[str]:
    rows = table.get("rows")
    if isinstance(rows, list) and len({len(row) for row in rows if isinstance(row, list)}) > 1:
        yield fault("all rows must have the same number of cells", f"{pointer}/rows")


def _column(value: Any, pointer: str) -> Iterator[str]:
    if value is not None:
        yield from _COLUMN(value, pointer)


_BLOCK: dict[str, Rule] = {"block_id": ID}
EVERYWHERE: dict[str, Rule] = {
    "divider": record({}, _BLOCK),
    "header": record({"text": plain(150)}, _BLOCK),
    "section": record(
        {},
        {
            **_BLOCK,
            "text": text(3000),
            "fields": many(text(2000), 10),
            "accessory": by_type({**PRESSED, **PICKERS, "image": IMAGE_ELEMENT}),
            "expand": boolean,
        },
        at_least_one("text", "fields"),
    ),
    "context": record(
        {
            "elements": many(
                by_type(
                    {"image": IMAGE_ELEMENT, "plain_text": plain(3000), "mrkdwn": text(3000)},
                ),
                10,
            )
        },
        _BLOCK,
    ),
    "image": record(
        {"alt_text": string(2000, least=1)},
        {**_BLOCK, "image_url": LINK, "slack_file": SLACK_FILE, "title": plain(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    "actions": record({"elements": many(by_type({**PRESSED, **PICKERS, **DATETIME}), 25)}, _BLOCK),
    "input": record(
        {"label": plain(2000), "element": by_type({**PICKERS, **DATETIME, **TYPED})},
        {**_BLOCK, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
}
TABLES = frozenset({"table", "data_table"})
UNKNOWN_HERE: dict[str, Rule] = {
    kind: lambda _value, _pointer: iter(())
    # Known to Slack, so that they are not refused here either; that they are not shown is noted.
    for kind in ("video", "data_table", "data_visualization", "context_actions", "card", "alert")
}
IN_MESSAGES: dict[str, Rule] = {
    **EVERYWHERE,
    **UNKNOWN_HERE,
    "markdown": record({"text": string(MARKDOWN_CHARACTERS, least=1)}, _BLOCK),
    "file": record({"external_id": ID, "source": choice("remote")}, _BLOCK),
    "table": record(
        {"rows": many(many(_CELL, 20), 100)},
        {**_BLOCK, "column_settings": many(_column, 20)},
        _one_width,
    ),
}
MESSAGE_BLOCKS = many(by_type(IN_MESSAGES), 50, least=0)
VIEW_BLOCKS = many(by_type({**EVERYWHERE, **UNKNOWN_HERE}), 100, least=0)
_VIEW: dict[str, Rule] = {
    "type": choice("modal", "home"),
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_MODAL = record(
    {"title": plain(24), "blocks": VIEW_BLOCKS},
    {
        **_VIEW,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
    },
)
VIEW = by_type({"modal": _MODAL, "home": record({"blocks": VIEW_BLOCKS}, _VIEW)})


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("text", "alt_text") and isinstance(inner, str):
                yield inner
            else:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def characters(value: Any) -> int:
    """Count the characters that people read in blocks: texts, labels, cells, descriptions."""
    return sum(map(len, _strings(value)))


def elements(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the interactive elements of a block, wherever it keeps them."""
    found = [block.get("accessory"), block.get("element")]
    if block.get("type") == "actions":
        found.extend(block.get("elements", ()))
    return [each for each in found if isinstance(each, dict) and each.get("type") != "image"]


def _repeated(blocks: list[dict[str, Any]], pointer: str) -> Iterator[str]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        if block.get("block_id") in seen:
            yield fault(f"block_id {block['block_id']} already exists", f"{pointer}/{index}")
        seen.update({block["block_id"]} if "block_id" in block else ())
        actions = [each["action_id"] for each in elements(block) if "action_id" in each]
        if len(actions) != len(set(actions)):
            yield fault("action_id already exists in this block", f"{pointer}/{index}")


def unrendered(blocks: list[dict[str, Any]]) -> list[str]:
    """Name the block types that Slack knows and this playground can neither check nor show."""
    return [block["type"] for block in blocks if block["type"] in UNKNOWN_HERE]


def message_problem(blocks: Any) -> Problem | None:
    """Say why Slack would refuse these blocks in a message, or None if it would take them."""
    faults = tuple(MESSAGE_BLOCKS(blocks, "/blocks"))
    if faults or (faults := tuple(_repeated(blocks, "/blocks"))):
        return Problem("invalid_blocks", faults)
    tables = [block for block in blocks if block["type"] in TABLES]
    if len(tables) > 1:
        return Problem("invalid_attachments", ("only_one_table_allowed",))
    if characters(tables) > TABLE_CHARACTERS:
        return Problem("invalid_blocks", (f"table over {TABLE_CHARACTERS} characters",))
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_CHARACTERS:
        return Problem("invalid_blocks", (f"markdown over {MARKDOWN_CHARACTERS} characters",))
    if characters(blocks) > MESSAGE_CHARACTERS:
        return Problem("msg_blocks_too_long")
    return None


def view_problem(view: Any) -> Problem | None:
    """Say why Slack would refuse this view, or None if it would take it."""
    faults = tuple(VIEW(view, "/view"))
    if faults or (faults := tuple(_repeated(view["blocks"], "/view/blocks"))):
        return Problem("invalid_arguments", faults)
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        return Problem("view_too_large")
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and "submit" not in view:
        message = fault("submit is required when there are input blocks", "/view/submit")
        return Problem("invalid_arguments", (message,))
    return None


def slack_files(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Give every picture that blocks take from Slack's files: pointer, and id or address."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "slack_file" and isinstance(inner, dict):
                yield f"{pointer}/{name}", str(inner.get("id") or inner.get("url"))
            else:
                yield from slack_files(inner, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from slack_files(inner, f"{pointer}/{index}")


def with_ids(blocks: list[dict[str, Any]], next_id: Callable[[], str]) -> list[dict[str, Any]]:
    """Copy blocks, giving a block_id and action_ids to those that came without."""
    filled: list[dict[str, Any]] = json.loads(json.dumps(blocks))
    for block in filled:
        if "block_id" not in block:
            block["block_id"] = next_id()
        for element in elements(block):
            if "action_id" not in element:
                element["action_id"] = next_id()
    return filled
