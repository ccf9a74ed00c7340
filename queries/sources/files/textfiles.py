"""What CSV and JSON-lines files hold, from one pass over each version of a file.

Every value is read as text with explicit columns: a sniffer takes a ragged file for one
column, and one odd value would change a column's type. The pass finds what the values are,
how many lines are no record, and from when to when the rows are.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from queries.core.words import listed
from queries.sources.cells.access import Access, sql_of
from queries.sources.cells.finding import First
from queries.sources.cells.paths import read_path
from queries.sources.files.facts import Facts
from queries.sources.files.grown import ends_of, joined, source_in, tail_of
from queries.sources.files.heads import (
    UNREADABLE,
    UTF8,
    WINDOWS,
    Unfit,
    in_bytes,
    read_head,
    recoded,
)
from queries.sources.files.layouts import Layout, Table, csv_layout, json_layout
from queries.sources.files.listing import FileAt
from queries.sources.files.readers import QUIET, keys_of, odd_count, source_of
from queries.sources.files.values import Looked, Text, look

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
    measured: Collection[str] = ()


def inspect_csv(
    duck: duckdb.DuckDBPyConnection,
    files: Sequence[FileAt],
    declared: Declared,
    before: Mapping[str, Facts],
) -> Iterator[Facts]:
    """Look at CSV files one by one: header, values of the wanted columns, lines that are none.

    Of one that only grew since ``before``, only at what came.
    """
    names = [*declared.plain, *declared.paths, *roots_of(declared.paths)]

    def table(cursor: duckdb.DuckDBPyConnection, file: FileAt) -> Facts:
        head = read_head(cursor, file.path, "csv")
        facts = _table(cursor, file, csv_layout(head, names), declared)
        if facts.bad_lines and head.encoding == UTF8 and (encoding := in_bytes(file.path)):
            again = csv_layout(recoded(head, encoding), names)
            return _table(cursor, file, again, declared)
        return facts

    return _each(duck, files, table, declared, before)


def inspect_jsonl(
    duck: duckdb.DuckDBPyConnection,
    files: Sequence[FileAt],
    declared: Declared,
    before: Mapping[str, Facts],
) -> Iterator[Facts]:
    """Look at JSON files one by one; a record without any wanted column is none.

    Of one that only grew since ``before``, only at what came.
    """

    def records(cursor: duckdb.DuckDBPyConnection, file: FileAt) -> Facts:
        head = read_head(cursor, file.path, "jsonl")
        facts = _records(cursor, file, json_layout(head), declared)
        if facts.bad_lines and head.encoding == UTF8 and (encoding := in_bytes(file.path)):
            return _records(cursor, file, json_layout(recoded(head, encoding)), declared)
        return facts

    return _each(duck, files, records, declared, before)


def _each(
    duck: duckdb.DuckDBPyConnection,
    files: Sequence[FileAt],
    look_at: Callable[[duckdb.DuckDBPyConnection, FileAt], Facts],
    declared: Declared,
    before: Mapping[str, Facts],
) -> Iterator[Facts]:
    """Look at files one by one; what can't be read is said, and stops no other."""
    for file in files:
        if not file.size:
            yield Facts(file, problem="it is empty (0 bytes)")
            continue
        try:
            with duck.cursor() as cursor:
                facts = _grown(cursor, before.get(file.path), file, declared) or look_at(
                    cursor, file
                )
        except duckdb.ParserException:
            # Ours, and not the file's.
            raise
        except Unfit as unfit:
            facts = Facts(file, problem=str(unfit))
        except UNREADABLE as error:
            facts = Facts(file, problem=said(error))
        yield (
            facts
            if facts.problem or facts.ends
            else replace(facts, ends=ends_of(file, facts.layout))
        )


def _grown(
    cursor: duckdb.DuckDBPyConnection, before: Facts | None, file: FileAt, declared: Declared
) -> Facts | None:
    """Look at what came to a file that only grew; None where it is to be looked at whole."""
    if before is None or (tail := tail_of(before, file)) is None:
        return None
    found = {name: before.access(name) for name in before.values}
    # A path that no line had so far may be in one that came.
    if any(name not in before.paths for name in declared.paths):
        return None
    text = replace(text_of(*source_in(before), found, declared), forms=_forms(before))
    return joined(cursor, before, file, tail, text)


def _forms(before: Facts) -> dict[str, str]:
    return {name: held.form for name, held in before.values.items() if held.form}


def _otherwise(header: Sequence[str], declared: Sequence[str]) -> str:
    """Name the columns that differ in capitals alone; never others, which may be values."""
    wanted = {name.lower() for name in declared}
    near = [f"“{name}”" for name in header if name.lower() in wanted]
    return f", which are written otherwise there: {listed(near[:8])}" if near else ""


def _table(
    cursor: duckdb.DuckDBPyConnection, file: FileAt, table: Table, declared: Declared
) -> Facts:
    header, layout = table.header, table.layout
    quiet = source_of(layout, file.path, header, [QUIET])
    found = declared.find(dict.fromkeys(header, "VARCHAR"), first_values(cursor, *quiet))
    if not found:
        near = _otherwise(header, declared.plain)
        raise Unfit(f"its first lines name none of the columns that are declared{near}")
    source = source_of(layout, file.path, header, [("store_rejects", True)])
    looked = look(cursor, text_of(*source, found, declared))
    bad = (
        _rejected(cursor)
        if layout.reader == "csv"
        else (odd_count(cursor, layout, file.path, header), 0)
    )
    facts = _facts(file, looked, found, header, layout, bad)
    if not facts.rows and facts.open_quote:
        raise Unfit(f"a quote that opens in line {facts.open_quote} never closes")
    if not facts.rows and facts.bad_lines:
        raise Unfit("none of its lines has as many values as its header names columns")
    return facts


def _records(
    cursor: duckdb.DuckDBPyConnection, file: FileAt, layout: Layout, declared: Declared
) -> Facts:
    keys = list(declared.plain)
    if declared.paths:
        # Only paths need to know which keys there are; the first records tell.
        keys = list(dict.fromkeys([*keys, *keys_of(cursor, layout, file.path)]))
    types = dict.fromkeys(keys, "VARCHAR")
    source = source_of(layout, file.path, keys, [QUIET])
    found = dict(declared.find(types, first_values(cursor, *source)))
    # One that is not there now may be a key of a later line, and is missing until then.
    found |= {name: Access(name) for name in declared.paths if name not in found}
    header = tuple(dict.fromkeys(access.root for access in found.values()))
    source = source_of(layout, file.path, header, [QUIET])
    looked = look(cursor, text_of(*source, found, declared))
    facts = _facts(file, looked, found, header, layout, (looked.empty, 0))
    if not facts.rows and facts.bad_lines:
        raise Unfit("none of its lines is a JSON record with any of the columns that are declared")
    return facts


def first_values(
    cursor: duckdb.DuckDBPyConnection, source: str, parameters: Sequence[Any]
) -> First:
    """Give what computes measures over the first values of an expression of a source."""

    def first(text: str, measures: Sequence[str]) -> Sequence[str | None]:
        # Only what a declaration names is written into this, quoted; the rest is bound.
        statement = (
            f"SELECT {', '.join(measures)} FROM (SELECT {text} AS x FROM {source} "  # noqa: S608 - names are quoted, values bound
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
        measured=declared.measured,
    )


def _facts(
    file: FileAt,
    looked: Looked,
    found: Mapping[str, Access],
    header: tuple[str, ...],
    layout: Layout,
    bad: tuple[int, int],
) -> Facts:
    types = dict.fromkeys(header, "VARCHAR")
    return Facts(
        file,
        types | {name: held.type for name, held in looked.values.items()},
        rows=looked.rows - (0 if layout.is_table else looked.empty),
        first=looked.first,
        last=looked.last,
        bad_lines=bad[0],
        open_quote=bad[1],
        header=header,
        layout=layout,
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


def said(error: Exception) -> str:
    """Say in plain words why a text file could not be read."""
    text = str(error)
    if "GZIP" in text or isinstance(error, EOFError | gzip.BadGzipFile):
        return "its compression ends too early (still being written, or cut off)"
    if isinstance(error, PermissionError):
        return "it may not be read; give the program the right to read it"
    if "invalid state" in text:
        return "its lines end in different ways; save it with one kind of line end"
    if "not latin-1" in text:
        return WINDOWS
    if "JSON" in text:
        return "its JSON is broken or cut off, and isn't one record a line"
    if isinstance(error, FileNotFoundError) or "No files found" in text:
        return "it went away while it was read"
    return "its contents are damaged"


def roots_of(paths: Sequence[str]) -> list[str]:
    """Give the columns that paths may start at."""
    return [path.root for text in paths if (path := read_path(text)) is not None]
