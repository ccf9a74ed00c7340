"""What a kind of parameter is: how its values are recognised, checked, written and chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from queries.core.catalog import Catalog, SourceCard
from queries.core.writing import Word, quote

T = TypeVar("T")
Control = Literal["choice", "time", "conditions", "number", "text"]


class BadValue(ValueError):
    """A value that does not fit its parameter; ``nearest`` would, in place of ``wrong``."""

    def __init__(self, message: str, nearest: Sequence[str] = (), wrong: str = "") -> None:
        super().__init__(message)
        self.message, self.nearest, self.wrong = message, tuple(nearest), wrong


@dataclass(frozen=True, slots=True)
class Scope:
    """What a value is read against. ``card`` is None until the model is known."""

    catalog: Catalog
    zone: ZoneInfo
    card: SourceCard | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: its value, the words for it, and the group it stands in."""

    value: str
    label: str
    group: str = ""


class Kind(Generic[T]):
    """How one sort of parameter is read and written."""

    control: Control = "choice"

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """Say how many leading bare words are surely meant for this kind, and their raw value."""
        return 0, ""

    def take(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """As ``claim``, after the parameter's name was typed; one word unless told otherwise."""
        return self.claim(words, scope) if self.claim(words, scope)[0] else (1, words[0].text)

    def read(self, raw: tuple[str, ...], scope: Scope) -> T:
        """Turn raw values into the parameter's value. Raises BadValue."""
        raise NotImplementedError

    def write(self, name: str, value: T) -> str:
        """Write the value as canonical text that parses back to it."""
        return f"{name} {quote(str(value))}"

    def raw(self, value: T) -> tuple[str, ...]:
        """Give the raw values that read back to ``value``; what a form is filled with."""
        return (str(value),)

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """What there is to choose from, for a form."""
        return ()

    def example(self, scope: Scope) -> str:
        """Give something that may be typed of the chosen model; nothing where none would help."""
        return ""

    def described(self) -> str:
        """What may be typed, for help and docs."""
        raise NotImplementedError


def same(word: str, known: Sequence[str]) -> str | None:
    """Give the known name that a word is, whatever its case; None where none or several are."""
    if word in known:
        return word
    # A log may hold both “EMEA” and “emea”: then only the exact one is meant.
    folded = [name for name in known if name.lower() == word.lower()]
    return folded[0] if len(folded) == 1 else None
