"""What a cell means, by the role of its column: no row is lost over a value that can't be read."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGIdentifierPreparer

from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.sources.files.dialect import OWN_WORDS
from tests.sources.written import write as write_sql

ROLES = {
    "time": "t",
    "request_id": "id",
    "version": "v",
    "status": "status",
    "error": "error",
    "latency_ms": "latency",
    "features": ["age"],
}
GOOD = {
    "t": "2026-11-20T10:00:00Z",
    "id": "a",
    "v": "1.1",
    "status": "200",
    "error": "",
    "latency": "12.5",
    "age": "30",
}
TEXTS = pytest.mark.parametrize("suffix", ["csv", "jsonl"])


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows as text: CSV, or JSON lines."""
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".jsonl":
        lines = [json.dumps({**GOOD, "id": f"r{i}", **row}) for i, row in enumerate(rows)]
    else:
        listed = ({**GOOD, "id": f"r{i}", **row} for i, row in enumerate(rows))
        lines = [",".join(GOOD), *(",".join(row.values()) for row in listed)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def read(tmp_path: Path, opened: Callable[..., Log]) -> Callable[..., Log]:
    """Write rows and open them as a log."""

    def log(suffix: str, rows: Sequence[Mapping[str, str]], **declared: object) -> Log:
        write(tmp_path / "log" / f"a.{suffix}", rows)
        return opened(files="log", format=suffix, roles=ROLES, **declared)

    return log


@TEXTS
def test_a_request_counts_though_its_latency_cannot_be_read(
    suffix: str, read: Callable[..., Log]
) -> None:
    """A failing request whose latency is “timeout” is a request that failed."""
    bad = [{"latency": "timeout", "status": "504"}] * 40
    log = read(suffix, [{}] * 460 + bad)
    (row,) = log.aggregate(
        {
            "requests": sa.func.count(),
            "failed": sa.func.count(sa.case((log.column("failed"), 1))),
            "timed": sa.func.count(log.column("latency_ms")),
            "slowest": sa.func.max(log.column("latency_ms")),
        }
    )
    assert row == {"requests": 500, "failed": 40, "timed": 460, "slowest": 12.5}
    assert log.left_out == [
        f"log/a.{suffix}: 40 of 500 values of “latency” are no number, such as “timeout”; "
        "they count as missing."
    ]


@TEXTS
def test_only_an_unreadable_time_loses_a_row(suffix: str, read: Callable[..., Log]) -> None:
    """A row that can't be placed in time is the one that is left out, and is counted."""
    log = read(suffix, [{}] * 199 + [{"t": "gestern"}])
    assert log.aggregate({"last": sa.func.count(log.column("time"))}) == [{"last": 199}]
    assert log.left_out == [
        f"log/a.{suffix}: left out 1 row whose “t” is no time, such as “gestern”."
    ]


@TEXTS
def test_what_may_not_be_shown_is_no_example(suffix: str, read: Callable[..., Log]) -> None:
    """Of a column that is only to be grouped by, no value is told, not even one that is wrong."""
    rows = [{"age": str(age)} for age in range(30, 130)] + [
        {"age": "Ms Smith, 41".partition(",")[0]}
    ]
    log = read(suffix, rows, visibility={"age": "grouped"})
    assert log.aggregate({"n": sa.func.count(log.column("age"))}) == [{"n": 100}]
    (said,) = log.left_out
    assert said == f"log/a.{suffix}: 1 of 101 values of “age” is no number; it counts as missing."


@TEXTS
def test_versions_are_text_as_written(suffix: str, read: Callable[..., Log]) -> None:
    """1.1 and 1.10 are two versions, and 2.0 is written 2.0."""
    log = read(suffix, [{"v": "1.1"}] * 3 + [{"v": "1.10"}] * 2 + [{"v": "2.0"}])
    assert log.kind("version") == "text"
    found = log.aggregate({"n": sa.func.count()}, by={"v": log.column("version")})
    assert {row["v"]: row["n"] for row in found} == {"1.1": 3, "1.10": 2, "2.0": 1}
    where = log.matches([Filter("version", "=", ("1.10",))])
    assert log.aggregate({"n": sa.func.count()}, where=where) == [{"n": 2}]


@TEXTS
def test_long_ids_stay_apart(suffix: str, tmp_path: Path, read: Callable[..., Log]) -> None:
    """Ids of twenty digits that differ in the last one are two, and each finds its own outcome."""
    first, second = "12345678901234567890", "12345678901234567891"
    (tmp_path / "outcomes.csv").write_text(f"id,came\n{first},good\n{second},bad\n")
    outcomes = {"files": "outcomes.csv", "request_id": "id", "outcome": "came"}
    log = read(suffix, [{"id": first}, {"id": second}], outcomes=outcomes)
    found = log.aggregate(
        {"n": sa.func.count()}, by={"id": log.column("request_id"), "came": log.column("outcome")}
    )
    assert [(row["id"], row["came"], row["n"]) for row in found] == [
        (first, "good", 1),
        (second, "bad", 1),
    ]


@TEXTS
@pytest.mark.parametrize(
    "word", ["", "None", "null", "NaN", "N/A", "-", "OK", "no error", "false", " none "]
)
def test_words_for_no_error(word: str, suffix: str, read: Callable[..., Log]) -> None:
    """What programs write where there is no error is none."""
    log = read(suffix, [{"error": word}] * 9 + [{"error": "timeout"}])
    where = [log.column("failed")]
    assert log.aggregate({"n": sa.func.count()}, where=where) == [{"n": 1}]


@TEXTS
@pytest.mark.parametrize(
    ("status", "fails"),
    [
        *(("200 OK", False), ("done", False), ("Finished", False), ("204", False)),
        *(("500 Internal Server Error", True), ("timeout", True), ("503", True)),
    ],
)
def test_words_among_statuses(
    status: str, fails: bool, suffix: str, read: Callable[..., Log]
) -> None:
    """A word among numbers is judged as what it says, and is never lost."""
    log = read(suffix, [{"status": "200"}] * 19 + [{"status": status}])
    found = log.aggregate({"n": sa.func.count()}, where=[log.column("failed")])
    assert found == [{"n": int(fails)}]
    assert log.left_out == []


@TEXTS
def test_statuses_are_compared_among_words(suffix: str, read: Callable[..., Log]) -> None:
    """Whoever asks for statuses from 500 up gets them, though some statuses are words."""
    log = read(suffix, [{"status": each} for each in ("200", "404", "503", "504", "timeout")])
    assert log.kind("status") == "text"
    where = log.matches([Filter("status", ">=", ("500",))])
    found = log.aggregate({"n": sa.func.count()}, by={"s": log.column("status")}, where=where)
    assert [row["s"] for row in found] == ["503", "504"]


@pytest.mark.parametrize("type_", ["UBIGINT", "DECIMAL(38, 0)"])
def test_wide_ids_in_parquet_stay_apart(
    type_: str, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Ids beyond 64 signed bits that differ in the last digit are two."""
    first, second = "9223372036854775811", "9223372036854775812"
    rows = (
        f"SELECT TIMESTAMP '2026-11-20 10:00:00' AS t, id::{type_} AS id "
        f"FROM (VALUES ('{first}'), ('{second}')) AS v(id)"
    )
    write_sql(tmp_path / "log" / "a.parquet", rows)
    log = opened(files="log/*.parquet", roles={"time": "t", "request_id": "id"})
    found = log.aggregate({"n": sa.func.count()}, by={"id": log.column("request_id")})
    assert [(row["id"], row["n"]) for row in found] == [(first, 1), (second, 1)]


@pytest.mark.parametrize("zone", ["", "TZ"])
def test_nanoseconds_are_cut(zone: str, tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A time in nanoseconds is cut to its microsecond, so that the last row is among those told."""
    rows = (
        f"SELECT '2026-11-20 10:00:00.123456789'::TIMESTAMP{zone}_NS AS t, 'emea' AS region "
        "FROM range(5)"
    )
    write_sql(tmp_path / "log" / "a.parquet", rows)
    log = opened(files="log/*.parquet", roles={"time": "t", "dimensions": ["region"]})
    through = log.data_through()
    assert through == datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=UTC)
    until = Span(through - timedelta(hours=1), through + timedelta(microseconds=1))
    assert log.aggregate({"n": sa.func.count()}, spans=[until]) == [{"n": 5}]
    assert log.extent() == Span(through, through + timedelta(microseconds=1))
    by_region = {"region": log.column("region")}
    assert log.aggregate({"last": sa.func.max(log.column("time"))}, by=by_region) == [
        {"region": "emea", "last": through}
    ]


def test_an_empty_text_is_no_value(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A dimension that is empty in some rows is missing there, and its other values are told."""
    rows = (
        "SELECT TIMESTAMP '2026-11-20 10:00:00' AS t, region "
        "FROM (VALUES (''), ('emea'), (NULL), ('apac')) AS v(region)"
    )
    write_sql(tmp_path / "log" / "a.parquet", rows)
    log = opened(files="log/*.parquet", roles={"time": "t", "dimensions": ["region"]})
    found = log.aggregate({"n": sa.func.count()}, by={"region": log.column("region")})
    assert [row["region"] for row in found] == ["apac", "emea", None]


@pytest.mark.parametrize("word", sorted({*OWN_WORDS, "order", "group", "user"}))
def test_a_column_may_be_called_anything(
    word: str, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A column whose name is a word of SQL is one like any other."""
    rows = f"SELECT TIMESTAMP '2026-11-20 10:00:00' AS t, 'x' AS \"{word}\""
    write_sql(tmp_path / "log" / "a.parquet", rows)
    log = opened(files="log/*.parquet", roles={"time": "t", "dimensions": [word]})
    found = log.aggregate({"n": sa.func.count()}, by={word: log.column(word)})
    assert found == [{word: "x", "n": 1}]


def test_every_word_that_the_engine_keeps_is_known() -> None:
    """The words that are quoted are those of the engine as it is installed."""
    with duckdb.connect() as duck:
        kept = duck.execute(
            "SELECT keyword_name FROM duckdb_keywords() "
            "WHERE keyword_category IN ('reserved', 'type_function')"
        ).fetchall()
    known = PGIdentifierPreparer.reserved_words | OWN_WORDS
    assert {word for (word,) in kept} <= known


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A file that is no table is left out by name, and the others are read."""
    write(tmp_path / "log" / "a.csv", [{}] * 3)
    (tmp_path / "log" / "b.csv").write_bytes(b"x" * 200_000 + b",t\n1,2\n")
    log = opened(files="log", format="csv", roles=ROLES)
    assert log.aggregate({"n": sa.func.count()}) == [{"n": 3}]
    assert log.left_out == ["log/b.csv: left out, as its first line is no list of columns."]


def test_a_damaged_gz_is_named(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A compressed file that is damaged within is left out by name, and the others are read."""
    write(tmp_path / "log" / "a.csv", [{}] * 3)
    whole = bytearray(gzip.compress(b"t,id\n" + b"2026-11-20T10:00:00Z,a\n" * 50))
    whole[12:20] = b"\xff" * 8
    (tmp_path / "log" / "b.csv.gz").write_bytes(whole)
    log = opened(files="log", format="csv", roles=ROLES)
    assert log.aggregate({"n": sa.func.count()}) == [{"n": 3}]
    assert [said.split(":")[0] for said in log.left_out] == ["log/b.csv.gz"]
