"""What CSV and JSON-lines files hold, from one pass over each version of a file.

Every value is read as text with explicit columns: a sniffer takes a ragged file for one
column, and one odd value would change a column's type. The pass finds what the values are,
how many lines are no record, and from when to when the rows are.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from queries.sources.cells.access import Access, sql_of
from queries.sources.cells.finding import First
from queries.sources.files.facts import Facts
from queries.sources.files.listing import FileAt
from queries.sources.files.values import Looked, Text, look

_DELIMITERS = ",;\t|"
_UNREADABLE = (duckdb.Error, OSError, EOFError, UnicodeDecodeError, zlib.error, csv.Error)


Find = Callable[[Mapping[str, str], First], Mapping[str, Access]]
"""Finds the declared columns among a file's own; a path is followed into its first values."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared of the columns of a place, as far as reading a text needs it.

    ``plain`` are names, ``paths`` those that may be paths; ``find`` tells where all lie in a file.
    """

    plain: Sequence[str]
    paths: Sequence[str]
    find: Find
    words: Sequence[str]
    moments: Collection[str]
    whole: Collection[str]
    time: str | None
    format: str = ""


def inspect_csv(
    duck: duckdb.DuckDBPyConnection, files: Sequence[FileAt], declared: Declared
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
            source = "read_csv($1, columns = $2, delim = $3, header = true, auto_detect = false, "
            parameters = [[file.path], columns, delimiter]
            with duck.cursor() as cursor:
                quiet = (source + "ignore_errors = true)", parameters)
                found = declared.find(columns, first_values(cursor, *quiet))
                text = text_of(source + "store_rejects = true)", parameters, found, declared)
                looked = look(cursor, text)
                yield _facts(file, looked, found, header, delimiter, _rejected(cursor))
        except _UNREADABLE as error:
            yield Facts(file, problem=said(error))


def inspect_jsonl(
    duck: duckdb.DuckDBPyConnection, files: Sequence[FileAt], declared: Declared
) -> Iterator[Facts]:
    """Look at JSON-lines files one by one; a line without any wanted column is no record."""
    for file in files:
        if not file.size:
            yield Facts(file, problem="it is empty (0 bytes)")
            continue
        try:
            with duck.cursor() as cursor:
                yield _lines(cursor, file, declared)
        except duckdb.Error as error:
            yield Facts(file, problem=said(error))


_LINES = "read_json($1, columns = $2, format = 'newline_delimited', ignore_errors = true)"
_KEYS = """
    SELECT DISTINCT unnest(json_keys(json)) FROM (
        SELECT json FROM read_json_objects(
            $1, format = 'newline_delimited', ignore_errors = true
        ) LIMIT 1000
    )
"""


def _lines(cursor: duckdb.DuckDBPyConnection, file: FileAt, declared: Declared) -> Facts:
    keys = dict.fromkeys(declared.plain, "VARCHAR")
    if declared.paths:
        # Only paths need to know which keys there are; the first lines tell.
        rows = cursor.execute(_KEYS, [[file.path]]).fetchall()
        keys |= dict.fromkeys(sorted(key for (key,) in rows if key), "VARCHAR")
    found = dict(declared.find(keys, first_values(cursor, _LINES, [[file.path], keys])))
    # One that is not there now may be a key of a later line, and is missing until then.
    found |= {name: Access(name) for name in declared.paths if name not in found}
    header = tuple(dict.fromkeys(access.root for access in found.values()))
    parameters = [[file.path], dict.fromkeys(header, "VARCHAR")]
    looked = look(cursor, text_of(_LINES, parameters, found, declared))
    return _facts(file, looked, found, header, "", (looked.empty, 0))


def first_values(
    cursor: duckdb.DuckDBPyConnection, source: str, parameters: Sequence[Any]
) -> First:
    """Give what computes measures over the first values of an expression of a source."""

    def first(text: str, measures: Sequence[str]) -> Sequence[str | None]:
        # Only what a declaration names is written into this, quoted; the rest is bound.
        statement = (
            f"SELECT {', '.join(measures)} FROM (SELECT {text} AS x FROM {source} "  # noqa: S608
            f"WHERE {text} IS NOT NULL LIMIT 200)"
        )
        (row,) = cursor.execute(statement, list(parameters)).fetchall()
        return tuple(row)

    return first


def text_of(
    source: str, parameters: Sequence[Any], found: Mapping[str, Access], declared: Declared
) -> Text:
    """Give the text of a file's declared columns, as far as they were found."""
    written = sql_of(found.values())
    return Text(
        source=source,
        parameters=parameters,
        cells={name: written[access] for name, access in found.items()},
        words=declared.words,
        moments=[name for name in declared.moments if name in found],
        time=declared.time,
        whole=declared.whole,
        format=declared.format,
    )


def _facts(
    file: FileAt,
    looked: Looked,
    found: Mapping[str, Access],
    header: tuple[str, ...],
    delimiter: str,
    bad: tuple[int, int],
) -> Facts:
    types = dict.fromkeys(header, "VARCHAR")
    return Facts(
        file,
        types | {name: held.type for name, held in looked.values.items()},
        rows=looked.rows - (looked.empty if not delimiter else 0),
        first=looked.first,
        last=looked.last,
        bad_lines=bad[0],
        open_quote=bad[1],
        header=header,
        delimiter=delimiter,
        values=looked.values,
        paths={name: access for name, access in found.items() if not access.is_plain},
    )


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
