"""A spreadsheet as a file: Excel, or compressed CSV where Excel would choke on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.spreadsheets.delimited import write_csv
from bot.spreadsheets.excel import write_excel
from bot.spreadsheets.titles import file_stem
from commands.ports import Progress, Workbook, Written, never, silent
from queries.core.words import count, counted

# A million rows of twelve columns took XlsxWriter 84 s.
_MOST_EXCEL_ROWS = 200_000


def write_file(
    workbook: Workbook,
    *,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> Written:
    """Write an Excel workbook, or the longest sheet as gzipped CSV above 200,000 rows.

    Raises Cancelled.
    """
    stem = file_stem(workbook.title, workbook.run)
    longest = max(workbook.sheets, key=lambda sheet: sheet.total, default=None)
    with TemporaryDirectory() as folder:
        if longest is None or longest.total <= _MOST_EXCEL_ROWS:
            path = Path(folder, f"{stem}.xlsx")
            left_out = write_excel(workbook, path, progress=progress, cancelled=cancelled)
            note = " ".join((f"{_size(workbook)}.", *left_out))
        else:
            path = Path(folder, f"{stem}.csv.gz")
            write_csv(longest, path, workbook.zone, progress=progress, cancelled=cancelled)
            note = (
                f"All {counted(longest.total, 'row')} as compressed CSV: more than"
                f" {count(_MOST_EXCEL_ROWS)} are too many to open well in Excel."
            )
            if len(workbook.sheets) > 1:
                note += f" It holds “{longest.title}” alone, without the other tables."
        return Written(note=note, file_name=path.name, content=path.read_bytes())


def _size(workbook: Workbook) -> str:
    rows = counted(sum(sheet.total for sheet in workbook.sheets), "row")
    return f"{rows} in {counted(len(workbook.sheets), 'table')}"
