"""Files that are broken, changed or half-written: named, said, and never dropped in silence."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa

from queries.core.errors import LogUnreadable, NotAnswerable
from queries.core.log import Log
from queries.sources.opening import OpenLogs
from tests.sources.written import REQUESTS, write
from tests.sources.written import WITHOUT_IDS as ROLES

GOOD = REQUESTS.format(rows=1000)


def count(log: Log, *columns: str) -> int:
    """Count the rows that a statement over some columns rests on."""
    measures: dict[str, sa.ColumnElement[Any]] = {"n": sa.func.count()}
    measures |= {name: sa.func.count(log.column(name)) for name in columns}
    n = log.aggregate(measures)[0]["n"]
    assert isinstance(n, int)
    return n


def empty(path: Path) -> None:
    """Leave a file of no bytes."""
    path.write_bytes(b"")


def cut(path: Path) -> None:
    """Leave the first half of a file, as a writer that is not finished does."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damage(path: Path) -> None:
    """Overwrite the first half of a file, in its pages; its footer stays good."""
    content = bytearray(path.read_bytes())
    content[4 : len(content) // 2] = b"\xa5" * (len(content) // 2 - 4)
    path.write_bytes(content)


def scribble(path: Path) -> None:
    """Leave something that is no log at all."""
    path.write_bytes(bytes(range(256)) * 16)


@pytest.mark.parametrize(
    ("suffix", "ruin", "said"),
    [
        ("parquet", empty, "it is empty (0 bytes)"),
        ("parquet", cut, "it is no complete Parquet file (still being written, or cut off)"),
        ("parquet", damage, "its contents are damaged"),
        ("parquet", scribble, "it is no complete Parquet file"),
        ("csv", empty, "it is empty (0 bytes)"),
        ("csv.gz", cut, "its compression ends too early"),
        ("jsonl", empty, "it is empty (0 bytes)"),
        ("jsonl.gz", cut, "its compression ends too early"),
    ],
)
def test_a_broken_file_is_named(
    suffix: str,
    ruin: Callable[[Path], None],
    said: str,
    tmp_path: Path,
    opened: Callable[..., Log],
) -> None:
    """One broken file among good ones is left out and named, and the good ones are counted."""
    write(tmp_path / "log" / f"good.{suffix}", GOOD)
    ruin(write(tmp_path / "log" / f"bad.{suffix}", GOOD))
    log = opened(files="log", format=suffix.split(".", maxsplit=1)[0], roles=ROLES)
    assert count(log, "time", "income", "region", "latency_ms") == 1000
    assert len(log.left_out) == 1
    assert log.left_out[0].startswith(f"log/bad.{suffix}: left out, as {said}")


@pytest.mark.parametrize("ruin", [empty, cut, scribble])
def test_nothing_readable_is_an_error(
    ruin: Callable[[Path], None], tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Where no file can be read, the error names one and says what is wrong with it."""
    ruin(write(tmp_path / "log" / "a.parquet", GOOD))
    log = opened(files="log/*.parquet", roles=ROLES)
    with pytest.raises(LogUnreadable, match=r"No file of .* can be read. log/a\.parquet: it is"):
        count(log, "income")


def test_an_empty_folder_is_an_error(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A folder without files says what was looked for and where to correct it."""
    (tmp_path / "log").mkdir()
    with pytest.raises(LogUnreadable, match=r"No file matches .*log/\*\.parquet.*Check `files`"):
        count(opened(files="log/*.parquet", roles=ROLES), "income")


def test_a_broken_file_heals_at_the_next_question(
    tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """A file that was half-written is read, and not mentioned, once it is whole."""
    write(tmp_path / "log" / "a.parquet", GOOD)
    cut(write(tmp_path / "log" / "b.parquet", GOOD))
    logs = opening(log={"files": "log/*.parquet", "roles": ROLES})
    first = logs.logs().of("log")
    assert count(first) == 1000
    assert len(first.left_out) == 1
    write(tmp_path / "log" / "b.parquet", GOOD)
    write(tmp_path / "log" / "c.parquet", GOOD)
    second = logs.logs().of("log")
    assert (count(second), second.left_out) == (3000, [])


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_column_that_a_file_lacks_is_missing_there(
    suffix: str, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """The requests of a file without a column count, and what it would hold is missing."""
    write(tmp_path / "log" / f"a.{suffix}", GOOD)
    write(tmp_path / "log" / f"b.{suffix}", f"SELECT * EXCLUDE (income) FROM ({GOOD})")
    log = opened(files="log", format=suffix, roles=ROLES)
    assert count(log, "region") == 2000
    assert log.left_out == []
    (row,) = log.aggregate({"n": sa.func.count(), "known": sa.func.count(log.column("income"))})
    assert row == {"n": 2000, "known": 909}
    assert log.left_out == [f"log/b.{suffix}: has no column “income”; it is missing in 1,000 rows."]
    assert log.doubtful == []


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_without_its_times_a_file_is_lost(
    suffix: str, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Rows that can't be placed in time are left out of what is asked of a time, gravely."""
    write(tmp_path / "log" / f"a.{suffix}", GOOD)
    write(tmp_path / "log" / f"b.{suffix}", f"SELECT * EXCLUDE (ts) FROM ({GOOD})")
    log = opened(files="log", format=suffix, roles=ROLES)
    assert log.aggregate({"n": sa.func.count(log.column("time"))}) == [{"n": 1000}]
    lost = [f"log/b.{suffix}: has no column “ts”; left out 1,000 rows."]
    assert log.left_out == log.doubtful == lost


def test_many_files_share_one_sentence(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """The same loss in many files is one sentence with their number and all their rows."""
    write(tmp_path / "log" / "a.parquet", GOOD)
    for i in range(5):
        write(tmp_path / "log" / f"b{i}.parquet", f"SELECT * EXCLUDE (income) FROM ({GOOD})")
    log = opened(files="log/*.parquet", roles=ROLES)
    assert count(log, "income") == 6000
    assert log.left_out == [
        "5 files (log/b0.parquet … log/b4.parquet): has no column “income”; it is missing in "
        "5,000 rows."
    ]


def test_a_column_that_no_file_has_is_explained(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A declared column that is nowhere in the log is no answer but a hint at the declaration."""
    write(tmp_path / "log" / "a.parquet", GOOD)
    log = opened(files="log/*.parquet", roles={**ROLES, "score": "scroe"})
    assert not log.has("score")
    with pytest.raises(NotAnswerable, match=r"no column “scroe”.*\[sources\.log\.roles\]"):
        log.column("score")


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
def test_a_changed_type_is_counted(suffix: str, tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Numbers that became text are read as numbers; values that are none are missing, and said.

    No row is lost: each is a request all the same.
    """
    write(tmp_path / "log" / f"a.{suffix}", GOOD)
    changed = "CASE WHEN income % 10 = 0 THEN 'high' ELSE income::VARCHAR END AS income"
    write(tmp_path / "log" / f"b.{suffix}", f"SELECT * REPLACE ({changed}) FROM ({GOOD})")
    with duckdb.connect() as duck:
        sql = f"SELECT count(*) FILTER (income % 10 = 0), 2 * count(income) FROM ({GOOD})"
        ((odd, known),) = duck.sql(sql).fetchall()
    log = opened(files="log", format=suffix, roles=ROLES)
    assert odd > 50
    (row,) = log.aggregate({"rows": sa.func.count(), "known": sa.func.count(log.column("income"))})
    assert row == {"rows": 2000, "known": known - odd}
    assert log.left_out == [
        f"log/b.{suffix}: {odd} of 1,000 values of “income” are no number, such as “high”; "
        "they count as missing."
    ]
    assert log.kind("income") == "number"


def test_wider_numbers_are_no_change(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Whole numbers in one file and fractions in another are one column of numbers."""
    write(tmp_path / "log" / "a.parquet", GOOD)
    half = (
        "income::INTEGER AS income, score::FLOAT AS score, latency_ms::DECIMAL(9,3) AS latency_ms"
    )
    write(tmp_path / "log" / "b.parquet", f"SELECT * REPLACE ({half}) FROM ({GOOD})")
    log = opened(files="log/*.parquet", roles=ROLES)
    c = log.column
    row = log.aggregate({"m": sa.func.avg(c("income")), "l": sa.func.avg(c("latency_ms"))})[0]
    one = opened(files="log/a.parquet", roles=ROLES)
    assert row == pytest.approx(
        one.aggregate({"m": sa.func.avg(c("income")), "l": sa.func.avg(c("latency_ms"))})[0]
    )
    assert log.left_out == []


def test_ragged_lines_of_csv_are_counted(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Lines with too few or too many fields are left out of everything, with their number."""
    path = write(tmp_path / "log" / "a.csv", GOOD)
    path.write_text(path.read_text() + "half a li\n" + "1,2,3,4,5,6,7,8,9,10,11,12,13\n")
    log = opened(files="log", format="csv", roles=ROLES)
    assert count(log, "income") == count(log) == 1000
    assert log.left_out == ["log/a.csv: left out 2 unreadable lines."]


def test_a_quote_that_never_closes_is_named_by_its_line(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """What follows an open quote is lost; the sentence says from which line on."""
    path = write(tmp_path / "log" / "a.csv", GOOD)
    lines = path.read_text().splitlines(keepends=True)
    lines[501] = '"' + lines[501]
    path.write_text("".join(lines))
    log = opened(files="log", format="csv", roles=ROLES)
    assert count(log, "income") == 500
    assert log.left_out == ["log/a.csv: left out all after line 502, where a quote never closes."]


def test_bad_lines_of_json_are_counted(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Lines that are no JSON object are left out of everything, with their number."""
    path = write(tmp_path / "log" / "a.jsonl", GOOD)
    path.write_text(path.read_text() + '{"ts": "2026-11-2\n[1, 2]\n{"other": 1}\n\n')
    log = opened(files="log", format="jsonl", roles=ROLES)
    assert count(log, "income") == count(log) == count(log, "error") == 1000
    assert log.left_out == ["log/a.jsonl: left out 3 unreadable lines."]


def test_bytes_that_are_no_text_spoil_only_their_lines(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A line in another encoding is left out and counted; the others are read."""
    path = write(tmp_path / "log" / "a.csv", GOOD)
    line = path.read_bytes().splitlines(keepends=True)[1].replace(b"emea", b"em\xff\xfea")
    path.write_bytes(path.read_bytes() + line)
    log = opened(files="log", format="csv", roles=ROLES)
    assert count(log, "region") == 1000
    assert log.left_out == ["log/a.csv: left out 1 unreadable line."]


def test_a_header_without_the_columns_is_said(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A CSV file without a header lacks the columns, and says so."""
    path = write(tmp_path / "log" / "b.csv", GOOD)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    write(tmp_path / "log" / "a.csv", GOOD)
    log = opened(files="log", format="csv", roles=ROLES)
    assert count(log, "income") == 1000
    assert log.left_out == [
        "log/b.csv: left out, as its first lines name none of the columns that are declared."
    ]


def test_a_file_replaced_while_it_is_read_never_fails(
    tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """Files replaced by renaming, again and again, cost no answer and no row."""
    other = write(tmp_path / "other.parquet", REQUESTS.format(rows=60_000)).read_bytes()
    target = write(tmp_path / "log" / "a.parquet", REQUESTS.format(rows=60_000))
    logs = opening(log={"files": "log/*.parquet", "roles": ROLES})
    done = threading.Event()

    def replace() -> None:
        while not done.is_set():
            fresh = tmp_path / "log" / "tmp_a.parquet"
            fresh.write_bytes(other)
            fresh.replace(target)

    writer = threading.Thread(target=replace)
    writer.start()
    try:
        counts = {count(logs.logs().of("log"), "income", "score") for _ in range(100)}
    finally:
        done.set()
        writer.join()
    assert counts == {60_000}


def test_a_file_that_goes_away_is_read_no_more(
    tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """A file removed between the listing and the reading is looked for again, and not missed."""
    write(tmp_path / "log" / "a.parquet", GOOD)
    gone = write(tmp_path / "log" / "b.parquet", GOOD)
    log = opening(log={"files": "log/*.parquet", "roles": ROLES}).logs().of("log")
    assert log.has("income")
    gone.unlink()
    assert count(log, "income") == 1000


def test_compressed_and_plain_lie_side_by_side(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A folder may hold gzipped and plain files of one format."""
    plain = write(tmp_path / "log" / "a.csv", GOOD)
    with gzip.open(tmp_path / "log" / "b.csv.gz", "wb") as packed:
        packed.write(plain.read_bytes())
    assert count(opened(files="log", format="csv", roles=ROLES), "income") == 2000
