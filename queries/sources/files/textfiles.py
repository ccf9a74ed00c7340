"""What CSV and JSON-lines files hold, from one pass over each version of a file.

Every value is read as text with explicit columns: a sniffer takes a ragged file for one
column, and one odd value would change a column's type. The pass finds what the values are,
how many lines are no record, and from when to when the rows are.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from queries.sources.files.facts import Facts, Values
from queries.sources.files.listing import FileAt
from queries.sources.shapes import ZONED_TEXT

_DELIMITERS = ",;\t|"
_UNREADABLE = (duckdb.Error, OSError, EOFError, UnicodeDecodeError, zlib.error, csv.Error)


_COUNTS = """
    count({0}),
    count(*) FILTER (regexp_full_match({0}, '[-+]?(0|[1-9][0-9]{{0,17}})')),
    count(TRY_CAST({0} AS DOUBLE)) - count(*) FILTER (regexp_matches({0}, '^[-+]?0[0-9]')),
    count(TRY_CAST({0} AS BOOLEAN)),
    count(*) FILTER (lower({0}) IN ('true', 'false')),
    count(TRY_CAST({0} AS TIMESTAMPTZ)) FILTER (regexp_matches({0}, '^[0-9]{{4}}-')),
    count(*) FILTER (regexp_matches({0}, '{1}')),
    coalesce(max(TRY_CAST({0} AS BIGINT)), 0),
    min({0}) FILTER (TRY_CAST({0} AS DOUBLE) IS NULL),
    min({0}) FILTER (TRY_CAST({0} AS TIMESTAMPTZ) IS NULL)
"""


def inspect_csv(
    duck: duckdb.DuckDBPyConnection,
    files: Sequence[FileAt],
    wanted: Sequence[str],
    time: str | None,
) -> Iterator[Facts]:
    """Look at CSV files one by one: header, values of the wanted columns, lines that are none."""
    for file in files:
        if not file.size:
            yield Facts(file, problem="it is empty (0 bytes)")
            continue
        try:
            header, delimiter = _header(file.path)
            columns = dict.fromkeys(header, "VARCHAR")
            # Two columns of one name: which is meant can't be told.
            if len(columns) < len(header) or not header:
                yield Facts(file, problem="its first line does not name each column once")
                continue
            with duck.cursor() as cursor:
                source = (
                    "read_csv($1, columns = $2, delim = $3, header = true, auto_detect = false, "
                )
                source += "store_rejects = true)"
                found = [name for name in wanted if name in columns]
                row = _count(cursor, source, [[file.path], columns, delimiter], found, time)
                yield _facts(file, row, found, header, delimiter, _rejected(cursor))
        except (
            duckdb.Error,
            OSError,
            EOFError,
            UnicodeDecodeError,
            zlib.error,
            csv.Error,
        ) as error:
            yield Facts(file, problem=said(error))


def inspect_jsonl(
    duck: duckdb.DuckDBPyConnection,
    files: Sequence[FileAt],
    wanted: Sequence[str],
    time: str | None,
) -> Iterator[Facts]:
    """Look at JSON-lines files one by one; a line without any wanted column is no record."""
    columns = dict.fromkeys(wanted, "VARCHAR")
    for file in files:
        if not file.size:
            yield Facts(file, problem="it is empty (0 bytes)")
            continue
        source = "read_json($1, columns = $2, format = 'newline_delimited', ignore_errors = true)"
        try:
            with duck.cursor() as cursor:
                row = _count(cursor, source, [[file.path], columns], wanted, time)
        except duckdb.Error as error:
            yield Facts(file, problem=said(error))
            continue
        yield _facts(file, row, wanted, tuple(wanted), "", (row[1], 0))


def _count(
    cursor: duckdb.DuckDBPyConnection,
    source: str,
    parameters: list[Any],
    columns: Sequence[str],
    time: str | None,
) -> tuple[Any, ...]:
    quoted = [_quoted(name) for name in columns]
    empty = " AND ".join(f"{name} IS NULL" for name in quoted) or "false"
    counts = [_COUNTS.format(name, ZONED_TEXT) for name in quoted]
    when = f"TRY_CAST({_quoted(time)} AS TIMESTAMPTZ)" if time in columns else "NULL"
    listed = ", ".join(
        ["count(*)", f"count(*) FILTER ({empty})", f"min({when})", f"max({when})", *counts]
    )
    cursor.execute("SET TimeZone = 'UTC'")
    # Only the names of declared columns are written into this, quoted; the rest is bound.
    statement = f"SELECT {listed} FROM {source}"  # noqa: S608
    # To the end, not one row: the rejected lines are known when the scan has finished.
    (row,) = cursor.execute(statement, parameters).fetchall()
    return row


def _facts(
    file: FileAt,
    row: tuple[Any, ...],
    found: Sequence[str],
    header: tuple[str, ...],
    delimiter: str,
    bad: tuple[int, int],
) -> Facts:
    values = {name: Values(*row[4 + 10 * i : 14 + 10 * i]) for i, name in enumerate(found)}
    types = dict.fromkeys(header, "VARCHAR") | {name: held.type for name, held in values.items()}
    return Facts(
        file,
        types,
        rows=row[0] - (row[1] if not delimiter else 0),
        first=row[2],
        last=row[3],
        bad_lines=bad[0],
        open_quote=bad[1],
        header=header,
        delimiter=delimiter,
        values=values,
    )


def _quoted(name: str | None) -> str:
    return '"' + (name or "").replace('"', '""') + '"'


def _rejected(cursor: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Count the lines that are no record, and give the line of a quote that never closes."""
    statement = (
        "SELECT count(DISTINCT line), "
        "coalesce(min(line) FILTER (error_type = 'UNQUOTED VALUE'), 0) FROM reject_errors"
    )
    ((lines, open_quote),) = cursor.execute(statement).fetchall()
    return lines, open_quote


def _header(path: str) -> tuple[tuple[str, ...], str]:
    """Read the first line: the names of the columns and what stands between them."""
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rb") as lines:
        # With the byte-order mark that Excel writes, which would be part of the first name.
        line = lines.readline().decode("utf-8-sig")
    # From the header alone, which holds no free text in which a comma could stand.
    delimiter = max(_DELIMITERS, key=line.count)
    names = next(csv.reader([line], delimiter=delimiter), [])
    return tuple(name.strip() for name in names), delimiter


def said(error: Exception) -> str:
    """Say in plain words why a text file could not be read."""
    text = str(error)
    if "GZIP" in text or isinstance(error, EOFError | gzip.BadGzipFile):
        return "its compression ends too early (still being written, or cut off)"
    if isinstance(error, PermissionError):
        return "it may not be read; give the program the right to read it"
    if isinstance(error, UnicodeDecodeError):
        return "its first line is not text"
    if isinstance(error, csv.Error):
        return "its first line is no list of columns (is each line ended by a line feed?)"
    if isinstance(error, FileNotFoundError) or "No files found" in text:
        return "it went away while it was read"
    return "its contents are damaged"
