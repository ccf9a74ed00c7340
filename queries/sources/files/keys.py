"""Which keys the lines of a JSON-lines file have: of those that are declared, the rest is not read.

So that a declared name that no line has is told beside the one that they do have.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

import duckdb

from queries.sources.files.listing import FileAt

_LINES = 500
"""So many lines tell which keys there are: one that a hundredth has is missed once in 150 times."""

_STATEMENT = f"""
    SELECT DISTINCT unnest(json_keys(json)) FROM (
        SELECT json FROM read_ndjson_objects($1, ignore_errors = true) LIMIT {_LINES}
    ) WHERE json_type(json) = 'OBJECT'
"""  # noqa: S608 - a number of our own is all that is put in


class Keys:
    """The keys of a file's first lines, found once per version of it."""

    def __init__(self, cursor: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._cursor = cursor
        self._file: FileAt | None = None
        self._keys: frozenset[str] = frozenset()
        self._lock = Lock()

    def of(self, file: FileAt) -> frozenset[str]:
        """Give the keys; none where the file can't be read just now, as its reading will tell."""
        with self._lock:
            # Only the newest file is asked for, so that one is all that is kept.
            if self._file != file:
                self._keys = self._read(file)
                self._file = file
            return self._keys

    def _read(self, file: FileAt) -> frozenset[str]:
        try:
            with self._cursor() as cursor:
                found = cursor.execute(_STATEMENT, [[file.path]]).fetchall()
        except duckdb.Error:
            return frozenset()
        return frozenset(str(key) for (key,) in found)
