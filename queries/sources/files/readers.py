"""The engine's reading functions for a layout: as text for looking at a file, and in a select."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import sqlalchemy as sa

from queries.sources.cells.access import quoted
from queries.sources.cells.paths import json_path
from queries.sources.files.apart import columns_of, odd_lines
from queries.sources.files.dialect import plain_sql
from queries.sources.files.heads import Option
from queries.sources.files.layouts import Layout
from queries.sources.files.windows import lines_of

QUIET: Option = ("ignore_errors", True)
"""Passes over lines that are no record, which were counted when the file was looked at."""

_FUNCTIONS = {"csv": "read_csv", "json": "read_json"}
_LINE = {"line": "VARCHAR"}
_GIVEN: sa.ColumnElement[Any] = sa.literal_column("$1")
_WINDOWS_LINES = f"({plain_sql(sa.select(lines_of(_GIVEN, quoted=False).c.line))}) AS lines"


def source_of(
    layout: Layout, path: str, names: Sequence[str], own: Iterable[Option] = ()
) -> tuple[str, list[Any]]:
    """Give a file's columns as a source of text, with its parameters."""
    if layout.reader == "windows":
        return f"({plain_sql(_windows(layout, _GIVEN, names))})", [[path]]
    options = [*layout.options, *own]
    values = [value for _, value in options]
    if layout.reader in ("csv", "json"):
        listed = _listed(options, 3)
        columns = dict.fromkeys(names, "VARCHAR")
        return f"{_FUNCTIONS[layout.reader]}($1, columns = $2, {listed})", [
            [path],
            columns,
            *values,
        ]
    taken = ", ".join(f"r[{place}] AS {quoted(name)}" for place, name in enumerate(names, 1))
    lines, given = f"read_csv($1, columns = $3, {_listed(options, 4)})", [_LINE, *values]
    if layout.reader == "windows lines":
        lines, given = _WINDOWS_LINES, []
    source = (
        # Only names are written into this, quoted; a line that is no JSON gives missing values.
        f"(SELECT {taken} FROM (SELECT TRY(json_extract_string(line, $2)) AS r "  # noqa: S608 - names are quoted, values bound
        f"FROM {lines} WHERE trim(line) <> ''))"
    )
    return source, [[path], _paths(names), *given]


def odd_count(
    cursor: duckdb.DuckDBPyConnection, layout: Layout, path: str, names: Sequence[str]
) -> int:
    """Count the lines of a CSV file in Windows' encoding that are no record."""
    delimiter, above = parted(layout)
    odd = odd_lines(lines_of(_GIVEN, quoted=True), delimiter, above, len(names))
    ((count,),) = cursor.execute(plain_sql(odd), [[path]]).fetchall()
    return int(count)


def keys_of(cursor: duckdb.DuckDBPyConnection, layout: Layout, path: str) -> list[str]:
    """Give the keys of a JSON file's first records."""
    values: list[Any]
    if layout.reader == "windows lines":
        first = f"SELECT TRY(json_keys(line)) AS keys FROM {_WINDOWS_LINES} LIMIT 1000"  # noqa: S608 - our own
        values = [[path]]
    elif layout.reader == "lines":
        call = f"read_csv($1, columns = $2, {_listed(layout.options, 3)})"
        first = f"SELECT TRY(json_keys(line)) AS keys FROM {call} LIMIT 1000"  # noqa: S608 - names are quoted, values bound
        values = [[path], _LINE]
    else:
        call = f"read_json_objects($1, {_listed([*layout.options, QUIET], 2)})"
        first = f"SELECT json_keys(json) AS keys FROM {call} LIMIT 1000"  # noqa: S608 - names are quoted, values bound
        values = [[path]]
    options = [*layout.options, QUIET] if layout.reader == "json" else layout.options
    rows = cursor.execute(
        f"SELECT DISTINCT unnest(keys) FROM ({first})",  # noqa: S608 - names are quoted, values bound
        [*values, *(value for _, value in options)],
    ).fetchall()
    return sorted(key for (key,) in rows if key)


def rows_of(layout: Layout, files: sa.BindParameter[Any], names: Sequence[str]) -> sa.FromClause:
    """Give files' columns as something to select from, named ``raw``."""
    if layout.reader == "windows":
        return _windows(layout, files, names).subquery("raw")
    options = dict([*layout.options, QUIET])
    if layout.reader in ("csv", "json"):
        columns = dict.fromkeys(names, "VARCHAR")
        function = getattr(sa.func, _FUNCTIONS[layout.reader])
        call = function(files, *named({"columns": columns, **options}))
        raw: sa.TableValuedAlias = call.table_valued(*map(sa.column, names), name="raw")
        return raw
    call = sa.func.read_csv(files, *named({"columns": _LINE, **options}))
    lines: sa.FromClause = call.table_valued(sa.column("line"), name="lines")
    if layout.reader == "windows lines":
        lines = lines_of(files, quoted=False)
    paths = sa.bindparam("paths", _paths(names), type_=sa.types.NullType(), unique=True)
    parts = sa.func.try_(sa.func.json_extract_string(lines.c.line, paths))
    taken = sa.select(parts.label("r")).where(sa.func.trim(lines.c.line) != "").subquery("taken")
    return sa.select(
        *(sa.func.list_extract(taken.c.r, place).label(name) for place, name in enumerate(names, 1))
    ).subquery("raw")


def _windows(layout: Layout, files: sa.ColumnElement[Any], names: Sequence[str]) -> sa.Select[Any]:
    delimiter, above = parted(layout)
    return columns_of(lines_of(files, quoted=True), delimiter, above, names)


def parted(layout: Layout) -> tuple[str, int]:
    """Give what parts the values of a CSV file, and how many lines they stand below."""
    options = dict(layout.options)
    return str(options["delim"]), int(options.get("skip", 0)) + 1


def named(options: Mapping[str, Any]) -> list[sa.ColumnElement[Any]]:
    """Give options as a function of the engine takes them: each by its name."""
    return [
        sa.literal_column(name).op("=")(
            sa.bindparam(name, value, type_=sa.types.NullType(), unique=True)
        )
        for name, value in options.items()
    ]


def _listed(options: Sequence[Option], first: int) -> str:
    return ", ".join(f"{name} = ${place}" for place, (name, _) in enumerate(options, first))


def _paths(names: Sequence[str]) -> list[str]:
    return [json_path((name,)) for name in names]
