"""What Parquet files hold, from their footers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from queries.sources.cells.access import quoted, sql_of, texted
from queries.sources.files.dialect import plain_sql
from queries.sources.files.facts import Facts
from queries.sources.files.kinds import not_parquet
from queries.sources.files.listing import FileAt
from queries.sources.shapes import EARLIEST, LATEST, Shape

Cursors = Callable[[], duckdb.DuckDBPyConnection]
# Where a damaged name stands in an error's own text, that text can't be read either.
UNREADABLE = (duckdb.Error, UnicodeDecodeError)
DAMAGED = "its contents are damaged"

_SCHEMA = """
    SELECT file_name, name, coalesce(duckdb_type, 'STRUCT'), coalesce(num_children, 0)
    FROM parquet_schema($1) ORDER BY file_name, column_id
"""
_ROWS = "SELECT file_name, num_rows FROM parquet_file_metadata($1)"
_TIMES = """
    SELECT file_name,
        min(TRY_CAST(coalesce(stats_min_value, stats_min) AS TIMESTAMPTZ)),
        max(TRY_CAST(coalesce(stats_max_value, stats_max) AS TIMESTAMPTZ)),
        bool_and(coalesce(stats_min_value, stats_min) IS NOT NULL)
    FROM parquet_metadata($1) WHERE path_in_schema = $2 GROUP BY file_name
"""


def inspect(
    cursor: duckdb.DuckDBPyConnection, files: Sequence[FileAt], time: str | None
) -> Iterator[Facts]:
    """Read the footers of files: all at once, or by halves where one of them is broken."""
    whole = [file for file in files if file.size]
    yield from (Facts(file, problem="it is empty (0 bytes)") for file in files if not file.size)
    if not whole:
        return
    try:
        yield from _together(cursor, whole, time)
    except UNREADABLE as error:
        if len(whole) == 1:
            yield Facts(whole[0], problem=not_parquet(whole[0].path) or said(error))
            return
        # One broken file fails the statement for all: halving finds it in a few dozen statements
        # where ten thousand would be needed one by one.
        half = len(whole) // 2
        yield from inspect(cursor, whole[:half], time)
        yield from inspect(cursor, whole[half:], time)


def _together(
    cursor: duckdb.DuckDBPyConnection, files: Sequence[FileAt], time: str | None
) -> list[Facts]:
    paths = [file.path for file in files]
    columns = _columns(cursor.execute(_SCHEMA, [paths]).fetchall())
    rows = dict(cursor.execute(_ROWS, [paths]).fetchall())
    times: dict[str, tuple[datetime, datetime]] = {}
    if time is not None:
        for path, first, last, complete in cursor.execute(_TIMES, [paths, time]).fetchall():
            # A row group without statistics may hold any time, and years that Python doesn't know
            # come as text.
            if complete and isinstance(first, datetime) and isinstance(last, datetime):
                times[path] = (first, last)
    return [
        _facts(file, columns[file.path], rows[file.path], times.get(file.path)) for file in files
    ]


def _facts(
    file: FileAt, held: Mapping[str, str], rows: int, times: tuple[datetime, datetime] | None
) -> Facts:
    keys = tuple(key for key in _path_keys(file.path) if key not in held)
    first, last = times or (None, None)
    # Some time in it is no data, so that others have to be looked for.
    if first is not None and last is not None and not EARLIEST <= first <= last < LATEST:
        first = last = None
    return Facts(file, {**held, **dict.fromkeys(keys, "VARCHAR")}, rows, first, last, keys=keys)


def _path_keys(path: str) -> list[str]:
    """Give the names in folders that are written as ``name=value``."""
    split = (part.partition("=") for part in Path(path).parts[:-1])
    return [name for name, sign, _ in split if sign]


def _columns(schema: Sequence[tuple[Any, ...]]) -> dict[str, dict[str, str]]:
    """Take the top-level columns; what lies inside a nested one follows it and is skipped."""
    found: dict[str, dict[str, str]] = {}
    inside: dict[str, int] = {}
    for path, name, kind, children in schema:
        if path not in found:
            found[path], inside[path] = {}, 0
            continue
        # Parquet lists its schema depth first, each node with how many children follow.
        if inside[path]:
            inside[path] += children - 1
            continue
        found[path][name] = kind
        inside[path] = children
    return found


def said(error: Exception) -> str:
    """Say in plain words why a file could not be read."""
    text = str(error)
    if "magic bytes" in text or "too small" in text or "footer" in text.lower():
        return "it is no complete Parquet file (still being written, or cut off)"
    if "No files found" in text or "No such file" in text:
        return "it went away while it was read"
    if "Permission" in text or "permission" in text:
        return "it may not be read; give the program the right to read it"
    return DAMAGED


def types_of(
    cursor: duckdb.DuckDBPyConnection, facts: Facts, columns: Sequence[str]
) -> dict[str, str]:
    """Give the whole types of some columns of a file, with all that is inside them."""
    listed = ", ".join(quoted(column) for column in columns)
    # Only names that stand in the file are written into this, quoted; the file is bound.
    source, parameters = facts.source
    sql = f"DESCRIBE SELECT {listed} FROM {source}"  # noqa: S608 - names are quoted, values bound
    return {row[0]: row[1] for row in cursor.execute(sql, parameters).fetchall()}


def unread(cursors: Cursors, facts: Facts, column: str, shape: Shape) -> tuple[int, str]:
    """Count the values of a column of one file that can't be read in their shape; give one."""
    cell = cell_of(facts, column)
    odd = f"FILTER ({plain_sql(shape.unread(cell))})"
    text = plain_sql(cell)
    found = _one(cursors, facts, f"count(*) {odd}, min({text}) {odd}")
    return (int(found[0]), str(found[1])[:100] if found[0] else "") if found else (0, "")


def middle(cursors: Cursors, facts: Facts, column: str) -> float:
    """Give the median of a column of numbers of one file, 0 where there is none."""
    found = _one(cursors, facts, f"median({plain_sql(cell_of(facts, column))})")
    return float(found[0] or 0) if found else 0.0


def with_words(
    cursors: Cursors, files: Sequence[Facts], column: str, words: Sequence[str]
) -> frozenset[str]:
    """Give the paths of those files in which a text column holds any of some words."""
    cell = plain_sql(cell_of(files[0], column))
    # Spelt out, as the reader passes over all that can't be among them without reading it.
    spelt = sorted({each for word in words for each in (word, word.upper(), word.capitalize())})
    listed = ", ".join(texted(word) for word in (*spelt, "NaN"))
    sql = (
        "SELECT DISTINCT filename FROM read_parquet($1, filename = true) "  # noqa: S608 - names are quoted, values bound
        f"WHERE {cell} IN ({listed})"
    )
    try:
        with cursors() as cursor:
            rows = cursor.execute(sql, [[facts.file.path for facts in files]]).fetchall()
    # What is damaged is found when it is read, and named then.
    except duckdb.Error:
        return frozenset()
    return frozenset(path for (path,) in rows)


def cell_of(facts: Facts, column: str) -> sa.ColumnElement[Any]:
    """Give a column of a file, or what a path leads to in one."""
    access = facts.access(column)
    return sa.literal_column(sql_of([access])[access])


def _one(cursors: Cursors, facts: Facts, measures: str) -> tuple[Any, ...] | None:
    """Compute measures over one file; None where it cannot be read, as its reading will tell."""
    # Only declared columns' names are written into this, quoted; the file is bound.
    source, parameters = facts.source
    sql = f"SELECT {measures} FROM {source}"  # noqa: S608 - names are quoted, values bound
    try:
        with cursors() as cursor:
            (row,) = cursor.execute(sql, parameters).fetchall()
    except UNREADABLE:
        return None
    return tuple(row)


def is_huge(error: BaseException | None) -> bool:
    """Tell whether an engine out of memory was asked for more at once than any good page holds.

    A damaged page may say that it holds gigabytes; what grows too large by itself does so in
    small pieces.
    """
    return re.search(r"size [\d.]+ [GTP]iB", str(error)) is not None


def probe(cursors: Cursors, facts: Facts, columns: Sequence[str]) -> str:
    """Read columns of one file whole, as a damaged page shows only then; say what is wrong."""
    listed = ", ".join(quoted(column) for column in columns) or "1"
    # Only declared columns' names are written into this, quoted; the file is bound.
    # A hash has to look at every value; a count would be answered from the footer.
    sql = f"SELECT bit_xor(hash({listed})) FROM read_parquet($1)"  # noqa: S608 - names are quoted, values bound
    try:
        with cursors() as cursor:
            cursor.execute(sql, [[facts.file.path]]).fetchall()
    except duckdb.OutOfMemoryException as error:
        # Of a good file that is too large for the memory nothing is said here.
        return DAMAGED if is_huge(error) else ""
    except UNREADABLE as error:
        return said(error)
    return ""
