"""The kind of parameter that is a length of time: half a second, two minutes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from queries.core.kinds.kind import BadValue, Control, Kind, Scope
from queries.core.words import echoed
from queries.core.writing import Word

_UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
_NAMES = {
    "ms": ("ms", "msec", "millisecond", "milliseconds"),
    "s": ("s", "sec", "secs", "second", "seconds"),
    "min": ("min", "mins", "m", "minute", "minutes"),
    "h": ("h", "hour", "hours"),
}
_UNIT = {name: unit for unit, names in _NAMES.items() for name in names}
_TEXT = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?([a-z]*)")


@dataclass(frozen=True)
class Duration(Kind[int]):
    """A length of time within a day, in whole milliseconds; a bare number is in these."""

    most: int = 24 * _UNITS["h"]
    control: Control = "number"

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word that is a number and its unit in one, such as 500ms."""
        text = words[0].text
        bare = not words[0].quoted and not text[-1:].isdecimal()
        return (1, text) if bare and _milliseconds(text) is not None else (0, "")

    def take(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """After the parameter's name, the unit may also be a word of its own: 2 minutes."""
        if len(words) > 1 and not words[1].is_sign and words[0].text[-1:].isdecimal():
            both = f"{words[0].text} {words[1].text}"
            if words[1].text.lower() in _UNIT and _milliseconds(both) is not None:
                return 2, both
        return 1, words[0].text

    def read(self, raw: tuple[str, ...], scope: Scope) -> int:
        """Read the number and its unit, to the millisecond."""
        found = _milliseconds(raw[0])
        if found is None or found != int(found) or not 1 <= found <= self.most:
            raise BadValue(f"{echoed(raw[0])} is no {self.described().removeprefix('a ')}.")
        return int(found)

    def write(self, name: str, value: int) -> str:
        """The number in the largest unit in which it is whole."""
        unit = next(unit for unit in reversed(_UNITS) if value % _UNITS[unit] == 0)
        return f"{name} {value // _UNITS[unit]}{unit}"

    def described(self) -> str:
        """What may be typed."""
        return "a length of time from 1 ms to 24 hours, such as `500ms`, `1.5s` or `2 minutes`"


def _milliseconds(text: str) -> Decimal | None:
    """Read “1.5s”, or a number without a unit; None for anything else."""
    match = _TEXT.fullmatch(text.strip().lower().replace(",", ""))
    unit = _UNIT.get(match[2] or "ms") if match else None
    # A decimal: 0.1 s as a float would not be a whole number of milliseconds.
    return Decimal(match[1]) * _UNITS[unit] if match and unit else None
