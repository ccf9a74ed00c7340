"""Kinds of parameters: how each is recognised in text, checked, written, and shown in a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from queries.core import when
from queries.core.catalog import Catalog, SourceCard
from queries.core.filters import Filter, parse_condition
from queries.core.nearest import nearest
from queries.core.words import echoed, listed
from queries.core.writing import Word, quote

T = TypeVar("T")
Control = Literal["choice", "time", "conditions", "number"]


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

    def described(self) -> str:
        """What may be typed, for help and docs."""
        raise NotImplementedError


class Model(Kind[str]):
    """One of the declared sources."""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is the name of a source."""
        name = _same(words[0].text, tuple(scope.catalog.sources))
        return (1, name) if name else (0, "")

    def read(self, raw: tuple[str, ...], scope: Scope) -> str:
        """Find the source by name, whatever its case."""
        known = tuple(scope.catalog.sources)
        found = _same(raw[0], known)
        if found is None:
            close = nearest(raw[0], known)
            names = listed([f"“{name}”" for name in close or known[:8]], last="or")
            message = f"There is no model {echoed(raw[0])}. Did you mean {names}?"
            raise BadValue(message if names else "No model is declared yet.", close, raw[0])
        return found

    def write(self, name: str, value: str) -> str:
        """The bare name, unless it could be read as a time."""
        return quote(value) if not when.is_time(value) else f"{name}={quote(value)}"

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """Every source by its title."""
        return tuple(
            Option(card.name, f"{card.name} · {card.title}")
            for card in scope.catalog.sources.values()
        )

    def described(self) -> str:
        """What may be typed."""
        return "the name of a model"


class Time(Kind[when.Window]):
    """A range of time in words."""

    control = "time"

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """The longest run of bare words that is a time as a whole."""
        for length in range(min(8, len(words)), 0, -1):
            run = words[:length]
            text = " ".join(word.text for word in run)
            if not any(word.quoted for word in run) and when.is_time(text):
                return length, text
        return 0, ""

    def read(self, raw: tuple[str, ...], scope: Scope) -> when.Window:
        """Check that the phrase is a time."""
        found = when.window(" ".join(raw))
        if not when.is_time(found.text):
            raise BadValue(when.unknown_time(" ".join(raw)))
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
        return tuple(Option(text, text[0].upper() + text[1:]) for text in when.PRESETS)

    def described(self) -> str:
        """What may be typed."""
        return "a time, such as " + listed([f"`{text}`" for text in when.EXAMPLES], last="or")


class Dimension(Kind[str]):
    """A column to split by."""

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is the name of a dimension."""
        found = None if scope.card is None else _same(words[0].text, tuple(scope.card.dimensions))
        return (1, found) if found else (0, "")

    def read(self, raw: tuple[str, ...], scope: Scope) -> str:
        """Find the dimension by name, whatever its case."""
        if scope.card is None:
            return raw[0]
        known = tuple(scope.card.dimensions)
        found = _same(raw[0], known) or (raw[0] if scope.card.unread else None)
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
        found = _same(words[0].text, [value for value, _ in self.choices])
        return (1, found) if found else (0, "")

    def read(self, raw: tuple[str, ...], scope: Scope) -> str:
        """Find the choice, whatever its case."""
        known = [value for value, _ in self.choices]
        found = _same(raw[0], known)
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
        fits = text.isdecimal() and len(text) <= len(str(self.most))
        if not fits or not self.least <= int(text) <= self.most:
            raise BadValue(f"{echoed(raw[0])} is no {self.described().removeprefix('a ')}.")
        return int(text)

    def described(self) -> str:
        """What may be typed."""
        return f"a whole number from {self.least} to {self.most:,}"


class Conditions(Kind[tuple[Filter, ...]]):
    """Conditions that a record must meet, all of them."""

    control = "conditions"

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is a value of exactly one dimension, or of no more than one version."""
        if scope.card is None:
            return 0, ""
        places = [
            (name, value)
            for name, values in scope.card.dimensions.items()
            if name in scope.card.columns and (value := _same(words[0].text, values)) is not None
        ]
        return (1, str(Filter(places[0][0], "=", (places[0][1],)))) if len(places) == 1 else (0, "")

    def read(self, raw: tuple[str, ...], scope: Scope) -> tuple[Filter, ...]:
        """Read each condition and check its column and its values' type against the source."""
        conditions = [parse_condition(text) for text in raw if text.strip()]
        return merged([_checked(condition, scope) for condition in conditions])

    def write(self, name: str, value: tuple[Filter, ...]) -> str:
        """``where a = b and c in d, e``, or nothing."""
        return "where " + " and ".join(map(str, value)) if value else ""

    def raw(self, value: tuple[Filter, ...]) -> tuple[str, ...]:
        """One text a condition."""
        return tuple(map(str, value))

    def options(self, scope: Scope) -> tuple[Option, ...]:
        """Every value seen lately of every dimension, grouped by dimension."""
        if scope.card is None:
            return ()
        return tuple(
            Option(str(Filter(name, "=", (value,))), f"{name} is {value}", name)
            for name, values in scope.card.dimensions.items()
            if name in scope.card.columns
            for value in values
        )

    def described(self) -> str:
        """What may be typed."""
        return "conditions, such as `where region in emea, apac and status >= 500`"


def merged(conditions: Sequence[Filter]) -> tuple[Filter, ...]:
    """Join equalities on one column into one ``in``: region = a, region = b means either."""
    values: dict[str, list[str]] = {}
    others: list[Filter] = []
    for condition in conditions:
        if condition.op in ("=", "in"):
            seen = values.setdefault(condition.column, [])
            seen.extend(value for value in condition.values if value not in seen)
        elif condition not in others:
            others.append(condition)
    joined = [
        Filter(column, "=" if len(found) == 1 else "in", tuple(found))
        for column, found in values.items()
    ]
    return (*joined, *others)


def _checked(condition: Filter, scope: Scope) -> Filter:
    if scope.card is None or scope.card.unread:
        return condition
    known = tuple(scope.card.columns)
    column = _same(condition.column, known)
    if column is None:
        close = nearest(condition.column, known)
        names = listed([f"“{name}”" for name in close or known[:8]], last="or")
        message = f"“{scope.card.name}” has no column {echoed(condition.column)}."
        raise BadValue(f"{message} Did you mean {names}?", close, condition.column)
    checked = Filter(column, condition.op, condition.values)
    if problem := checked.misfit(scope.card.columns[column]):
        raise BadValue(problem)
    seen = scope.card.dimensions.get(column, ())
    values = tuple(_same(value, seen) or value for value in checked.values)
    return Filter(column, checked.op, values)


def _same(word: str, known: Sequence[str]) -> str | None:
    if word in known:
        return word
    folded = [name for name in known if name.lower() == word.lower()]
    return folded[0] if len(folded) == 1 else None
