"""The words and signs that an expression's text is made of, each with its place.

A name may be a path into a column: ``usage.tokens[0]``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_]\w*(?:(?:\.|->>?)[A-Za-z_]\w*|\[\d+\])*)
      | "(?P<quoted>(?:[^"]|"")+)"
      | '(?P<text>(?:[^']|'')*)'
      | (?P<sign>\*\*|<=|>=|!=|[-+*/()<>=,])
    )""",
    re.VERBOSE | re.ASCII,
)


class BadFormula(ValueError):
    """An expression that can't be read; ``nearest`` are names that could be meant."""

    def __init__(self, message: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message, self.nearest = message, near


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a name, a text or a sign, and where it begins; the last of all is the end."""

    kind: str
    text: str
    at: int

    @property
    def place(self) -> str:
        """Where it stands, for a person: counted from 1."""
        return f"at character {self.at + 1}"


def tokens_of(text: str) -> list[Token]:
    """Take a text apart. Raises BadFormula for a sign that means nothing."""
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            hint = "; a power is written **" if text[at] == "^" else ""
            raise BadFormula(f"has “{text[at]}” at character {at + 1}, which means nothing{hint}")
        kind = match.lastgroup or ""
        start = match.start(kind) - (kind in ("quoted", "text"))
        found.append(Token(kind, match[kind], start))
        at = match.end()
    return [*found, Token("end", "", end)]
