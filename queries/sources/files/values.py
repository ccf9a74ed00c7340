"""What the values of a file's text columns are, counted in one pass over it.

Every value is read as text: one odd value would change what an engine takes a column for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import duckdb
import sqlalchemy as sa

from queries.sources.cells.access import texted
from queries.sources.cells.times import ZONED_TEXT, as_iso, forms_of
from queries.sources.files.dialect import plain_sql
from queries.sources.files.facts import Values
from queries.sources.shapes import EARLIEST, LATEST, counted, unit_of

_COUNTS = """
    count({0}),
    count(*) FILTER (regexp_full_match({0}, '[-+]?(0|[1-9][0-9]{{0,17}})')),
    count(TRY_CAST({0} AS DOUBLE)) - count(*) FILTER (regexp_matches({0}, '^[-+]?0[0-9]')),
    count(TRY_CAST({0} AS BOOLEAN)),
    count(*) FILTER (lower({0}) IN ('true', 'false')),
    count(*) FILTER ({2} AND regexp_matches({0}, '^[0-9]{{4}}[-/]')),
    count(*) FILTER (regexp_matches({0}, {1})),
    min({0}) FILTER (TRY_CAST({0} AS DOUBLE) IS NULL),
    min({0}) FILTER (NOT coalesce({2}, false)),
    count(*) FILTER (regexp_matches({0}, '^\\s*[\\[{{]'))
"""
_ANY_TIME = "TRY_CAST({0} AS TIMESTAMPTZ) IS NOT NULL"
# Without those that are no data, such as the year 9999 for “never”.
_MOMENT = f"TRY_CAST({{0}} AS TIMESTAMPTZ) BETWEEN '{EARLIEST:%Y-%m-%d}' AND '{LATEST:%Y-%m-%d}'"
_FEWEST = 0.9
_WIDTH = 11
"""So many counts of each column, in the order of the fields of Values."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file as a source of text: the table function with its parameters, and its columns' SQL.

    ``moments`` are the columns that hold times, ``time`` the one by which rows are placed,
    ``whole`` those whose words are all kept, ``words`` what means that a value is missing;
    ``format`` is the declared one of times.
    """

    source: str
    parameters: Sequence[Any]
    cells: Mapping[str, str]
    words: Sequence[str]
    moments: Collection[str] = ()
    time: str | None = None
    whole: Collection[str] = ()
    format: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen: rows, those without any value, the first and the last time, and the values."""

    rows: int
    empty: int
    first: datetime | None
    last: datetime | None
    values: Mapping[str, Values]


def look(cursor: duckdb.DuckDBPyConnection, text: Text) -> Looked:
    """Read a file once, and once more where its times are in no form that the engine reads."""
    looked = _counted(cursor, text)
    values = {
        name: _formed(cursor, text, name, held) if name in text.moments else held
        for name, held in looked.values.items()
    }
    looked = replace(looked, values=values)
    if text.time is not None and text.time in values and (form := values[text.time].form):
        first, last = _extent(cursor, text, text.time, form)
        return replace(looked, first=first, last=last)
    return looked


def _counted(cursor: duckdb.DuckDBPyConnection, text: Text) -> Looked:
    listed = ", ".join(texted(word) for word in text.words)
    inner, counts = [], []
    for place, (name, sql) in enumerate(text.cells.items()):
        word = f"coalesce(lower(trim({sql})) IN ({listed}), false)"
        kept = f"{sql} AS v{place}, {word} AS w{place}"
        if name not in text.whole:
            kept = f"CASE WHEN NOT {word} THEN {sql} END AS v{place}, {word} AS w{place}"
        inner.append(kept)
        read = (_MOMENT if name in text.moments else _ANY_TIME).format(f"v{place}")
        counts.append(_COUNTS.format(f"v{place}", texted(ZONED_TEXT), read))
        counts.append(f"count(*) FILTER (w{place})")
    times = ["NULL", "NULL"]
    if text.time is not None and text.time in text.cells:
        at = f"v{list(text.cells).index(text.time)}"
        cast = f"TRY_CAST({at} AS TIMESTAMPTZ)"
        times = [f"{pick}({cast}) FILTER ({_MOMENT.format(at)})" for pick in ("min", "max")]
    nothing = " AND ".join(f"{sql} IS NULL" for sql in text.cells.values()) or "false"
    inner.append(f"{nothing} AS nothing")
    outer = ", ".join(["count(*)", "count(*) FILTER (nothing)", *times, *counts])
    cursor.execute("SET TimeZone = 'UTC'")
    # Only the names of declared columns and words are written into this, quoted; the rest is bound.
    statement = f"SELECT {outer} FROM (SELECT {', '.join(inner)} FROM {text.source})"  # noqa: S608
    # To the end, not one row: the rejected lines are known when the scan has finished.
    (row,) = cursor.execute(statement, list(text.parameters)).fetchall()
    values = {
        name: Values(*row[4 + _WIDTH * at : 4 + _WIDTH * (at + 1)])
        for at, name in enumerate(text.cells)
    }
    rows, empty, first, last = row[:4]
    return Looked(rows, empty, first, last, values)


def _formed(cursor: duckdb.DuckDBPyConnection, text: Text, name: str, values: Values) -> Values:
    """Find the form of times that the engine doesn't read as they stand."""
    if values.time >= values.present and not text.format:
        return values
    forms = forms_of(text.format)
    numbers = values.real > values.time and not text.format
    if numbers and (numbered := _numbered(cursor, text, name, values)):
        return numbered
    x: sa.ColumnElement[Any] = sa.column("x")
    read = f"coalesce({_MOMENT.format('iso')}, false)"
    unions = " UNION ALL ".join(
        f"SELECT {place} AS form, count(*) FILTER ({read}), "  # noqa: S608 - forms are ours
        f"count(*) FILTER ({read} AND regexp_matches(iso, {texted(ZONED_TEXT)})), "
        f"min(x) FILTER (NOT {read}) "
        f"FROM (SELECT x, CASE WHEN regexp_matches(x, {texted(form.begins)}) THEN "
        f"{plain_sql(as_iso(x, form.name))} END AS iso FROM held)"
        for place, form in enumerate(forms)
    )
    statement = (
        f"WITH held AS MATERIALIZED (SELECT {text.cells[name]} AS x FROM {text.source} "  # noqa: S608
        f"WHERE {text.cells[name]} IS NOT NULL) {unions} ORDER BY 1"
    )
    rows = cursor.execute(statement, list(text.parameters)).fetchall()
    counts = {form.name: row for form, row in zip(forms, rows, strict=True)}
    best = max(forms, key=lambda form: counts[form.name][1])
    _, count, zoned, other = counts[best.name]
    # Either way round all can be read: which one is meant isn't known.
    unsure = any(counts[twin][1] == count for twin in best.twins)
    few = count <= values.time or count < _FEWEST * values.present
    if (few or unsure) and not text.format:
        return values
    return replace(values, time=count, zoned=zoned, form=best.name, real=0, whole=0, no_time=other)


def _numbered(
    cursor: duckdb.DuckDBPyConnection, text: Text, name: str, values: Values
) -> Values | None:
    """Find what numbers count that are times; None where they count nothing since 1970."""
    number = f"TRY_CAST({text.cells[name]} AS DOUBLE)"
    # The middle one: a single 0 or 9999999999999 that means “never” tells nothing.
    statement = f"SELECT median({number}) FROM {text.source}"  # noqa: S608
    ((middle,),) = cursor.execute(statement, list(text.parameters)).fetchall()
    unit = unit_of(middle or 0)
    if unit is None:
        return None
    inside = f"{number} BETWEEN {counted(EARLIEST, unit)} AND {counted(LATEST, unit)}"
    statement = (
        f"SELECT count(*) FILTER ({inside}), "  # noqa: S608
        f"min({text.cells[name]}) FILTER (NOT coalesce({inside}, false)) FROM {text.source}"
    )
    ((count, other),) = cursor.execute(statement, list(text.parameters)).fetchall()
    return replace(values, time=count, no_time=other, unit=unit)


def _extent(
    cursor: duckdb.DuckDBPyConnection, text: Text, name: str, form: str
) -> tuple[datetime | None, datetime | None]:
    x: sa.ColumnElement[Any] = sa.column("x")
    iso = plain_sql(as_iso(x, form))
    statement = (
        f"SELECT min(t), max(t) FROM (SELECT TRY_CAST(iso AS TIMESTAMPTZ) AS t FROM "  # noqa: S608
        f"(SELECT {iso} AS iso FROM (SELECT {text.cells[name]} AS x FROM {text.source})) "
        f"WHERE {_MOMENT.format('iso')})"
    )
    ((first, last),) = cursor.execute(statement, list(text.parameters)).fetchall()
    return first, last
