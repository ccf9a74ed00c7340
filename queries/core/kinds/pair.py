"""Two values of one column, one held against the other."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core.writing import quote

VERSION = "version"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values of one column: the first is held against the second."""

    dimension: str
    first: str
    second: str

    def __str__(self) -> str:
        return f"{quote(self.dimension)} {quote(self.first)} and {quote(self.second)}"
