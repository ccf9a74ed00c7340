"""What a Google spreadsheet looks like, as the requests of its two batch updates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.spreadsheets.cells import header
from bot.spreadsheets.google.client import SpreadsheetFailed
from bot.spreadsheets.number_formats import NUMERIC, number_formats
from bot.spreadsheets.titles import ABOUT, sheet_titles
from commands.ports import Workbook
from queries.core.answer import Column
from queries.core.value import Cell
from queries.core.words import count

# Of the grid, filled or not: so every tab is made as large as it has to be.
MOST_CELLS = 10_000_000
_MOST_COLUMNS = 18_278
_LOCALE = "en_GB"
_TIME = {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm:ss"}
_ABOUT_COLUMNS = (Column("label", "", "text"), Column("text", "", "text"))
_BOLD = {"textFormat": {"bold": True}, "backgroundColorStyle": {"rgbColor": {
    "red": 0.93, "green": 0.945, "blue": 0.96}}}  # fmt: skip
_WRAPPED = {"wrapStrategy": "WRAP", "verticalAlignment": "TOP"}

Request = dict[str, Any]


class TooManyCells(SpreadsheetFailed):
    """The result is larger than any Google spreadsheet; nothing was begun."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its title row, and how many rows were promised below it."""

    id: int
    title: str
    header: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: int
    as_logged: bool = False

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the grid that holds the rows that were promised."""
        return self.height(self.rows), max(1, len(self.columns))

    def height(self, rows: int) -> int:
        """How high a grid of some rows is. A frozen header needs another row below it."""
        return max(2, rows + 1) if self.header else max(1, rows)


def tabs_of(workbook: Workbook) -> tuple[Tab, ...]:
    """About as the first tab, and one for every sheet, with room for what will be left out.

    Raises TooManyCells before anything has been sent.
    """
    titles = sheet_titles(sheet.title for sheet in workbook.sheets)
    tabs = [
        Tab(
            id=number,
            title=title,
            header=tuple(header(column, workbook.zone) for column in sheet.columns),
            columns=sheet.columns,
            rows=sheet.total,
            as_logged=sheet.as_logged,
        )
        for number, (title, sheet) in enumerate(zip(titles, workbook.sheets, strict=True), start=1)
    ]
    rows = len(workbook.about) + 2 * len(tabs)
    tabs.insert(0, Tab(0, ABOUT, (), _ABOUT_COLUMNS, rows))
    cells = sum(rows * columns for rows, columns in (tab.grid for tab in tabs))
    if cells > MOST_CELLS:
        raise TooManyCells(
            f"This result has {count(cells)} cells, and a Google spreadsheet holds"
            f" {count(MOST_CELLS)}. Ask for a shorter time or add a filter."
        )
    if any(len(tab.columns) > _MOST_COLUMNS for tab in tabs):
        raise TooManyCells(f"A Google spreadsheet holds {count(_MOST_COLUMNS)} columns.")
    return tuple(tabs)


def begin(tabs: Sequence[Tab], workbook: Workbook) -> dict[str, list[Request]]:
    """Exact grids, frozen bold headers, formats, widths, locale, time zone and the run's id.

    A new spreadsheet has one tab, of id 0, which the first one takes over.
    """
    # Google knows UTC by this name.
    zone = "Etc/UTC" if workbook.zone.key == "UTC" else workbook.zone.key
    requests: list[Request] = [
        {
            "updateSpreadsheetProperties": {
                "properties": {"locale": _LOCALE, "timeZone": zone},
                "fields": "locale,timeZone",
            }
        },
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataKey": "plainlogs_run",
                    "metadataValue": workbook.run,
                    "location": {"spreadsheet": True},
                    "visibility": "DOCUMENT",
                }
            }
        },
    ]
    for tab in tabs:
        requests += _grid(tab)
        requests += _look(tab) if tab.header else _look_of_about(tab)
    return {"requests": requests}


def finish(
    tabs: Sequence[Tab], written: Sequence[int], first: Sequence[Sequence[Sequence[Cell]]]
) -> dict[str, list[Request]]:
    """A filter, a name and formats for each filled table, and no empty rows below it.

    The formats of numbers follow each table's first rows.
    """
    requests: list[Request] = []
    for tab, rows, seen in zip(tabs, written, first, strict=True):
        if rows < tab.rows:
            requests.append(_resized(tab, tab.height(rows)))
        if tab.header and rows:
            whole = _range(tab, 0, rows + 1, 0, len(tab.columns))
            requests.append({"setBasicFilter": {"filter": {"range": whole}}})
            named = {"name": f"table_{tab.id}", "range": whole}
            requests.append({"addNamedRange": {"namedRange": named}})
            requests += _numbers(tab, rows, seen)
    return {"requests": requests}


def _grid(tab: Tab) -> Iterator[Request]:
    rows, columns = tab.grid
    properties = {
        "sheetId": tab.id,
        "title": tab.title,
        "gridProperties": {
            "rowCount": rows,
            "columnCount": columns,
            "frozenRowCount": 1 if tab.header else 0,
        },
    }
    if tab.id == 0:
        yield {
            "updateSheetProperties": {"properties": properties, "fields": "title,gridProperties"}
        }
    else:
        yield {"addSheet": {"properties": properties}}


def _look(tab: Tab) -> Iterator[Request]:
    rows, columns = tab.grid
    yield _cells(_range(tab, 0, 1, 0, columns), _BOLD, "textFormat,backgroundColorStyle")
    for number, column in enumerate(tab.columns):
        if column.type == "time":
            body = _range(tab, 1, rows, number, number + 1)
            yield _cells(body, {"numberFormat": _TIME}, "numberFormat")
        if column.type in NUMERIC:
            head = _range(tab, 0, 1, number, number + 1)
            yield _cells(head, {"horizontalAlignment": "RIGHT"}, "horizontalAlignment")
        usual = 160 if column.type in {"time", "text"} else 90
        yield _width(tab, number, min(360, max(usual, 9 * len(tab.header[number]) + 36)))


def _numbers(tab: Tab, rows: int, seen: Sequence[Sequence[Cell]]) -> Iterator[Request]:
    """The format of each column of numbers; none where its numbers have none in common."""
    patterns = number_formats(tab.columns, seen, as_logged=tab.as_logged)
    for number, pattern in enumerate(patterns):
        if pattern:
            kind = "PERCENT" if pattern.endswith("%") else "NUMBER"
            look = {"numberFormat": {"type": kind, "pattern": pattern}}
            yield _cells(_range(tab, 1, rows + 1, number, number + 1), look, "numberFormat")


def _look_of_about(tab: Tab) -> Iterator[Request]:
    rows, _ = tab.grid
    yield _cells(_range(tab, 0, rows, 0, 1), _BOLD, "textFormat,backgroundColorStyle")
    yield _cells(_range(tab, 0, rows, 1, 2), _WRAPPED, "wrapStrategy,verticalAlignment")
    yield _width(tab, 0, 200)
    yield _width(tab, 1, 760)


def _cells(where: Request, look: Request, fields: str) -> Request:
    named = ",".join(f"userEnteredFormat.{field}" for field in fields.split(","))
    return {"repeatCell": {"range": where, "cell": {"userEnteredFormat": look}, "fields": named}}


def _width(tab: Tab, column: int, pixels: int) -> Request:
    return {
        "updateDimensionProperties": {
            "range": {
                "sheetId": tab.id,
                "dimension": "COLUMNS",
                "startIndex": column,
                "endIndex": column + 1,
            },
            "properties": {"pixelSize": pixels},
            "fields": "pixelSize",
        }
    }


def _resized(tab: Tab, rows: int) -> Request:
    properties = {"sheetId": tab.id, "gridProperties": {"rowCount": rows}}
    return {
        "updateSheetProperties": {"properties": properties, "fields": "gridProperties.rowCount"}
    }


def _range(tab: Tab, top: int, bottom: int, left: int, right: int) -> Request:
    return {
        "sheetId": tab.id,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }
