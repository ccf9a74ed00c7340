"""Typed text to words and back: quoting, operators, and nothing of what the words mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "\u00a0": " "})
_TOKEN = re.compile(
    r"""\s*(?:
        "(?P<quoted>(?:[^"\\]|\\.)*)"        # "two words", with \" and \\ inside
      | (?P<open>"[^\n]*)                    # a quote that never closes
      | (?P<op>!=|<=|>=|=|<|>)
      | (?P<comma>,)
      | (?P<word>[^\s",=<>!]+(?:![^\s",=<>!]+)*!?)
      | (?P<bang>!)
    )""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"[^\s\",=<>!“”„\\]+")
KEYWORDS = frozenset({"where", "and", "by", "in", "not", "is", "only", "missing", "present"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word, quoted text, operator or comma of what was typed, and where it stood."""

    text: str
    quoted: bool
    start: int
    end: int
    is_sign: bool = False

    def is_(self, *keywords: str) -> bool:
        """Say whether this is one of the keywords, typed without quotes."""
        return not self.quoted and self.text.lower() in keywords


def words(text: str) -> tuple[Word, ...]:
    """Cut text into words. An unclosed quote is read to the end of the text."""
    found = []
    straight = text.translate(_STRAIGHT)
    for match in _TOKEN.finditer(straight):
        kind = match.lastgroup or "word"
        body = match[kind]
        start, end = match.start(kind), match.end(kind)
        if kind == "quoted":
            body = re.sub(r"\\(.)", r"\1", body)
            start, end = start - 1, end + 1
        elif kind == "open":
            body = body[1:]
        found.append(
            Word(body, kind in ("quoted", "open"), start, end, is_sign=kind in ("op", "comma"))
        )
    return tuple(found)


def quote(text: str) -> str:
    """Write a value so that ``words`` gives it back as one word."""
    if _PLAIN.fullmatch(text) and text.lower() not in KEYWORDS:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
