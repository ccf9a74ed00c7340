"""The few blocks that every rendering is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.slack.rendering.limits import CONTEXT_ELEMENTS, HEADER, RICH_TEXT
from bot.slack.rendering.text import Json, clean, cut, one_line, pieces, plain, runs, units
from queries.core.words import unbroken


def headline(text: str) -> Json:
    """A bold sentence: a header, or bold rich text where it is too long for one."""
    line = one_line(text)
    if units(line) <= HEADER:
        return {"type": "header", "text": plain(line, HEADER)}
    bold = {"type": "text", "text": unbroken(cut(line, RICH_TEXT)), "style": {"bold": True}}
    return rich([section([bold])])


def section(elements: Sequence[Json]) -> Json:
    """One paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def rich(elements: Sequence[Json]) -> Json:
    """A rich text block."""
    return {"type": "rich_text", "elements": list(elements)}


def paragraphs(text: str, *, titles: bool = False) -> list[Json]:
    """Words as rich text, in as many blocks as their length needs."""
    return [
        rich([section(runs(part, titles=titles))])
        for part in pieces(clean(text).strip(), RICH_TEXT)
        if part.strip()
    ]


def bullets(sentences: Iterable[str]) -> list[Json]:
    """A bulleted list, or nothing."""
    lines = [section(runs(each)) for each in sentences if each]
    if not lines:
        return []
    return [rich([{"type": "rich_text_list", "style": "bullet", "elements": lines}])]


def context(lines: Iterable[str], most: int) -> list[Json]:
    """Small grey lines in one block, each cut to ``most`` characters; or nothing."""
    elements = [plain(each, most) for each in lines if one_line(each)]
    if not elements:
        return []
    return [{"type": "context", "elements": elements[:CONTEXT_ELEMENTS]}]


def code(text: str) -> list[Json]:
    """Code in as many preformatted blocks as its length needs."""
    return [
        rich(
            [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": part}]}],
        )
        for part in pieces(clean(text).strip("\n"), RICH_TEXT)
        if part.strip()
    ]
