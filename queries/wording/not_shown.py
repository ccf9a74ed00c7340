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
    named = dict.fromkeys((*source.columns.values(), *source.visibility))
    said = []
    for kind, words_for_it in _SAID.items():
        columns = [name for name in named if source.visible(name) is kind]
        if columns:
            said.append(f"{words_for_it}: {words.listed(columns)}.")
    return tuple(said)
