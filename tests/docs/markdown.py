"""Reading the documentation: its pages, code blocks, tables and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_FLAGS = re.MULTILINE | re.DOTALL
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", _FLAGS)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def blocks(text: str, language: str) -> list[str]:
    """Give the code blocks of a language."""
    return [inside for _, found, inside in _BLOCK.findall(text) if found == language]


def example(text: str, name: str) -> str:
    """Give the code block that stands under ``<!-- example: name … -->``."""
    found = re.search(rf"^<!-- example: {name}\b[^\n]*-->\n```\w*\n(.*?)^```$", text, _FLAGS)
    assert found, f"there is no example “{name}”"
    return found[1]


def code(text: str) -> list[str]:
    """Give everything that stands as code: each line of the blocks, and each inline span."""
    lines = [line.strip() for _, _, inside in _BLOCK.findall(text) for line in inside.splitlines()]
    return [*lines, *re.findall(r"`([^`\n]+)`", _BLOCK.sub("", text))]


def rows(text: str) -> Iterator[tuple[str, ...]]:
    """Give the cells of every table row, heads and rules aside."""
    head = True
    for line in text.splitlines():
        if not line.startswith("|"):
            head = True
            continue
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if set("".join(cells)) <= {"-"}:
            head = False
        elif not head:
            yield cells


def links(text: str) -> list[str]:
    """Give where links and pictures point, code aside."""
    prose = re.sub(r"`[^`\n]*`", "", _BLOCK.sub("", text))
    return _LINK.findall(prose)


def anchors(text: str) -> set[str]:
    """Give the anchors that a page's headings have on GitHub."""
    titles = re.findall(r"^#+ (.+)$", _BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}
