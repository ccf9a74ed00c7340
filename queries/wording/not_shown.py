"""Which columns records leave out, in words."""

from __future__ import annotations

from queries.core import words
from queries.core.source import Source, Visibility

_SAID = {
    Visibility.HIDDEN: "Hidden, so never shown",
    Visibility.GROUPED: "Not shown for single people, only in groups",
}


def not_shown(source: Source) -> tuple[str, ...]:
    """Say which columns are hidden, and which are not shown for single people."""
    said = []
    for kind, words_for_it in _SAID.items():
        columns = [name for name, closed in source.closed.items() if closed is kind]
        if columns:
            said.append(f"{words_for_it}: {words.listed(columns)}.")
    return tuple(said)
