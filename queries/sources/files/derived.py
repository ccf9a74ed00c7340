"""Rows that a declared SELECT makes of files: the way for logs of any shape.

It stands as a view in the database in memory, which holds no row: each statement reads the files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

import duckdb

from queries.core.errors import LogUnreadable
from queries.core.source import Place
from queries.sources.cells.access import quoted, texted
from queries.sources.files.facts import Facts
from queries.sources.files.listing import FileAt

FILES = "plainlogs_files"
"""What ``{files}`` in the SELECT stands for."""

_NUMBERS = count(1)
_READ = {
    "parquet": "SELECT * FROM read_parquet({0}, union_by_name = true, filename = true)",
    "csv": "SELECT * FROM read_csv({0}, all_varchar = true, union_by_name = true, "
    "header = true, filename = true, ignore_errors = true)",
    "jsonl": "SELECT json AS line, filename FROM read_json_objects({0}, "
    "format = 'newline_delimited', filename = true, ignore_errors = true)",
}
"""How the files of each format are given: as columns, or each line as JSON, with its file."""


class Derived:
    """The view over one place's files, made anew when these are others."""

    def __init__(self, place: Place, cursor: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._place, self._cursor = place, cursor
        self._version: tuple[FileAt, ...] = ()
        self._facts: Facts | None = None

    def facts(self, files: Sequence[FileAt]) -> Facts:
        """Give what the view holds, as of one file. Raises LogUnreadable where it can't be made."""
        version = tuple(files)
        if self._facts is None or version != self._version:
            before = self._facts
            self._facts, self._version = self._made(version), version
            if before is not None:
                with self._cursor() as cursor:
                    cursor.execute(f"DROP VIEW IF EXISTS {quoted(before.view)}")
        return self._facts

    def _made(self, files: tuple[FileAt, ...]) -> Facts:
        view = f"rows_{next(_NUMBERS)}"
        listed = "[" + ", ".join(texted(file.path) for file in files) + "]"
        read = _READ[self._place.format].format(listed)
        select = self._place.rows.replace("{files}", FILES)
        try:
            with self._cursor() as cursor:
                # A view takes no parameters: the files' own names are written into it, quoted.
                cursor.execute(
                    f"CREATE VIEW {quoted(view)} AS "  # noqa: S608 - our own name
                    f"WITH {FILES} AS ({read}) SELECT * FROM ({select})"
                )
                described = cursor.execute(f"DESCRIBE {quoted(view)}").fetchall()
                ((rows,),) = cursor.execute(
                    f"SELECT count(*) FROM {quoted(view)}"  # noqa: S608 - our own name
                ).fetchall()
        except duckdb.Error as error:
            said = str(error).strip().splitlines()[0]
            raise LogUnreadable(
                f"The SELECT under `rows` in plainlogs.toml can't be run: {said}"
            ) from error
        size, written = sum(file.size for file in files), max(file.written for file in files)
        columns = {row[0]: row[1] for row in described}
        return Facts(FileAt(view, size, written), columns, rows=rows, view=view)
