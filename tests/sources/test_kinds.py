"""Files and folders that aren't what they are declared to be: called what they are."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from queries.core.errors import LogUnreadable
from queries.core.log import Log
from queries.core.source import Format
from tests.sources.written import REQUESTS, ROLES, write

GOOD = REQUESTS.format(rows=100)
FORMATS: tuple[Format, ...] = ("parquet", "csv", "jsonl")


def sqlite(path: Path) -> None:
    """Write a database of SQLite."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE log (ts TEXT)")


def duck(path: Path) -> None:
    """Write a database of DuckDB."""
    with duckdb.connect(str(path)) as database:
        database.execute("CREATE TABLE log (ts TEXT)")


def zipped(path: Path) -> None:
    """Write an archive, as Excel's files are."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")


def holding(content: bytes) -> Callable[[Path], None]:
    """Give what writes some bytes."""

    def write_them(path: Path) -> None:
        path.write_bytes(content)

    return write_them


def counted(log: Log) -> int:
    """Count the rows of a statement."""
    return int(log.aggregate({"n": sa.func.count(log.column("income"))})[0]["n"])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("make", "what"),
    [
        (sqlite, "a SQLite database"),
        (duck, "a DuckDB database"),
        (zipped, "a zip archive, as Excel's files are"),
        (holding(b"ORC\x01" + bytes(60)), "an ORC file"),
        (holding(b"Obj\x01" + bytes(60)), "an Avro file"),
        (holding(b"\x28\xb5\x2f\xfd" + bytes(60)), "packed with Zstandard"),
        (holding(b"%PDF-1.7\n" + bytes(60)), "a PDF"),
        (holding(b"<html><body>404</body></html>"), "a web page"),
    ],
)
def test_a_file_is_called_what_it_is(
    make: Callable[[Path], None],
    what: str,
    form: Format,
    tmp_path: Path,
    opened: Callable[..., Log],
) -> None:
    """What is no log is left out under its right name, whatever its file is called."""
    write(tmp_path / "log" / f"good.{form}", GOOD)
    make(tmp_path / "log" / f"bad.{form}")
    log = opened(files="log", format=form, roles=ROLES)
    assert counted(log) == 91 - 1
    words = {"parquet": "Parquet", "csv": "CSV", "jsonl": "JSON lines"}[form]
    assert log.left_out == [
        f"log/bad.{form}: left out, as it is {what}, and not {words} as this log is declared."
    ]


@pytest.mark.parametrize(
    ("form", "real", "what"),
    [
        ("parquet", "csv", "it is a text such as CSV, and not Parquet"),
        ("parquet", "jsonl", "it is JSON, and not Parquet"),
        ("parquet", "csv.gz", "it is packed with gzip, and not Parquet"),
        ("csv", "parquet", "it is Parquet, and not CSV"),
        ("jsonl", "parquet", "it is Parquet, and not JSON lines"),
        ("csv", "jsonl", "it is JSON, and not CSV"),
        ("csv", "jsonl.gz", "it is JSON, and not CSV"),
        ("jsonl", "csv", "none of its lines is a JSON record"),
    ],
)
def test_one_format_under_another_name_is_said(
    form: Format, real: str, what: str, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A file of one format that is named as another is no “incomplete” one."""
    write(tmp_path / "log" / f"good.{form}", GOOD)
    write(tmp_path / f"bad.{real}", GOOD).rename(tmp_path / "log" / f"bad.{form}")
    log = opened(files="log", format=form, roles=ROLES)
    assert counted(log) == 90
    assert len(log.left_out) == 1
    assert log.left_out[0].startswith(f"log/bad.{form}: left out, as {what}")


@pytest.mark.parametrize(
    ("marker", "kind"),
    [
        ("_delta_log/00000000000000000000.json", "a Delta table"),
        ("metadata/00000-5f3c.metadata.json", "an Iceberg table"),
        ("metadata/v2.metadata.json", "an Iceberg table"),
        (".hoodie/hoodie.properties", "a Hudi table"),
    ],
)
@pytest.mark.parametrize(
    ("table", "files"),
    [
        ("log", "log"),
        ("log", "log/*.parquet"),
        ("log", "log/**/*.parquet"),
        ("log", "log/data/day=1/*.parquet"),
        (".", "log/data/day=1/part-0.parquet"),
        ("log/data", "log"),
        ("log/data/day=1/deeper", "log/**/*.parquet"),
    ],
)
def test_the_folder_of_a_table_is_refused(
    table: str,
    files: str,
    marker: str,
    kind: str,
    tmp_path: Path,
    opened: Callable[..., Log],
) -> None:
    """Files of a table that keeps what was deleted are refused, wherever the table begins."""
    for part in ("log/part-0", "log/data/day=1/part-0", "log/data/day=1/deeper/part-0"):
        write(tmp_path / f"{part}.parquet", GOOD)
    (tmp_path / table / marker).parent.mkdir(parents=True)
    (tmp_path / table / marker).write_text("{}")
    log = opened(files=files, format="parquet", roles=ROLES)
    with pytest.raises(LogUnreadable, match=rf"is {kind}\. .* would count again\. Have its"):
        counted(log)


def test_a_folder_called_metadata_is_no_table(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Only what Iceberg itself writes makes a table of a folder."""
    write(tmp_path / "log" / "a.parquet", GOOD)
    (tmp_path / "log" / "metadata").mkdir()
    (tmp_path / "log" / "metadata" / "notes.json").write_text("{}")
    assert counted(opened(files="log", format="parquet", roles=ROLES)) == 90
