"""An Excel file of one page to print and file: tables below each other, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from bot.spreadsheets.cells import cut, header, settled
from bot.spreadsheets.excel import (
    FIRST_YEAR,
    FORMATS,
    HEADER,
    LONGEST_TEXT,
    OPTIONS,
    done,
    write_text,
)
from bot.spreadsheets.pace import Pace
from bot.spreadsheets.titles import sheet_titles
from commands.ports import Progress, Workbook, never, silent
from queries.core.answer import Cell, Column, RowStream

MOST_ROWS = 150
"""Longer ones go on further pages, one wide: print would be too small to read."""

_WIDTHS = (26, 22, 34, 15, 13, 13, 13, 13)
_A4, _TITLE = 9, {"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"}
_SECTION = {"bold": True, "font_size": 11, "font_color": "#0B3D66", "bottom": 2}
_LINE = 15.0
_LEADS = ("Answer", "In more words", "Finding")
"""What stands at the top instead of at the foot."""


def write_one_page(
    workbook: Workbook,
    path: Path,
    *,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> tuple[str, ...]:
    """Write everything on one sheet that is one page when printed; give what did not fit.

    Raises Cancelled; then, as after any error, no file is left.
    """
    pace = Pace(workbook.sheets, progress, cancelled)
    try:
        with (
            TemporaryDirectory() as folder,
            xlsxwriter.Workbook(
                str(path), {**OPTIONS, "constant_memory": False, "tmpdir": folder}
            ) as book,
        ):
            book.set_properties({"title": workbook.title, "comments": f"Run {workbook.run}"})
            page = _Page(book, workbook)
            page.lead()
            for sheet in workbook.sheets:
                page.table(sheet, pace)
            page.foot()
            page.set_up()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return ()


class _Page:
    """One sheet, filled from top to bottom."""

    def __init__(self, book: Any, workbook: Workbook) -> None:
        self._workbook, self._zone = workbook, workbook.zone
        (title,) = sheet_titles([workbook.title])
        self._sheet = book.add_worksheet(title)
        self._row = 0
        wrapped = {"text_wrap": True, "valign": "top"}
        self._wrapped = book.add_format({**wrapped, "align": "left"})
        self._title, self._section = book.add_format(_TITLE), book.add_format(_SECTION)
        self._head = book.add_format({**HEADER, "text_wrap": True, "valign": "top"})
        self._looks = {
            kind: book.add_format({"valign": "top", "align": "left", **look})
            for kind, look in FORMATS.items()
        }
        self._last = max([2, *(len(sheet.columns) - 1 for sheet in workbook.sheets)])
        for column in range(self._last + 1):
            self._sheet.set_column(column, column, _WIDTHS[min(column, len(_WIDTHS) - 1)])

    def lead(self) -> None:
        """Write the verdict and what stands out."""
        for label, said in self._workbook.about:
            if label in _LEADS:
                self._merged(said, self._title if label == "Answer" else self._wrapped)

    def table(self, sheet: RowStream, pace: Pace) -> None:
        """Write one table below its title."""
        self._row += 1
        self._merged(sheet.title, self._section)
        for at, column in enumerate(sheet.columns):
            self._cell(at, header(column, self._zone), column, self._head)
        self._grow([header(column, self._zone) for column in sheet.columns])
        for cells in pace.rows(sheet):
            settled_cells = [settled(cell, self._zone) for cell in cells]
            for at, (value, column) in enumerate(zip(settled_cells, sheet.columns, strict=True)):
                self._cell(at, value, column, self._looks.get(column.type, self._wrapped))
            self._grow(settled_cells)

    def foot(self) -> None:
        """Write where it comes from, what its words mean, and what it can't show."""
        self._row += 1
        self._merged("About this page", self._section)
        for label, said in self._workbook.about:
            if label not in _LEADS:
                self._merged(f"{label}: {said}", self._wrapped)

    def set_up(self) -> None:
        """Fit it to one portrait page, titles repeated where it has to go on."""
        sheet = self._sheet
        sheet.set_portrait()
        sheet.set_paper(_A4)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.fit_to_pages(1, 1 if self._row <= MOST_ROWS else 0)
        sheet.print_area(0, 0, max(0, self._row - 1), self._last)
        sheet.repeat_rows(0)
        sheet.hide_gridlines(2)
        sheet.set_footer("&L&8Run " + self._workbook.run + "&R&8Page &P of &N")

    def _merged(self, words: str, look: Any) -> None:
        """Write words across the page, as high as they need."""
        plain = cut(str(settled(words, self._zone)), LONGEST_TEXT)
        self._sheet.merge_range(self._row, 0, self._row, self._last, "", look)
        write_text(self._sheet, self._row, 0, plain, look)
        width = sum(_WIDTHS[min(at, len(_WIDTHS) - 1)] for at in range(self._last + 1))
        lines = max(1, -(-len(plain) // max(1, int(width * 0.95))))
        height = 1.35 if look is self._title else 1.0
        self._sheet.set_row(self._row, _LINE * lines * height)
        self._row += 1

    def _cell(self, at: int, value: Cell, column: Column, look: Any) -> None:
        match value:
            case None:
                return
            case bool():
                done(self._sheet.write_boolean(self._row, at, value, self._wrapped))
            case datetime() if value.year >= FIRST_YEAR:
                done(self._sheet.write_datetime(self._row, at, value, self._looks["time"]))
            case int() | float():
                done(self._sheet.write_number(self._row, at, value, look))
            case _:
                words = cut(str(value), LONGEST_TEXT)
                write_text(
                    self._sheet, self._row, at, words, look if look is self._head else self._wrapped
                )

    def _grow(self, cells: Sequence[Cell]) -> None:
        """Make the row as high as its longest text needs, and go on to the next."""
        lines = [
            -(-len(cell) // max(1, _WIDTHS[min(at, len(_WIDTHS) - 1)] - 1))
            for at, cell in enumerate(cells)
            if isinstance(cell, str)
        ]
        self._sheet.set_row(self._row, _LINE * max(chain(lines, [1])))
        self._row += 1
