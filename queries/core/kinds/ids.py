"""The kind of parameter that names one thing in a log: an id, as text or as a number."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core.kinds.kind import BadValue, Control, Kind, Scope
from queries.core.times import when
from queries.core.writing import Word

LONGEST = 300
_AROUND = " \t\r\n`"
"""What comes along when an id is copied from a chat."""


class Id(Kind[str]):
    """An id: any text, as it stands in the log."""

    control: Control = "text"

    def claim(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """A bare word, unless a time begins with it."""
        # Anything may be an id, so that whatever else it could be comes first.
        if words[0].is_sign or when.begins(words):
            return 0, ""
        return 1, words[0].text

    def take(self, words: Sequence[Word], scope: Scope) -> tuple[int, str]:
        """The word after the parameter's name, whatever it is."""
        return 1, words[0].text

    def read(self, raw: tuple[str, ...], scope: Scope) -> str:
        """Take the id without what surrounds it where it was copied."""
        found = raw[0].strip(_AROUND)
        if not found:
            raise BadValue("Which id? Please paste one, as it stands in the log.")
        if len(found) > LONGEST:
            raise BadValue(f"An id has at most {LONGEST} characters; this has {len(found):,}.")
        return found

    def described(self) -> str:
        """What may be typed."""
        return "an id as it stands in the log"
