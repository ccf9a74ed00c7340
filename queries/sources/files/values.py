"""What the values of a file's text columns are, counted in one pass over it.

Every value is read as text: one odd value would change what an engine takes a column for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import duckdb
import sqlalchemy as sa

from queries.sources.cells.access import texted
from queries.sources.cells.numbers import WRITTEN, is_like_number
from queries.sources.cells.times import ZONED_TEXT, as_iso, forms_of
from queries.sources.files.dialect import plain_sql
from queries.sources.files.facts import Values
from queries.sources.shapes import EARLIEST, LATEST, counted, unit_of

# In the order of the fields of Values. Written once for all columns, each of whose values is a row
# of its own: written for each column, a small file took longer to plan than to read, tenfold.
_COUNTS = """
    count(v),
    count(*) FILTER (regexp_full_match(v, '[-+]?(0|[1-9][0-9]{{0,17}})')),
    count(TRY_CAST(v AS DOUBLE)) - count(*) FILTER (regexp_matches(v, '^[-+]?0[0-9]')),
    count(TRY_CAST(v AS BOOLEAN)),
    count(*) FILTER (lower(v) IN ('true', 'false')),
    count(*) FILTER (is_time AND regexp_matches(v, '^[0-9]{{4}}[-/]')),
    count(*) FILTER (regexp_matches(v, {zoned})),
    min(v) FILTER (TRY_CAST(v AS DOUBLE) IS NULL),
    min(v) FILTER (NOT coalesce(is_time, false)),
    count(*) FILTER (regexp_matches(v, '^\\s*[\\[{{]')),
    count(*) FILTER (is_word)
"""
_NO_VALUES = Values(present=0, whole=0, real=0, flag=0, truth=0, time=0, zoned=0)
_ROW = -1
"""The place of what tells of a row whether it holds anything."""

# A cast that fails costs fifty times as much as to see that it would.
_LIKE_A_TIME = "v LIKE '____-%' OR v LIKE '____/%'"
# Without those that are no data, such as the year 9999 for “never”.
_BOUNDS = f"BETWEEN TIMESTAMPTZ '{EARLIEST:%Y-%m-%d}' AND TIMESTAMPTZ '{LATEST:%Y-%m-%d}'"
_MOMENT = f"TRY_CAST({{0}} AS TIMESTAMPTZ) {_BOUNDS}"
_FEWEST = 0.9


@dataclass(frozen=True, slots=True)
class Text:
    """A file as a source of text: the table function with its parameters, and its columns' SQL.

    ``moments`` are the columns that hold times, ``time`` the one by which rows are placed,
    ``whole`` those whose words are all kept, ``words`` what means that a value is missing;
    ``format`` is the declared one of times, ``measured`` are columns of what is measured; ``forms``
    are those in which values are known to be written.
    """

    source: str
    parameters: Sequence[Any]
    cells: Mapping[str, str]
    words: Sequence[str]
    moments: Collection[str] = ()
    time: str | None = None
    whole: Collection[str] = ()
    format: str = ""
    measured: Collection[str] = ()
    forms: Mapping[str, str] = field(default_factory=dict)


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
        name: _formed(cursor, text, name, held)
        if name in text.moments
        else _written(cursor, text, name, held)
        for name, held in looked.values.items()
    }
    looked = replace(looked, values=values)
    if text.time is not None and text.time in values and (form := values[text.time].form):
        first, last = _extent(cursor, text, text.time, form)
        return replace(looked, first=first, last=last)
    return looked


def _counted(cursor: duckdb.DuckDBPyConnection, text: Text) -> Looked:
    cursor.execute("SET TimeZone = 'UTC'")
    # To the end, not one row: the rejected lines are known when the scan has finished.
    rows = cursor.execute(_statement(text), list(text.parameters)).fetchall()
    found = {row[0]: row[1:] for row in rows}
    names = list(text.cells)
    values = {
        name: Values(*found[place][3:]) if place in found else _NO_VALUES
        for place, name in enumerate(names)
    }
    count, _, _, held = found[_ROW][:4] if _ROW in found else (0, None, None, 0)
    at = found.get(names.index(text.time)) if text.time in names else None
    first, last = at[1:3] if at else (None, None)
    return Looked(count, count - held, first, last, values)


def _statement(text: Text) -> str:
    """Give the statement that counts each column's values, a row a column.

    Only the names of declared columns and words are written into it, quoted; the rest is bound.
    """
    nothing = " AND ".join(f"{sql} IS NULL" for sql in text.cells.values()) or "false"
    cells = [*enumerate(text.cells.values()), (_ROW, f"CASE WHEN NOT ({nothing}) THEN 'row' END")]
    listed = ", ".join(f"{{'p': {place}, 'v': {sql}}}" for place, sql in cells)
    words = ", ".join(texted(word) for word in text.words)
    moments, whole = _places(text, text.moments), _places(text, text.whole)
    timed = _places(text, [text.time] if text.time else [])
    return f"""
        SELECT p, count(*),
            min(moment) FILTER (p IN ({timed})), max(moment) FILTER (p IN ({timed})),
            {_COUNTS.format(zoned=texted(ZONED_TEXT))}
        FROM (
            SELECT *, CASE WHEN written {_BOUNDS} THEN written END AS moment,
                CASE WHEN p IN ({moments}) THEN coalesce(written {_BOUNDS}, false)
                    ELSE written IS NOT NULL END AS is_time
            FROM (
                SELECT *, CASE WHEN {_LIKE_A_TIME} THEN TRY_CAST(v AS TIMESTAMPTZ) END AS written
                FROM (
                    SELECT p, is_word,
                        CASE WHEN p IN ({_ROW}, {whole}) OR NOT is_word THEN v END AS v
                    FROM (
                        SELECT p, v, coalesce(lower(trim(v)) IN ({words}), false) AS is_word
                        FROM (
                            SELECT cell.p AS p, cell.v AS v
                            FROM (SELECT unnest([{listed}]) AS cell FROM {text.source})
                        )
                    )
                )
            )
        ) GROUP BY p
    """  # noqa: S608


def _places(text: Text, names: Collection[str]) -> str:
    """List the places of some columns; of none, one that there is not."""
    return ", ".join(str(place) for place, name in enumerate(text.cells) if name in names) or "-2"


def _written(cursor: duckdb.DuckDBPyConnection, text: Text, name: str, values: Values) -> Values:
    """Find out whether numbers are written with a decimal comma, or with signs at thousands."""
    unread, known = values.present - values.real, text.forms.get(name)
    if known is None and (
        name not in text.measured or not unread or not is_like_number(values.no_number)
    ):
        return values
    if not values.present:
        return values
    counts = ", ".join(
        f"count(*) FILTER ({read}), min(x) FILTER (NOT {read})"
        for read in (f"regexp_matches(x, {texted(each.pattern)})" for each in WRITTEN)
    )
    words = ", ".join(texted(word) for word in text.words)
    statement = (
        f"SELECT count(*) FILTER (regexp_matches(x, '[.,]')), {counts} "  # noqa: S608
        f"FROM (SELECT {text.cells[name]} AS x FROM {text.source}) "
        f"WHERE x IS NOT NULL AND lower(trim(x)) NOT IN ({words})"
    )
    (row,) = cursor.execute(statement, list(text.parameters)).fetchall()
    pointed, each_way = row[0], list(zip(row[1::2], row[2::2], strict=True))
    if known is not None:
        count, other = each_way[[each.name for each in WRITTEN].index(known)]
        return replace(values, real=count, whole=0, form=known, no_number=other)
    count, other = max(each_way, key=lambda one: one[0])
    best = WRITTEN[each_way.index((count, other))]
    # Either way as many can be read: which one is meant isn't known, unless it makes no difference.
    unsure = pointed and all(read == count for read, _ in each_way)
    if unsure or count <= values.real or count < _FEWEST * values.present:
        return values
    return replace(values, real=count, whole=0, form=best.name, no_number=other)


def _formed(cursor: duckdb.DuckDBPyConnection, text: Text, name: str, values: Values) -> Values:
    """Find the form of times that the engine doesn't read as they stand."""
    known = text.forms.get(name)
    if not values.present or (values.time >= values.present and not text.format and not known):
        return values
    forms = [each for each in forms_of(text.format) if known in (None, each.name)]
    numbers = values.real >= _FEWEST * values.present and not text.format and not known
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
    unsure = any(counts[twin][1] == count for twin in best.twins if twin in counts)
    few = count <= values.time or count < _FEWEST * values.present
    if (few or unsure) and not text.format and not known:
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
