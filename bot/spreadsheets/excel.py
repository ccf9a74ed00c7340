"""Excel workbooks, written row by row so that a long result needs little memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from bot.spreadsheets.cells import cut, header, settled
from bot.spreadsheets.excel_cells import (
    A4,
    FIRST_YEAR,
    FORMATS,
    HEADER,
    LONGEST_TEXT,
    OPTIONS,
    done,
    lines_of,
    set_lines,
    write_text,
)
from bot.spreadsheets.number_formats import (
    LOOKED_AT,
    NUMERIC,
    number_format,
    number_formats,
    width,
)
from bot.spreadsheets.one_page import lay_out_page
from bot.spreadsheets.pace import Pace
from bot.spreadsheets.titles import ABOUT, sheet_titles
from commands.ports import Progress, Workbook, never, silent
from queries.core.answer import Column, RowStream
from queries.core.value import Cell
from queries.core.words import count, counted

_MOST_ROWS = 1_048_576


def write_excel(
    workbook: Workbook,
    path: Path,
    *,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> tuple[str, ...]:
    """Write an About tab and every sheet, or one page of all; give sentences on what did not fit.

    Raises Cancelled; then, as after any error, no file is left.
    """
    pace = Pace(workbook.sheets, progress, cancelled)
    lay_out = lay_out_page if workbook.one_page else _lay_out_tabs
    memory = {"constant_memory": not workbook.one_page}  # a page merges cells
    try:
        with (
            TemporaryDirectory() as folder,
            xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": folder, **memory}) as book,
        ):
            # The run is in the file itself, which may be renamed and passed on.
            book.set_properties({"title": workbook.title, "comments": f"Run {workbook.run}"})
            return lay_out(book, workbook, pace)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _lay_out_tabs(book: Any, workbook: Workbook, pace: Pace) -> tuple[str, ...]:
    titles = sheet_titles(sheet.title for sheet in workbook.sheets)
    about = book.add_worksheet(ABOUT)
    tabs = [
        _Tab(book, title, sheet.columns, workbook)
        for title, sheet in zip(titles, workbook.sheets, strict=True)
    ]
    for tab, sheet in zip(tabs, workbook.sheets, strict=True):
        tab.fill(sheet, pace)
    left_out = tuple(sentence for tab in tabs for sentence in tab.left_out())
    _write_about(about, book, workbook, left_out)
    return left_out


class _Tab:
    """One sheet: a bold frozen header, a filter, and a format for every column, to be printed."""

    def __init__(
        self, book: Any, title: str, columns: Sequence[Column], workbook: Workbook
    ) -> None:
        self._title, self._zone, self._columns = title, workbook.zone, columns
        self._sheet, self._book = book.add_worksheet(title), book
        self._plain, self._time = book.add_format(), book.add_format(FORMATS["time"])
        self._looks = {"": self._plain}
        self._patterns: list[str | None] = [""] * len(columns)
        self._widths = [8] * len(columns)
        self._cut = self._beyond = 0
        self._bold = book.add_format(HEADER)
        self._bold_right = book.add_format({**HEADER, "align": "right"})
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        _print_wide(self._sheet)

    def fill(self, sheet: RowStream, pace: Pace) -> None:
        """Write the header and the rows, as many as a sheet holds."""
        for column, field in enumerate(self._columns):
            look = self._bold_right if field.type in NUMERIC else self._bold
            self._text(0, column, header(field, self._zone), look)
        rows = iter(pace.rows(sheet))
        first = [*islice(rows, LOOKED_AT)]
        self._patterns = number_formats(self._columns, first, as_logged=sheet.as_logged)
        last = 0
        for row, cells in enumerate(chain(first, rows), start=1):
            # Gone through to the end, so that it can be said how many did not fit.
            if row >= _MOST_ROWS:
                self._beyond += 1
                continue
            last = row
            for column, value in enumerate(cells):
                self._cell(row, column, settled(value, self._zone))
        for column, wide in enumerate(self._widths):
            self._sheet.set_column(column, column, wide + 3)
        if last:
            # XlsxWriter makes no tables of rows that it does not keep in memory.
            self._sheet.autofilter(0, 0, last, len(self._columns) - 1)

    def left_out(self) -> list[str]:
        """Sentences on what did not fit."""
        found = []
        if self._beyond:
            found.append(
                f"“{self._title}”: {counted(self._beyond, 'row')} more than the"
                f" {count(_MOST_ROWS)} that an Excel sheet holds."
            )
        if self._cut:
            found.append(
                f"“{self._title}”: {counted(self._cut, 'text')} longer than"
                f" {count(LONGEST_TEXT)} characters cut."
            )
        return found

    def _cell(self, row: int, column: int, value: Cell) -> None:
        match value:
            case None:
                return
            case bool():
                done(self._sheet.write_boolean(row, column, value))
            # An earlier time stands as text.
            case datetime() if value.year >= FIRST_YEAR:
                done(self._sheet.write_datetime(row, column, value, self._time))
            case int() | float():
                pattern = self._pattern(column, value)
                done(self._sheet.write_number(row, column, value, self._look(pattern)))
                if row <= LOOKED_AT:
                    self._widen(column, width(value, pattern))
                return
            case _:
                self._text(row, column, str(value), self._plain)
        if row <= LOOKED_AT:
            self._widen(column, 19 if isinstance(value, datetime) else len(str(value)))

    def _pattern(self, column: int, value: float) -> str:
        """The column's pattern, or the number's own where the column has none in common."""
        pattern = self._patterns[column]
        own = number_format(self._columns[column].type, [value])
        return pattern if pattern is not None else own or ""

    def _look(self, pattern: str) -> Any:
        if pattern not in self._looks:
            self._looks[pattern] = self._book.add_format({"num_format": pattern})
        return self._looks[pattern]

    def _text(self, row: int, column: int, text: str, look: Any) -> None:
        shown = cut(text, LONGEST_TEXT)
        self._cut += shown != text
        write_text(self._sheet, row, column, shown, look)
        self._widen(column, len(shown))

    def _widen(self, column: int, width: int) -> None:
        self._widths[column] = min(60, max(self._widths[column], width))


def _print_wide(sheet: Any) -> None:
    """All columns on one page across when printed, however many pages down."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


_TOLD = 110
"""How wide the words of an answer are, in characters."""


def _write_about(sheet: Any, book: Any, workbook: Workbook, left_out: Sequence[str]) -> None:
    _print_wide(sheet)
    bold, wrapped = (
        book.add_format({**HEADER, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, _TOLD)
    rows = [*workbook.about, *(("Left out", sentence) for sentence in left_out)]
    for row, (label, text) in enumerate(rows):
        for column, (words, look) in enumerate(((label, bold), (text, wrapped))):
            plain = settled(words, workbook.zone)
            done(sheet.write_string(row, column, cut(str(plain), LONGEST_TEXT), look))
        set_lines(sheet, row, lines_of(text, _TOLD))
