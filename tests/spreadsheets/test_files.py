"""CSV, and the choice between it and Excel."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.spreadsheets import files, write_csv, write_file
from bot.spreadsheets.cells import settled
from bot.spreadsheets.titles import file_stem, sheet_titles
from commands.ports import WriteSpreadsheet
from queries.core.errors import Cancelled
from tests.spreadsheets.books import BERLIN, COLUMNS, sheet, texts, workbook


def reread(content: bytes) -> list[list[str]]:
    """The fields of a CSV file, its byte-order mark checked and dropped."""
    assert content.startswith(b"\xef\xbb\xbf")
    return [*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]


def test_csv_is_exact(tmp_path: Path) -> None:
    """Times have their offset, shares are fractions, empty cells are empty, numbers are bare."""
    path = tmp_path / "a.csv"
    write_csv(sheet(), path, BERLIN)
    at = "2026-11-23 12:00:00.250000+01:00"
    assert reread(path.read_bytes()) == [
        [
            "Time (Europe/Berlin)",
            "Region",
            "Requests",
            "Failed",
            "Median (ms)",
            "Score",
            "Approved",
        ],
        [at, "EMEA", "12310", "0.048", "241.5", "0.83", "true"],
        [at, "'=1+1", "0", "0.0", "", "-0.5", "false"],
        ["", "", "", "", "", "", ""],
        [at, "'@SUM(A1)", str(2**60), "1.0", "0.0", "NaN", ""],
        [at, "https://example.org", "-3", "0.5", "1000000000.0", "-infinity", ""],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_would_run_is_quoted(tmp_path: Path, start: str) -> None:
    """A text that a spreadsheet program would take for a formula gets an apostrophe in front."""
    path = tmp_path / "a.csv"
    write_csv(texts(f"{start}1", f"a{start}"), path, BERLIN)
    assert [row[0] for row in reread(path.read_bytes())[1:]] == [f"'{start}1", f"a{start}"]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_any_text_comes_back(tmp_path: Path, found: list[str]) -> None:
    """Whatever a text holds, a CSV reader gives it back, with at most the apostrophe more."""
    path = tmp_path / "a.csv"
    write_csv(texts(*found), path, BERLIN)
    fields = [row[0] if row else "" for row in reread(path.read_bytes())[1:]]
    plain = [str(settled(text, BERLIN)) for text in found]
    assert [field.removeprefix("'") for field in fields] == [
        text.removeprefix("'") for text in plain
    ]


def test_a_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    """A naive time could mean anything, so it stops the writing, and no file is left."""
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 (that is what is tested)
    path = tmp_path / "a.csv"
    with pytest.raises(ValueError, match="no zone"):
        write_csv(sheet([(naive,)], (COLUMNS[0],)), path, BERLIN)
    assert not path.exists()


def test_cancelling_leaves_no_file(tmp_path: Path) -> None:
    """Cancelled between two batches, the writing ends and the file is gone."""
    path = tmp_path / "a.csv.gz"
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        write_csv(sheet(), path, BERLIN, cancelled=lambda: next(answers))
    assert not path.exists()


def test_a_usual_result_is_an_excel_file() -> None:
    """Up to 200,000 rows it is one .xlsx with every table and the About tab."""
    write: WriteSpreadsheet = write_file
    written = write(workbook(sheet(), sheet(title="By type")))
    assert written.file_name == "errors lending 2026-11-23 15.30 (run 7f3a).xlsx"
    assert written.note == "10 rows in 2 tables."
    names = openpyxl.load_workbook(io.BytesIO(written.content)).sheetnames
    assert names == ["About", "Errors by region", "By type"]


def test_a_very_long_result_is_compressed_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit it is the long table as gzipped CSV, and the note says what is not in it."""
    monkeypatch.setattr(files, "_MOST_EXCEL_ROWS", 4)
    written = write_file(workbook(sheet(title="Small", rows=()), sheet()))
    assert written.file_name.endswith(".csv.gz")
    assert len(reread(gzip.decompress(written.content))) == 6
    assert written.note == (
        "All 5 rows as compressed CSV: more than 4 are too many to open well in Excel."
        " It holds “Errors by region” alone, without the other tables."
    )


def test_nothing_found_is_still_a_file() -> None:
    """A result without rows, or without tables, is written as such."""
    assert write_file(workbook(sheet(()))).note == "0 rows in 1 table."
    assert write_file(workbook()).file_name.endswith(".xlsx")


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["Errors"], ["Errors"]),
        (["a/b:c", "[x]*?\\"], ["a b c", "x"]),
        (["", "  ", "''"], ["Sheet", "Sheet (2)", "Sheet (3)"]),
        (["About", "history", "ABOUT"], ["About (2)", "history (2)", "ABOUT (3)"]),
        (["x" * 40, "X" * 40], ["x" * 31, "X" * 27 + " (2)"]),
        (["🚀" * 20], ["🚀" * 15]),
        (["'quoted'"], ["quoted"]),
    ],
)
def test_tabs_have_allowed_and_different_names(titles: list[str], names: list[str]) -> None:
    """Tabs keep their tables' titles as far as Excel and Google allow them."""
    assert sheet_titles(titles) == names


@given(st.text(max_size=200), st.text("0123456789abcdef", min_size=4, max_size=32))
def test_file_names_are_names(title: str, run: str) -> None:
    """Whatever a title holds, the file's name stays in its folder and is not too long."""
    stem = file_stem(title, run)
    assert stem
    assert not set(stem) & set('<>:"/\\|?*\x00\n')
    assert len(stem) <= 130
    assert stem.strip(". ") == stem


def test_times_follow_the_clocks(tmp_path: Path) -> None:
    """The hour that happens twice is told apart by its offset."""
    path = tmp_path / "a.csv"
    hours = [(datetime(2026, 10, 25, hour, 30, tzinfo=UTC),) for hour in (0, 1)]
    write_csv(sheet(hours, (COLUMNS[0],)), path, BERLIN)
    assert [row[0] for row in reread(path.read_bytes())[1:]] == [
        "2026-10-25 02:30:00+02:00",
        "2026-10-25 02:30:00+01:00",
    ]
