"""Which columns a place's files have, from their footers and first lines alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb

from queries.core.source import Place
from queries.sources.files import parquet
from queries.sources.files.derived import Derived
from queries.sources.files.facts import Facts, Known
from queries.sources.files.heads import UNREADABLE, Unfit, read_head
from queries.sources.files.layouts import csv_layout
from queries.sources.files.listing import FileAt, listed
from queries.sources.shapes import NESTED, is_nested

_BETWEEN = re.compile(r"[\s,\[\]]*")


class ColumnNames:
    """The names of all columns that files hold, looked at once per version of each file.

    What patterns stand for is known before it is known what to read.
    """

    def __init__(
        self,
        place: Place,
        declared: Sequence[str],
        cursor: Callable[[], duckdb.DuckDBPyConnection],
    ) -> None:
        self._place, self._declared, self._cursor = place, declared, cursor
        self._known = Known(self._inspect)
        self._derived = Derived(place, cursor)

    def all(self) -> tuple[str, ...]:
        """Give the names, in the order in which files have them; none of those that hold objects.

        Raises LogUnreadable where the files can't be listed, or their SELECT can't be run.
        """
        files = listed(self._place)
        if self._place.rows:
            facts = [self._derived.facts(files)] if files else []
        else:
            facts = self._known.of(files)
        found: dict[str, str] = {}
        for one in facts:
            found = {**one.columns, **found}
        order = dict.fromkeys(name for one in facts for name in one.columns)
        return tuple(name for name in order if not is_nested(found[name]))

    def _inspect(self, files: Sequence[FileAt], _before: Mapping[str, Facts]) -> Iterable[Facts]:
        with self._cursor() as cursor:
            if self._place.format == "parquet":
                return list(parquet.inspect(cursor, files, None))
            return [self._first(cursor, file) for file in files]

    def _first(self, cursor: duckdb.DuckDBPyConnection, file: FileAt) -> Facts:
        """Look at a text file's first lines; what can't be read is told by whoever reads it."""
        format_ = self._place.format
        try:
            head = read_head(cursor, file.path, format_)
            if format_ == "jsonl":
                return Facts(file, _keys(head.text))
            header = csv_layout(head, self._declared).header
            return Facts(file, dict.fromkeys(header, "VARCHAR"))
        except (Unfit, *UNREADABLE) as error:
            return Facts(file, problem=str(error))


def _keys(text: str) -> dict[str, str]:
    """Give the keys of the first records of JSON, in the order in which they come."""
    found: dict[str, str] = {}
    for record in _records(text):
        for key, value in record.items():
            nested = isinstance(value, dict | list)
            if key not in found or (found[key] == NESTED and value is not None):
                found[key] = NESTED if nested else "VARCHAR"
    return found


def _records(text: str) -> Iterator[dict[str, Any]]:
    decoder, at = json.JSONDecoder(), 0
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        try:
            record, at = decoder.raw_decode(text, at)
        # The last one is cut where the head ends.
        except (ValueError, RecursionError):
            return
        if isinstance(record, dict):
            yield record
