"""Typed text to words and back: quoting, operators, and nothing of what the words mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
        ["“”„](?P<quoted>(?:[^"“”„\\]|\\.)*)["“”„]    # "two words", with \" and \\ inside
      | ['‘](?P<single>[^'’"“”„]*)['’](?=[\s,]|$)     # 'two words', as SQL has them
      | ["“”„](?P<open>.*)                            # a quote that never closes
      | (?P<op>!=|<=|>=|=|<|>)
      | (?P<comma>,)
      | (?P<word>[^\s"“”„,=<>!]+(?:![^\s"“”„,=<>!]+)*!?)
      | (?P<bang>!)
    )""",
    re.VERBOSE | re.DOTALL,
)
ESCAPE = "dim:"
"""Before a column's name: the column, although a parameter is called so too."""

_PLAIN = re.compile(rf"(?!['‘]|{ESCAPE})[^\s\",=<>!“”„\\]+")
_ESCAPED = re.compile(r'(["“”„\\])')
KEYWORDS = frozenset(
    {"where", "and", "by", "in", "not", "is", "only", "missing", "present", "contains"}
)


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
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "word"
        body = match[kind]
        start, end = match.start(kind), match.end(kind)
        quoted = kind in ("quoted", "single", "open")
        if quoted:
            start, end = start - 1, end + (kind != "open")
        if kind == "quoted":
            body = re.sub(r"\\(.)", r"\1", body, flags=re.DOTALL)
        found.append(Word(body, quoted, start, end, is_sign=kind in ("op", "comma")))
    return tuple(found)


def quote(text: str) -> str:
    """Write a value so that ``words`` gives it back as one word."""
    if _PLAIN.fullmatch(text) and text.lower() not in KEYWORDS:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """Write a value in quotes, whether it needs them or not."""
    return '"' + _ESCAPED.sub(r"\\\1", text) + '"'
