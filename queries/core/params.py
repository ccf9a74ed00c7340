"""The kinds of parameters that a question declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core.kinds.durations import Duration
from queries.core.kinds.ids import Id
from queries.core.kinds.kind import BadValue, Control, Kind, Option, Scope, same
from queries.core.kinds.narrowing import Conditions
from queries.core.kinds.several import Models
from queries.core.nearest import nearest
from queries.core.times import when
from queries.core.words import echoed, listed
from queries.core.writing import Word, quote

__all__ = [
    "Conditions",
    "Dimension",
    "Duration",
    "Id",
    "Model",
    "Models",
    "OneOf",
    "Time",
    "Whole",
]


class Model(Kind[str]):
    """One of the declared sources."""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is the name of a source."""
        name = same(words[0].text, tuple(scope.catalog.sources))
        return (1, name) if name else (0, "")

    def read(self, raw: tuple[str, ...], scope: Scope) -> str:
        """Find the source by name, whatever its case."""
        known = tuple(scope.catalog.sources)
        found = same(raw[0], known)
        if found is None:
            close = nearest(raw[0], known)
            names = listed([f"“{name}”" for name in close or known[:8]], last="or")
            message = f"There is no model {echoed(raw[0])}. Did you mean {names}?"
            raise BadValue(message if names else "No model is declared yet.", close, raw[0])
        return found

    def write(self, name: str, value: str) -> str:
        """The bare name."""
        return quote(value)

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """Every source by its title."""
        return tuple(
            Option(card.name, f"{card.name} · {card.title}")
            for card in scope.catalog.sources.values()
        )

    def described(self) -> str:
        """What may be typed."""
        return "the name of a model"


_TIMES = {"all": "The whole log"}


class Time(Kind[when.Window]):
    """A range of time in words."""

    control = "time"

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """The longest run of bare words that is a time as a whole, or surely meant as one."""
        # The longest first: “last week” also begins “last week to yesterday”.
        for length in range(min(when.LONGEST, len(words)), 0, -1):
            run = words[:length]
            if run[-1].is_sign:
                continue
            text = " ".join(word.text for word in run)
            if not any(word.quoted for word in run) and when.is_meant(text):
                return length, text
        return 0, ""

    def read(self, raw: tuple[str, ...], scope: Scope) -> when.Window:
        """Check that the phrase is a time."""
        found = when.window(" ".join(raw))
        if not when.is_time(found.text):
            text = " ".join(raw)
            raise BadValue(when.unknown_time(text), when.nearest_times(text), text)
        if scope.card and scope.card.undated and found.text not in ("all", "all time"):
            return when.Window("all")
        return found

    def write(self, name: str, value: when.Window) -> str:
        """The phrase itself."""
        return value.text

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """The usual choices."""
        if scope.card and scope.card.undated:
            return (Option("all", "All of it (this log has no times)"),)
        return tuple(Option(text, _TIMES.get(text) or text.capitalize()) for text in when.PRESETS)

    def described(self) -> str:
        """What may be typed."""
        return "a time, such as " + listed([f"`{text}`" for text in when.EXAMPLES], last="or")


class Dimension(Kind[str]):
    """A column to split by."""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is the name of a dimension."""
        found = None if scope.card is None else same(words[0].text, tuple(scope.card.dimensions))
        return (1, found) if found else (0, "")

    def read(self, raw: tuple[str, ...], scope: Scope) -> str:
        """Find the dimension by name, whatever its case."""
        if scope.card is None:
            return raw[0]
        known = tuple(scope.card.dimensions)
        found = same(raw[0], known) or (raw[0] if scope.card.unread else None)
        if found is None:
            names = listed([f"“{name}”" for name in known], last="or")
            has = f"It can be split by {names}." if known else "It declares no dimensions."
            message = f"“{scope.card.name}” can't be split by {echoed(raw[0])}. {has}"
            raise BadValue(message, nearest(raw[0], known), raw[0])
        return found

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """The dimensions of the model."""
        names = scope.card.dimensions if scope.card else ()
        return tuple(Option(name, name.replace("_", " ")) for name in names)

    def described(self) -> str:
        """What may be typed."""
        return "a column that the model's log can be split by"


@dataclass(frozen=True)
class OneOf(Kind[str]):
    """One of a few fixed words, each with a label."""

    choices: tuple[tuple[str, str], ...]

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is one of the choices."""
        found = same(words[0].text, [value for value, _ in self.choices])
        return (1, found) if found else (0, "")

    def read(self, raw: tuple[str, ...], scope: Scope) -> str:
        """Find the choice, whatever its case."""
        known = [value for value, _ in self.choices]
        found = same(raw[0], known)
        if found is None:
            names = listed([f"“{name}”" for name in known], last="or")
            message = f"{echoed(raw[0])} is none of {names}."
            raise BadValue(message, nearest(raw[0], known), raw[0])
        return found

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """The choices."""
        return tuple(Option(value, label) for value, label in self.choices)

    def described(self) -> str:
        """What may be typed."""
        return listed([f"`{value}`" for value, _ in self.choices], last="or")


@dataclass(frozen=True)
class Whole(Kind[int]):
    """A whole number within limits."""

    least: int
    most: int
    control: Control = "number"

    def read(self, raw: tuple[str, ...], scope: Scope) -> int:
        """Read the number and hold it to its limits."""
        text = raw[0].replace(",", "").replace("_", "").lstrip("0") or raw[0]
        # Its length before its value: Python refuses to read thousands of
        # digits, with an error of its own.
        fits = text.isdecimal() and len(text) <= len(str(self.most))
        if not fits or not self.least <= int(text) <= self.most:
            raise BadValue(f"{echoed(raw[0])} is no {self.described().removeprefix('a ')}.")
        return int(text)

    def described(self) -> str:
        """What may be typed."""
        return f"a whole number from {self.least} to {self.most:,}"
