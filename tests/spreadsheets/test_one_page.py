"""An Excel file of one page: everything on it, printable, and no value that does anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from bot.spreadsheets import write_excel
from commands.ports import Workbook
from queries.core.answer import Column, RowStream
from queries.core.errors import Cancelled
from queries.core.value import Cell
from tests.spreadsheets.books import sheet, workbook

HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "-2+3",
    "<r><t>x</t></r>",
    "a\nb",
    "http://x.y",
)
PAIR = (Column("what", "what", "text"), Column("why", "why", "text"))
ABOUT = (
    ("Question", "trace lending id r-1 all"),
    ("Answer", "lending: r-1 got “decline”"),
    ("In more words", "It was answered at 10:00."),
    ("Finding", "=HYPERLINK(1)"),
    ("Run", "7f3a"),
    ("What “place” means", "The share of requests with a lower value."),
    ("Note", "A place says how common a value is."),
)


def table(rows: Sequence[tuple[Cell, ...]], title: str = "Inputs") -> RowStream:
    """A table of five columns of every kind."""
    columns = (
        Column("input", "input", "text"),
        Column("at", "at", "time"),
        Column("share", "share below", "share"),
        Column("this", "this one", "boolean"),
        Column("place", "place", "text"),
    )
    return sheet(rows, columns, title=title)


def page_of(folder: Path, *sheets: RowStream) -> Any:
    """Write one page and read its only sheet back."""
    book = replace(workbook(*sheets), one_page=True, about=ABOUT)
    path = folder / "page.xlsx"
    assert write_excel(book, path) == ()
    read = openpyxl.load_workbook(path)
    assert len(read.sheetnames) == 1
    return read.active


def cells(page: Any) -> list[Any]:
    """Every value on a page."""
    return [each for row in page.iter_rows(values_only=True) for each in row if each is not None]


ROW = ("income", datetime(2026, 11, 22, 9, tzinfo=UTC), 0.978, True, "lower than 97.8 %")


AT_TEN = datetime(2026, 11, 22, 10)  # noqa: DTZ001 - a spreadsheet's times have no zone


def test_everything_is_on_one_page(tmp_path: Path) -> None:
    """Verdict, findings, every table, the words and the notes stand below each other."""
    pair = sheet(
        [("sex", "It is not shown for single people, only in groups; " * 3)], PAIR, title="Left"
    )
    found = cells(page_of(tmp_path, table([ROW]), pair))
    assert found[:3] == ["lending: r-1 got “decline”", "It was answered at 10:00.", "=HYPERLINK(1)"]
    assert found[3:9] == [
        "Inputs",
        "input",
        "at (Europe/Berlin)",
        "share below",
        "this one",
        "place",
    ]
    assert found[9:14] == ["income", AT_TEN, 0.978, True, "lower than 97.8 %"]
    assert found[14] == "Left"
    rest = "\n".join(map(str, found[15:]))
    for said in ("only in groups", "Run: 7f3a", "“place”: The share of requests", "how common"):
        assert said in rest


def test_it_is_set_up_to_be_printed(tmp_path: Path) -> None:
    """It fits one portrait page of A4, prints all of its cells, and repeats its first row."""
    page = page_of(tmp_path, table([ROW] * 40))
    assert page.page_setup.orientation == "portrait"
    assert page.page_setup.paperSize == 9  # A4
    assert page.sheet_properties.pageSetUpPr.fitToPage
    with ZipFile(tmp_path / "page.xlsx") as packed:
        xml = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "fitToHeight" not in xml  # one, as is usual
    assert "fitToWidth" not in xml
    assert page.print_title_rows == "$1:$1"
    assert page.print_area.endswith(f"$A$1:$E${page.max_row}")
    assert "Run 7f3a" in page.oddFooter.left.text


def test_a_very_long_one_goes_on_a_second_page(tmp_path: Path) -> None:
    """What would be too small to read is one page wide and as many long as it needs."""
    page = page_of(tmp_path, table([ROW] * 300))
    assert page.page_setup.fitToHeight == 0


def test_no_value_does_anything(tmp_path: Path) -> None:
    """Whatever a log holds is text on the page: no formula, no link, no mark-up."""
    rows = [(each, None, None, None, each) for each in HOSTILE]
    pairs = sheet([(each, each) for each in HOSTILE], PAIR, title="=1+1")
    page = page_of(tmp_path, table(rows), pairs)
    kinds = {cell.data_type for row in page.iter_rows() for cell in row}
    assert "f" not in kinds
    assert all(cell.hyperlink is None for row in page.iter_rows() for cell in row)
    found = cells(page)
    assert all(each in found for each in HOSTILE)


def test_short_pairs_are_one_paragraph(tmp_path: Path) -> None:
    """A table of short names and values takes a line instead of a page."""
    pairs = sheet([("region", "EMEA"), ("channel", "web")], PAIR, title="The rest")
    assert "region: EMEA  ·  channel: web" in cells(page_of(tmp_path, pairs))


def test_cancelling_leaves_no_file(tmp_path: Path) -> None:
    """A page that was cancelled leaves nothing behind."""
    book: Workbook = replace(workbook(table([ROW])), one_page=True)
    path = tmp_path / "page.xlsx"
    with pytest.raises(Cancelled):
        write_excel(book, path, cancelled=lambda: True)
    assert not path.exists()
