"""Blocks, views and pictures as an app would build them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def plain(text: str) -> Json:
    """Build a plain_text object."""
    return {"type": "plain_text", "text": text}


def section(text: str = "words") -> Json:
    """Build a section."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def option(label: str = "label", value: str = "value") -> Json:
    """Build an option."""
    return {"text": plain(label), "value": value}


def select(count: int = 1, **more: Any) -> Json:
    """Build a static select with so many options."""
    options = [option(f"option {index}", str(index)) for index in range(count)]
    return {"type": "static_select", "action_id": "pick", "options": options, **more}


def actions(*elements: Json) -> Json:
    """Build an actions block."""
    return {"type": "actions", "elements": list(elements)}


def button(text: str = "Press", **more: Any) -> Json:
    """Build a button."""
    return {"type": "button", "text": plain(text), **more}


def table(rows: int = 2, columns: int = 2, text: str = "1") -> Json:
    """Build a native table."""
    row = [{"type": "raw_text", "text": text}] * columns
    return {"type": "table", "rows": [row] * rows}


def field(element: Json, **more: Any) -> Json:
    """Build an input block."""
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    """Build a modal with a submit button."""
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Go"),
        "blocks": list(blocks),
    } | more


def picture(file: str) -> Json:
    """Build an image block of a file."""
    return {"type": "image", "alt_text": "A chart", "slack_file": {"id": file}}
