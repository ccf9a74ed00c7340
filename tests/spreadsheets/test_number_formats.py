"""How numbers are shown: formats by size, which change no value."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from bot.spreadsheets import write_excel
from bot.spreadsheets.number_formats import number_format, width
from queries.core.answer import Column, RowStream
from queries.core.value import Cell, ColumnType
from tests.spreadsheets.books import sheet, workbook

FORMATS: list[tuple[ColumnType, list[Cell], str | None]] = [
    ("share", [0.148, 0.5], "0.0 %"),
    ("share", [0.148, 0.0037], "0.00 %"),
    ("share", [0.00004, None, 0.5], "0.0000 %"),
    ("share", [0.0, 1e-12, float("nan")], "0.0000 %"),
    ("share", [0.0, 1.0], "0.0 %"),
    ("number", [2095.456], "#,##0"),
    ("number", [1_945_704_936.68], "#,##0"),
    ("number", [7.75, 145.5], "#,##0.00"),
    ("number", [0.0235, -0.5], "#,##0.0000"),
    ("number", [2.72e-45], "0.00E+00"),
    ("number", [2.72e-45, 7.75], None),
    ("number", [3, 4000.0], "#,##0"),
    ("number", [None, "NaN", True], ""),
    ("integer", [12_310], "#,##0"),
    ("text", ["a"], ""),
]


@pytest.mark.parametrize(("kind", "values", "pattern"), FORMATS)
def test_a_format_shows_the_smallest_number(
    kind: ColumnType, values: list[Cell], pattern: str | None
) -> None:
    """Shares have two digits at their smallest, numbers three; sizes far apart have no format."""
    assert number_format(kind, values) == pattern


@pytest.mark.parametrize(
    ("value", "pattern", "shown"),
    [(0.148, "0.0 %", "14.8 %"), (0.5, "0.0000 %", "50.0000 %"), (1e9, "#,##0", "1,000,000,000"),
     (-0.4, "+0.00;-0.00;0.00", "+-0.40"), (2.72e-45, "0.00E+00", "2.72E-45"),
     (0.14771573604060914, "", "0.147715736"), (7, "", "7")],
)  # fmt: skip
def test_a_width_is_that_of_what_is_shown(value: float, pattern: str, shown: str) -> None:
    """A number is as wide as it is shown, however many digits it has."""
    assert width(value, pattern) == len(shown)


SHARES = Column("rate", "Failed", "share")
NUMBERS = Column("score", "Score", "number")


def written(tmp_path: Path, rows: RowStream) -> openpyxl.Workbook:
    """The workbook with one table."""
    path = tmp_path / "a.xlsx"
    write_excel(workbook(rows), path)
    return openpyxl.load_workbook(path)


def test_an_excel_sheet_is_as_wide_as_what_it_shows(tmp_path: Path) -> None:
    """Values are whole, shown in few digits under a title on the right, and print on one page."""
    rows: list[tuple[Cell, ...]] = [(0.1477157360406091, 2.72e-45), (0.0037, 2095.456)]
    tab = written(tmp_path, sheet(rows, (SHARES, NUMBERS)))["Errors by region"]
    assert [[cell.value for cell in row] for row in tab.iter_rows(min_row=2)] == [*map(list, rows)]
    formats = [[cell.number_format for cell in row] for row in tab.iter_rows(min_row=2)]
    assert formats == [["0.00 %", "0.00E+00"], ["0.00 %", "#,##0"]]
    assert {cell.alignment.horizontal for cell in tab[1]} == {"right"}
    assert tab.column_dimensions["A"].width < 13
    assert (tab.page_setup.orientation, tab.page_setup.fitToHeight) == ("landscape", 0)
    assert tab.sheet_properties.pageSetUpPr.fitToPage


def test_what_was_logged_keeps_its_digits(tmp_path: Path) -> None:
    """A log's own numbers, such as a year or an income, are shown as they were logged."""
    rows: list[tuple[Cell, ...]] = [(2026,), (52_341.5,)]
    logged = sheet(rows, (NUMBERS,))
    logged = RowStream(logged.title, logged.columns, logged.total, logged.batches, as_logged=True)
    tab = written(tmp_path, logged)["Errors by region"]
    assert {cell.number_format for (cell,) in tab.iter_rows(min_row=2)} == {"General"}
