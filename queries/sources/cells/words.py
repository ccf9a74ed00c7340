"""Words that stand in a log where there is no value."""

from __future__ import annotations

from collections.abc import Sequence

MISSING = ("", "none", "null", "n/a", "-", "nan")
"""Missing, however they are written; a source may name further ones of its own."""


def missing_words(own: Sequence[str] = ()) -> tuple[str, ...]:
    """Give all words that mean that a value is missing, in small letters."""
    return tuple(dict.fromkeys((*MISSING, *(word.strip().lower() for word in own))))
