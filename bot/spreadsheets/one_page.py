"""An Excel file of one page to print and file: tables below each other, and what they rest on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.spreadsheets.cells import cut, header, settled
from bot.spreadsheets.excel_cells import (
    A4,
    FIRST_YEAR,
    FORMATS,
    HEADER,
    LONGEST_TEXT,
    done,
    lines_of,
    set_lines,
    write_text,
)
from bot.spreadsheets.pace import Pace
from bot.spreadsheets.titles import sheet_titles
from commands.ports import Workbook
from queries.core.answer import Column, RowStream
from queries.core.value import Cell

MOST_ROWS = 150
"""Longer ones go on further pages, one wide: print would be too small to read."""

_WIDTHS = (23, 20, 26, 12, 12, 14, 12, 12)
_TITLE = {"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"}
_SECTION = {"bold": True, "font_size": 11, "font_color": "#0B3D66", "bottom": 2}
_SEPARATOR = "  ·  "
_SHORT = 40
_NOTES = ("Note", "Left out")
_WORD = re.compile("What “(.+)” means")
_LEADS = ("Answer", "In more words", "Finding")
"""What stands at the top instead of at the foot."""


def lay_out_page(book: Any, workbook: Workbook, pace: Pace) -> tuple[str, ...]:
    """Write everything on one sheet that is one page when printed; nothing is left out."""
    page = _Page(book, workbook)
    page.lead()
    for sheet in workbook.sheets:
        page.table(sheet, pace)
    page.foot()
    page.set_up()
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
        """Write one table below its title; short pairs of a name and a value as one paragraph."""
        self._row += 1
        self._merged(sheet.title, self._section)
        rows = [[settled(cell, self._zone) for cell in cells] for cells in pace.rows(sheet)]
        if _are_pairs(rows):
            self._merged(_SEPARATOR.join(f"{name}: {value}" for name, value in rows), self._wrapped)
            return
        head = [header(column, self._zone) for column in sheet.columns]
        self._line(head, sheet.columns, self._head)
        for cells in rows:
            self._line(cells, sheet.columns)

    def foot(self) -> None:
        """Write where it comes from, what its words mean, and what it can't show."""
        self._row += 1
        self._merged("About this page", self._section)
        rest = [each for each in self._workbook.about if each[0] not in _LEADS]
        words = [f"“{_word(label)}”: {said}" for label, said in rest if _word(label)]
        notes = [said for label, said in rest if label in _NOTES]
        origin = [
            f"{label}: {said}" for label, said in rest if not _word(label) and label not in _NOTES
        ]
        for paragraph in (_SEPARATOR.join(origin), " ".join(notes), " ".join(words)):
            if paragraph:
                self._merged(paragraph, self._wrapped)

    def set_up(self) -> None:
        """Fit it to one portrait page, titles repeated where it has to go on."""
        sheet = self._sheet
        sheet.set_portrait()
        sheet.set_paper(A4)
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
        lines = _lines(plain, 0, self._last)
        # Its letters are of 14 points, where a line's are of 11.
        height = 1.35 if look is self._title else 1.0
        set_lines(self._sheet, self._row, lines * height)
        self._row += 1

    def _line(self, cells: Sequence[Cell], columns: Sequence[Column], look: Any = None) -> None:
        """Write one row of a table, its last text as wide as the page, as high as it needs."""
        lines = [1]
        for at, (value, column) in enumerate(zip(cells, columns, strict=True)):
            last = at == len(columns) - 1 and column.type == "text" and at < self._last
            if last:
                self._sheet.merge_range(
                    self._row, at, self._row, self._last, "", look or self._wrapped
                )
            self._cell(at, value, look or self._looks.get(column.type, self._wrapped))
            if isinstance(value, str):
                lines.append(_lines(value, at, self._last if last else at))
        set_lines(self._sheet, self._row, max(lines))
        self._row += 1

    def _cell(self, at: int, value: Cell, look: Any) -> None:
        match value:
            case None:
                return
            case bool():
                done(self._sheet.write_boolean(self._row, at, value, look))
            case datetime() if value.year >= FIRST_YEAR:
                done(self._sheet.write_datetime(self._row, at, value, self._looks["time"]))
            case int() | float():
                done(self._sheet.write_number(self._row, at, value, look))
            case _:
                write_text(self._sheet, self._row, at, cut(str(value), LONGEST_TEXT), look)


def _word(label: str) -> str:
    """The word that a label explains, or nothing."""
    found = _WORD.fullmatch(label)
    return found[1] if found else ""


def _are_pairs(rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether rows are names with values so short that they read well in one paragraph."""
    return bool(rows) and all(
        len(row) == 2 and all(len(str(cell)) <= _SHORT for cell in row) for row in rows
    )


def _lines(words: str, first: int, last: int) -> int:
    """How many lines a text needs over some columns."""
    width = sum(_WIDTHS[min(at, len(_WIDTHS) - 1)] for at in range(first, last + 1))
    return lines_of(words, width)
