"""Slack's sizes, and how a payload that is too large gives up detail until it fits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from bot.slack.rendering.text import Json

# As Slack documents them, for blocks, elements and options; sizes are in characters.
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
HEADER = 150
BUTTON = 75
BUTTON_VALUE = 2_000
# Below the 3,000 that Slack takes in one text.
RICH_TEXT = 2_900
CONTEXT_ELEMENTS = 10
FIELDS = 10
ALT_TEXT = 2_000
OPTIONS = 100
OPTION = 75
OPTION_VALUE = 150
TITLE = 24
TYPED = 3_000
PRIVATE_METADATA = 3_000
TABLE_COLUMNS = 20

# Slack refuses a message's blocks near 13,200 characters and a view over 250 KB. It does not say
# what it counts, so the whole JSON is held below both.
MESSAGE_CHARACTERS = 12_500
VIEW_BYTES = 240_000


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of an answer is shown: numbers of things, and characters a sentence or cell."""

    findings: int
    caveats: int
    sentence: int
    rows: int
    columns: int
    cell: int
    buttons: int
    value: int
    code: int


DETAILS = (
    # findings, caveats, sentence, rows, columns, cell, buttons, value, code
    Detail(5, 6, 1_200, 20, 10, 60, 12, 2_000, 2_900),
    Detail(5, 5, 600, 12, 8, 40, 10, 600, 1_500),
    Detail(5, 3, 300, 8, 6, 24, 8, 200, 800),
    Detail(5, 2, 160, 4, 5, 16, 6, 100, 300),
    Detail(3, 1, 100, 0, 0, 0, 4, 60, 100),
)
"""From everything to the least that still is an answer; the last always fits."""

T = TypeVar("T")


def message_size(blocks: list[Json]) -> int:
    """The characters of a message's blocks as compact JSON."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def fits_message(blocks: list[Json]) -> bool:
    """Say whether Slack takes these blocks in one message."""
    return len(blocks) <= MESSAGE_BLOCKS and message_size(blocks) <= MESSAGE_CHARACTERS


def fits_view(view: Json) -> bool:
    """Say whether Slack takes this view; its size is counted as it is sent, escapes included."""
    return len(view["blocks"]) <= VIEW_BLOCKS and len(json.dumps(view)) <= VIEW_BYTES


def first_fitting(candidates: Iterable[tuple[T, bool]]) -> T:
    """Give the first candidate that fits, or the last one tried."""
    for candidate, fits in candidates:
        if fits:
            return candidate
    return candidate
