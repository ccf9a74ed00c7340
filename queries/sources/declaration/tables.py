"""One table of a declaration, read so that every mistake is kept with its key and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo, available_timezones

from queries.core.errors import Problem
from queries.core.nearest import nearest
from queries.core.source import Scalar

T = TypeVar("T")

_zones = cache(available_timezones)
"""Known time zones, which are files of the machine: looked for once."""

UNITS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0}


def is_text(value: object) -> bool:
    """Tell whether a value is a text with something in it."""
    return isinstance(value, str) and bool(value.strip())


def is_number(value: object) -> bool:
    """Tell whether a value is a number; true and false are none."""
    # To Python true is the integer 1.
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_scalar(value: object) -> bool:
    """Tell whether a value can be compared with a column."""
    return isinstance(value, str | int | float | bool)


def is_names(value: object) -> bool:
    """Tell whether a value is one name or a list of names."""
    return is_text(value) or (isinstance(value, list) and all(map(is_text, value)))


def is_scalars(value: object) -> bool:
    """Tell whether a value is a list of single values."""
    return isinstance(value, list) and all(map(is_scalar, value))


class Table:
    """One table of the declaration: takes values by key and keeps what is wrong with them."""

    def __init__(self, key: str, raw: object, problems: list[Problem]) -> None:
        self.key = key
        self.problems = problems
        self.taken: set[str] = set()
        self.raw: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        if not isinstance(raw, Mapping):
            self.problem(None, "must be a table of its own, like [" + key + "]")

    def problem(self, key: str | None, message: str, near: tuple[str, ...] = ()) -> None:
        """Keep one mistake; the nearest valid names are part of its text."""
        if near:
            message = f"{message}; nearest: {', '.join(near)}"
        where = self.key if key is None else f"{self.key}.{key}"
        self.problems.append(Problem(where, message, near))

    def take(self, key: str, valid: Callable[[Any], bool], what: str, default: T) -> T:
        """Take a value that is valid, or the default where it is absent or wrong."""
        self.taken.add(key)
        if key not in self.raw:
            return default
        value = self.raw[key]
        if not valid(value):
            self.problem(key, f"must be {what}, not {value!r}")
            return default
        return cast("T", value)

    def text(self, key: str, default: str = "") -> str:
        """Take a text."""
        return self.take(key, is_text, "a text in quotes", default)

    def flag(self, key: str) -> bool:
        """Take true or false; false by default."""
        return self.take(key, lambda value: isinstance(value, bool), "true or false", False)

    def number(self, key: str, default: float) -> float:
        """Take a number that is not negative."""
        value = float(self.take(key, is_number, "a number", default))
        if value < 0:
            self.problem(key, f"must not be negative, but is {value:g}")
        return value

    def choice(self, key: str, valid: Collection[str], default: str) -> str:
        """Take one of a few words."""
        value = self.text(key, default)
        if value not in valid:
            self.problem(key, f"{value!r} is none of {', '.join(valid)}", nearest(value, valid))
            return default
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """Take a list of names; one alone may stand without brackets."""
        none: list[str] = []
        value = self.take(key, is_names, "a list of names in quotes", none)
        return tuple(dict.fromkeys([value] if isinstance(value, str) else value))

    def texts(self, key: str) -> dict[str, str]:
        """Take a table from names to texts."""
        none: dict[str, Any] = {}
        value = self.take(key, lambda given: isinstance(given, dict), "a table of names", none)
        for name in [name for name in value if not is_text(value[name])]:
            self.problem(f"{key}.{name}", f"must be a text in quotes, not {value[name]!r}")
        return {name: text for name, text in value.items() if is_text(text)}

    def scalars(self, key: str) -> tuple[Scalar, ...]:
        """Take a list of single values."""
        none: list[Scalar] = []
        return tuple(self.take(key, is_scalars, "a list of texts or numbers", none))

    def scalar(self, key: str, default: Scalar | None) -> Scalar | None:
        """Take one value: a text, a number, true or false."""
        return self.take(key, is_scalar, "a text, a number, true or false", default)

    def zone(self, key: str) -> ZoneInfo:
        """Take the name of a time zone; UTC by default."""
        name = self.text(key, "UTC")
        zones = _zones()
        if name not in zones:
            self.problem(key, f"there is no time zone {name!r}", nearest(name, zones))
            return ZoneInfo("UTC")
        return ZoneInfo(name)

    def span(self, key: str) -> timedelta:
        """Take a length of time such as "7 days"; none by default."""
        value = self.text(key, "0 days")
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(minute|hour|day|week)s?", value.strip())
        if match is None:
            self.problem(key, f'{value!r} is no length of time; write it like "7 days"')
            return timedelta(0)
        return timedelta(days=float(match[1]) * UNITS[match[2]])

    def sub(self, key: str) -> Table | None:
        """Take a table inside this one, or None where it is absent."""
        self.taken.add(key)
        if key not in self.raw:
            return None
        return Table(f"{self.key}.{key}", self.raw[key], self.problems)

    def close(self) -> None:
        """Report every key that nothing asked for."""
        for key in self.raw:
            if key not in self.taken:
                self.problem(key, "is not known here", nearest(key, self.taken))
