"""The sections of a source's declaration: places, outcomes, reference, chunks, visibility."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from queries.core.source import (
    SMALLEST_GROUP,
    Chunks,
    Format,
    Matters,
    Outcomes,
    Place,
    Reference,
    Visibility,
)
from queries.sources.declaration.selects import bad_select, bad_tables
from queries.sources.declaration.tables import Table

FORMATS: Mapping[str, Format] = {
    "parquet": "parquet",
    "csv": "csv",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "json": "jsonl",
}

# With two slashes, or as Databricks writes its own; a letter alone is a disk of Windows.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|(dbfs|file|wasbs?|abfss?|s3a?|gs|hdfs):/")


def read_place(table: Table, base: Path) -> Place:
    """Read where rows lie: files of one format, or a table behind a url."""
    patterns, url, name = table.names("files"), table.text("url"), table.text("table")
    rows = table.text("rows")
    wanted = table.choice("format", tuple(FORMATS), "") if "format" in table.raw else ""
    table.taken.add("format")
    # Neither of them or both.
    if bool(patterns) == bool(url):
        table.problem(None, "needs either files, or url and table")
        return Place()
    if rows and (problem := (bad_tables if url else bad_select)(rows)):
        table.problem("rows", problem)
    if url:
        if problem := _bad_url(url):
            table.problem("url", problem)
        if not name and not rows:
            table.problem("table", "is missing: name the table behind the url")
        return Place(url=url, table=name, rows=rows)
    if far := [pattern for pattern in patterns if _SCHEME.match(pattern)]:
        table.problem("files", _not_here(far[0]))
        return Place()
    inferred = next((form for pattern in patterns if (form := _format(pattern))), None)
    chosen = FORMATS[wanted] if wanted else inferred
    if chosen is None:
        table.problem("format", 'is needed: "parquet", "csv" or "jsonl" (no suffix tells it)')
    absolute = tuple(str(base.absolute() / pattern) for pattern in patterns)
    return Place(files=absolute, format=chosen or "parquet", rows=rows)


def _not_here(pattern: str) -> str:
    """Say that files can't be read over a network, and how they come to lie here."""
    hidden = re.sub(r"//[^/@]*@", "//…@", pattern)
    if pattern.lower().startswith("file:"):
        return f"names {hidden}; write the folder itself, without file://"
    return (
        f"names {hidden}, which lies in a store or on a site, not in a folder; plainlogs reads "
        "files of the machine it runs on: mount the store as a folder, have the files copied into "
        "one, or name the table that a database has of them with url and table"
    )


def _bad_url(url: str) -> str:
    """Say what is wrong with a database's URL, without repeating a password in it."""
    try:
        make_url(url).get_dialect()
    except NoSuchModuleError as error:
        return f"names a database that is not known ({error}); install its SQLAlchemy dialect"
    except ArgumentError:
        return 'is no database url; write it like "postgresql+psycopg://user@host/database"'
    return ""


def _format(pattern: str) -> Format | None:
    suffixes = [suffix.lstrip(".").lower() for suffix in Path(pattern).suffixes]
    # From the end, past a .gz that only says how it is packed.
    return next((FORMATS[suffix] for suffix in reversed(suffixes) if suffix in FORMATS), None)


def read_chunks(table: Table) -> Chunks | None:
    """Read how many rows make a chunk, and their order."""
    chunks = table.sub("chunks")
    if chunks is None:
        return None
    rows, order = chunks.number("rows", 0), chunks.text("order")
    if rows < 1 or rows != int(rows):
        chunks.problem("rows", "must be a whole number of at least 1")
    if not order:
        chunks.problem("order", "is missing: name the column that puts the rows in order")
    chunks.close()
    return Chunks(int(rows), order)


def read_matters(table: Table) -> Matters:
    """Read the smallest changes worth acting on."""
    matters = table.sub("matters")
    if matters is None:
        return Matters()
    usual = Matters()
    read = {
        each.name: matters.number(each.name, getattr(usual, each.name)) for each in fields(Matters)
    }
    matters.close()
    return Matters(**read)


def read_smallest_group(table: Table) -> int:
    """Read from how many requests on a group may be shown by itself."""
    least = table.number("smallest_group", SMALLEST_GROUP)
    if least < 1 or least != int(least):
        table.problem("smallest_group", "must be a whole number of at least 1")
    return int(least)


def read_outcomes(table: Table, base: Path) -> Outcomes | None:
    """Read where outcomes lie apart, and their columns there."""
    outcomes = table.sub("outcomes")
    if outcomes is None:
        return None
    place = read_place(outcomes, base)
    request_id, outcome = outcomes.text("request_id"), outcomes.text("outcome")
    for key, value in (("request_id", request_id), ("outcome", outcome)):
        if not value:
            outcomes.problem(key, "is missing: name the column there")
    time = outcomes.text("outcome_time") or None
    outcomes.close()
    return Outcomes(place, request_id, outcome, time)


def read_reference(table: Table, base: Path) -> Reference | None:
    """Read where the reference set lies."""
    reference = table.sub("reference")
    if reference is None:
        return None
    place, outcome = read_place(reference, base), reference.text("outcome") or None
    reference.close()
    return Reference(place, outcome)


def read_visibility(table: Table) -> dict[str, Visibility]:
    """Read who may see which column."""
    visibility = table.sub("visibility")
    if visibility is None:
        return {}
    valid = [kind.value for kind in Visibility]
    return {
        column: Visibility(visibility.choice(column, valid, "hidden")) for column in visibility.raw
    }
