"""The kind of parameter that puts records in order: by time, or by any column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queries.core.catalog import ColumnKind
from queries.core.kinds.kind import Kind, Option, Scope, same
from queries.core.kinds.known_column import known_column
from queries.core.writing import Word, quote, quoted, words


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, and whether the largest value comes first."""

    column: str
    falling: bool = False

    def __str__(self) -> str:
        for name, order in NAMED.items():
            if order == self:
                return name
        special = self.column.lower() in NAMED or self.column.startswith("-")
        column = quoted(self.column) if special else quote(self.column)
        return f"{column} desc" if self.falling else column


NAMED: Mapping[str, Order] = {
    "newest": Order("time", falling=True),
    "oldest": Order("time"),
    "slowest": Order("latency_ms", falling=True),
}
"""Orders that have a word of their own."""

_DOWN = ("desc", "descending", "falling", "highest", "largest", "latest")
_UP = ("asc", "ascending", "rising", "lowest", "smallest", "earliest")
ENDS: Mapping[ColumnKind, tuple[str, str]] = {
    "number": ("lowest first", "highest first"),
    "text": ("A to Z", "Z to A"),
    "boolean": ("no first", "yes first"),
    "time": ("earliest first", "latest first"),
}
"""What comes first of a column in words: rising, and falling."""


class InOrder(Kind[Order]):
    """In which order records come."""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is an order by itself."""
        found = same(words[0].text, tuple(NAMED))
        return (1, found) if found and not words[0].quoted else (0, "")

    def take(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A column, and whether it falls where that is said."""
        first = quoted(words[0].text) if words[0].quoted else words[0].text
        if len(words) > 1 and words[1].is_(*_DOWN, *_UP):
            return 2, f"{first} {words[1].text.lower()}"
        return 1, first

    def read(self, raw: tuple[str, ...], scope: Scope) -> Order:
        """Find the column by name, whatever its case, and its direction."""
        found = words(raw[0])
        last = found[-1] if len(found) > 1 and found[-1].is_(*_DOWN, *_UP) else None
        named = found[: -1 if last else None]
        alone, within = len(named) == 1, raw[0][: last.start if last else None].strip()
        name, bare = named[0].text if alone else within, not (alone and named[0].quoted)
        if bare and last is None and (word := same(name, tuple(NAMED))):
            return NAMED[word]
        falling = last is not None and last.is_(*_DOWN)
        if bare and name.startswith("-") and not self._column(name, scope):
            name, falling = name[1:], True
        return Order(self._known(name, scope), falling)

    def _known(self, name: str, scope: Scope) -> str:
        if scope.card is None or scope.card.unread:
            return name
        return known_column(name, scope.card, tuple(NAMED), "to order by")

    def _column(self, name: str, scope: Scope) -> str | None:
        return None if scope.card is None else same(name, tuple(scope.card.columns))

    def write(self, name: str, value: Order) -> str:
        """“order newest”, “order score desc”."""
        return f"{name} {value}"

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """Newest, oldest and slowest; then every column both ways."""
        named = [Option(name, f"{name.capitalize()} first") for name in NAMED]
        if scope.card is None:
            return tuple(named)
        return (
            *named,
            *(
                Option(str(Order(column, falling)), f"{column.replace('_', ' ')}, {end}")
                for column, kind in scope.card.columns.items()
                for falling, end in zip((True, False), reversed(ENDS[kind]), strict=True)
                if Order(column, falling) not in NAMED.values()
            ),
        )

    def described(self) -> str:
        """What may be typed."""
        names = ", ".join(f"`{name}`" for name in NAMED)
        return f"{names}, or a column with `asc` or `desc`, such as `score desc`"
