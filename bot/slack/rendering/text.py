"""Words as Slack takes them: cleaned, cut to size, and never read as markup or as a mention.

What comes from data is sent as plain text or as rich text, where Slack reads no markup. Where
only mrkdwn is possible it is escaped. Lengths are UTF-16 units, as Slack's clients count them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from queries.core.words import unbroken

Json = dict[str, Any]

_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff"  # control characters
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # those that turn the direction of text
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_MARKUP = re.compile(r"([*_~`])")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_CODE = re.compile(r"(?<![^\s(\[“:])`([^`\n]+)`(?![^\s)\].,;:!?”])")
_TITLED = re.compile(r"^(• )?\*([^*\n]+)\*", re.MULTILINE)
ZERO_WIDTH = "\u200b"


def clean(text: str) -> str:
    """Drop what can't be shown, or would scramble what stands around it; keep line breaks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    shown = _UNWANTED.sub("", _SURROGATES.sub("\ufffd", lines.replace("\u2029", "\n")))
    return shown if any(unicodedata.category(each) not in _INVISIBLE for each in shown) else ""


def one_line(text: str) -> str:
    """Clean a text and write it on one line."""
    return " ".join(clean(text).split())


def units(text: str) -> int:
    """The length of a cleaned text in UTF-16 units."""
    return len(text) + sum(each > "\uffff" for each in text)


def cut(text: str, most: int) -> str:
    """Give the cleaned text itself, or its beginning and an ellipsis within ``most`` units."""
    if units(text) <= most:
        return text
    kept, left = [], most - 1
    for each in text[:most]:
        left -= units(each)
        if left < 0:
            break
        kept.append(each)
    return "".join(kept).rstrip() + "…"


def pieces(text: str, most: int) -> Iterator[str]:
    """Cut a cleaned text into parts of at most ``most`` characters, at line breaks if possible."""
    while units(text) > most:
        # Each character counts for two units at most.
        window = text[: most // 2] if units(text[:most]) > most else text[:most]
        at = window.rfind("\n") + 1 or len(window)
        yield text[:at]
        text = text[at:]
    if text:
        yield text


def escaped(text: str) -> str:
    """Escape what Slack reads as an entity, a link or a mention."""
    # The ampersand first, or it would escape what the others become; last on the way back.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """Read what a person typed as Slack sends it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def fallback(text: str, most: int = 2_900) -> str:
    """Words for a notification: escaped, and with markup that does not format.

    The top-level ``text`` of a message is mrkdwn whatever else is sent along, and never empty.
    """
    return escaped(_MARKUP.sub(rf"\1{ZERO_WIDTH}", cut(clean(text).strip(), most))) or "…"


def plain(text: str, most: int) -> Json:
    """Build a plain_text object of one line; emoji are sent as characters, never by name."""
    words = unbroken(cut(one_line(text), most))
    return {"type": "plain_text", "text": words or "–", "emoji": False}


def has_markup(text: str) -> bool:
    """Say whether Slack would read some of a text as formatting."""
    return bool(_MARKUP.search(text))


def formatted(text: str, most: int) -> Json:
    """Build a text object where rich text is not possible, with `code` between backticks.

    Words that hold other markup are sent as plain text, where it means nothing. Escaping makes
    a text five times as long at most: ``most`` is to leave room for that.
    """
    parts = _with_code(cut(clean(text).strip(), most))
    if any(_MARKUP.search(each["text"]) for each in parts if "style" not in each):
        return plain(text, most)
    # Verbatim, so that Slack makes no links of addresses and names.
    written = ("`{}`" if "style" in each else "{}" for each in parts)
    words = "".join(w.format(escaped(e["text"])) for w, e in zip(written, parts, strict=True))
    return {"type": "mrkdwn", "text": words or "–", "verbatim": True}


def runs(text: str, *, titles: bool = False) -> list[Json]:
    """Turn a cleaned text into rich text elements, with `code` between backticks as code.

    ``titles`` are for words of our own: ``*bold*`` at the start of a line is bold there.
    """
    elements: list[Json] = []
    at = 0
    for match in _TITLED.finditer(text) if titles else ():
        elements += _with_code(text[at : match.start()] + (match[1] or ""))
        elements.append({"type": "text", "text": unbroken(match[2]), "style": {"bold": True}})
        at = match.end()
    return elements + _with_code(text[at:])


def _with_code(text: str) -> list[Json]:
    # An odd one stands in a value, and would pair with one of ours.
    if text.count("`") % 2:
        return [{"type": "text", "text": unbroken(text)}]
    elements: list[Json] = []
    at = 0
    for match in _CODE.finditer(text):
        elements.append({"type": "text", "text": unbroken(text[at : match.start()])})
        elements.append({"type": "text", "text": match[1], "style": {"code": True}})
        at = match.end()
    elements.append({"type": "text", "text": unbroken(text[at:])})
    return [each for each in elements if each["text"]]
