"""The ways to a place's declared columns, found once for files that are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from queries.sources.cells.access import Access
from queries.sources.cells.finding import First, found_in
from queries.sources.cells.paths import paths_from

Found = tuple[Access, str | None]
"""How to get at a column, and its type; None where it lies in text."""


class Ways:
    """Finds declared columns among those of files; safe to use from threads."""

    def __init__(self, declared: Sequence[str]) -> None:
        self._declared = declared
        self._known: dict[tuple[str, str], Found] = {}

    def find(self, types: Mapping[str, str], first: First) -> dict[str, Found]:
        """Tell of each declared column that a file has how it is got at."""
        found: dict[str, Found] = {}
        for text in self._declared:
            if text in types:
                found[text] = (Access(text), types[text])
            elif way := self._way(text, types, first):
                found[text] = way
        return found

    def _way(self, text: str, types: Mapping[str, str], first: First) -> Found | None:
        roots = [path.root for path in paths_from(text, types)]
        # Files whose column is of the same type mostly hold the same within it: not each file's
        # first values are looked at again.
        keys = [(text, types[root]) for root in roots]
        known = next((self._known[key] for key in keys if key in self._known), None)
        if known is not None:
            return known
        found = found_in(text, types, first)
        if found is not None:
            self._known[text, types[found[0].root]] = found
        return found
