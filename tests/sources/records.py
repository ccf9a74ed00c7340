"""The same records in every format that a source may have, nested ones too."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.duck import session

FORMATS = ("jsonl", "csv", "parquet", "postgres")

Records = Sequence[Mapping[str, Any]]


def place(kind: str, folder: Path, url: str, records: Records) -> dict[str, str]:
    """Write records as a format holds them, and give where they lie as a declaration says it."""
    if kind == "postgres":
        _table(url, records)
        return {"url": url, "table": "records"}
    path = folder / f"log.{kind}"
    lines = path.with_suffix(".jsonl")
    lines.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    if kind == "parquet":
        with session() as duck:
            duck.execute(
                f"COPY (SELECT * FROM read_json('{lines}', format = 'newline_delimited', "
                f"sample_size = -1)) TO '{path}' (FORMAT parquet)"
            )
    elif kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(records[0])
            writer.writerows([_cell(value) for value in each.values()] for each in records)
    return {"files": path.name}


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _table(url: str, records: Records) -> None:
    """A table with a column for each key: jsonb for objects and lists, else text or a number."""
    types = {
        name: "jsonb"
        if isinstance(value, dict | list)
        else "double precision"
        if isinstance(value, int | float)
        else "text"
        for name, value in records[0].items()
    }
    listed = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_))
        for name, type_ in types.items()
    )
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute("DROP TABLE IF EXISTS records")
        connection.execute(sql.SQL("CREATE TABLE records ({})").format(listed))
        with connection.cursor().copy("COPY records FROM STDIN") as copy:
            for each in records:
                copy.write_row([_cell(value) for value in each.values()])
