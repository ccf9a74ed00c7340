"""A spreadsheet in memory that refuses what Google's would refuse, as far as that is documented."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_CELLS = 10_000_000
LONGEST_TEXT = 50_000
Cell = str | int | float | bool
_RANGE = re.compile(r"(?:'((?:[^']|'')+)'|(\w+))!([A-Z]+)(\d+):([A-Z]+)(\d+)")


class Refused(Exception):
    """HTTP 400 with Google's kind of message."""


class Unknown(Exception):
    """An operation that this stand-in doesn't have: HTTP 501, never a made-up success."""


@dataclass
class Tab:
    """A sheet: its size, its cells, and what was set on them."""

    title: str
    rows: int = 1000
    columns: int = 26
    frozen: int = 0
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    formats: list[tuple[Mapping[str, int], Mapping[str, Any]]] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)
    filter: Mapping[str, int] | None = None

    def table(self) -> list[list[Cell | None]]:
        """Every cell of the grid, row by row; None where nothing was ever written."""
        return [
            [self.cells.get((row, column)) for column in range(self.columns)]
            for row in range(self.rows)
        ]

    def format_at(self, row: int, column: int) -> dict[str, Any]:
        """The format of a cell, later settings over earlier ones."""
        found: dict[str, Any] = {}
        for where, look in self.formats:
            rows = range(where["startRowIndex"], where["endRowIndex"])
            columns = range(where["startColumnIndex"], where["endColumnIndex"])
            if row in rows and column in columns:
                found |= look
        return found


class Grid:
    """A spreadsheet as Drive creates it: one tab of id 0, 1,000 rows and 26 columns."""

    def __init__(self) -> None:
        self.tabs: dict[int, Tab] = {0: Tab("Sheet1")}
        self.properties: dict[str, str] = {}
        self.metadata: dict[str, str] = {}
        self.names: dict[str, Mapping[str, int]] = {}

    def tab(self, title: str) -> Tab:
        """The tab with a title."""
        for tab in self.tabs.values():
            if tab.title == title:
                return tab
        raise Refused(f"Unable to parse range: {title}")

    def batch_update(self, body: Mapping[str, Any]) -> None:
        """Carry out every request of a batch, or none."""
        before = copy.deepcopy(self.__dict__)
        try:
            for number, request in enumerate(body["requests"]):
                ((kind, content),) = request.items()
                if kind not in _CHANGES:
                    raise Unknown(f"batchUpdate.{kind}")
                try:
                    _CHANGES[kind](self, content)
                    self._check()
                except Refused as refused:
                    raise Refused(f"Invalid requests[{number}].{kind}: {refused}") from refused
        except Exception:
            self.__dict__ = before
            raise

    def write(self, body: Mapping[str, Any]) -> None:
        """Write ranges of raw values; a null leaves what is there."""
        if body.get("valueInputOption") != "RAW":
            raise Unknown("values that are not RAW")
        for block in body["data"]:
            tab, top, left, bottom, right = self._range(block["range"])
            values = block["values"]
            if len(values) > bottom - top + 1 or any(len(row) > right - left + 1 for row in values):
                raise Refused(f"Requested writing within range [{block['range']}], but tried more")
            for row, cells in enumerate(values, start=top):
                for column, value in enumerate(cells, start=left):
                    _check_value(value)
                    if value is not None:
                        tab.cells[row, column] = value

    def _range(self, name: str) -> tuple[Tab, int, int, int, int]:
        match = _RANGE.fullmatch(name)
        if not match:
            raise Refused(f"Unable to parse range: {name}")
        tab = self.tab((match[1] or match[2]).replace("''", "'"))
        left, right = _column(match[3]), _column(match[5])
        top, bottom = int(match[4]) - 1, int(match[6]) - 1
        if bottom >= tab.rows or right >= tab.columns or top > bottom or left > right:
            raise Refused(f"Range ({name}) exceeds grid limits.")
        return tab, top, left, bottom, right

    def _check(self) -> None:
        if sum(tab.rows * tab.columns for tab in self.tabs.values()) > MOST_CELLS:
            raise Refused(
                f"This action would increase the number of cells above the limit of {MOST_CELLS}"
            )
        for tab in self.tabs.values():
            if tab.rows < 1 or tab.columns < 1 or tab.frozen >= tab.rows:
                raise Refused("You can't freeze all visible rows on the sheet.")

    def update_spreadsheet(self, content: Mapping[str, Any]) -> None:
        """Set the fields that are named."""
        for name in content["fields"].split(","):
            self.properties[name] = content["properties"][name]

    def update_sheet(self, content: Mapping[str, Any]) -> None:
        """Set a tab's title or grid; what lies outside of the grid is gone."""
        properties = content["properties"]
        tab = self._known(properties)
        grid = properties.get("gridProperties", {})
        for name in content["fields"].split(","):
            match name:
                case "title":
                    tab.title = properties["title"]
                case "gridProperties":
                    tab.rows, tab.columns = grid["rowCount"], grid["columnCount"]
                    tab.frozen = grid.get("frozenRowCount", 0)
                case "gridProperties.rowCount":
                    tab.rows = grid["rowCount"]
                case _:
                    raise Unknown(f"updateSheetProperties of {name}")
        tab.cells = {
            at: cell for at, cell in tab.cells.items() if at[0] < tab.rows and at[1] < tab.columns
        }

    def add_sheet(self, content: Mapping[str, Any]) -> None:
        """Add a tab under an id and a title that are free."""
        properties = content["properties"]
        grid = properties["gridProperties"]
        titles = {tab.title.casefold() for tab in self.tabs.values()}
        if properties["sheetId"] in self.tabs or properties["title"].casefold() in titles:
            raise Refused(f'A sheet with the name "{properties["title"]}" already exists.')
        self.tabs[properties["sheetId"]] = Tab(
            properties["title"], grid["rowCount"], grid["columnCount"], grid["frozenRowCount"]
        )

    def repeat_cell(self, content: Mapping[str, Any]) -> None:
        """Set the named parts of the format of every cell of a range."""
        where = content["range"]
        self._inside(where)
        given = content["cell"]["userEnteredFormat"]
        names = [name.removeprefix("userEnteredFormat.") for name in content["fields"].split(",")]
        self.tabs[where["sheetId"]].formats.append((where, {name: given[name] for name in names}))

    def resize(self, content: Mapping[str, Any]) -> None:
        """Set the width of columns."""
        where = content["range"]
        tab = self._known(where)
        if where["dimension"] != "COLUMNS" or content["fields"] != "pixelSize":
            raise Unknown("updateDimensionProperties of anything but widths")
        for column in range(where["startIndex"], where["endIndex"]):
            if column >= tab.columns:
                raise Refused("The column is outside of the grid.")
            tab.widths[column] = content["properties"]["pixelSize"]

    def add_metadata(self, content: Mapping[str, Any]) -> None:
        """Remember a key and its value for the whole spreadsheet."""
        given = content["developerMetadata"]
        if given["location"] != {"spreadsheet": True}:
            raise Unknown("developer metadata of a part")
        self.metadata[given["metadataKey"]] = given["metadataValue"]

    def set_filter(self, content: Mapping[str, Any]) -> None:
        """Put the one basic filter on a tab."""
        where = content["filter"]["range"]
        self._inside(where)
        self.tabs[where["sheetId"]].filter = where

    def add_name(self, content: Mapping[str, Any]) -> None:
        """Name a range, under a name that is free."""
        given = content["namedRange"]
        self._inside(given["range"])
        if given["name"] in self.names:
            raise Refused(f'A named range with the name "{given["name"]}" already exists.')
        self.names[given["name"]] = given["range"]

    def _known(self, where: Mapping[str, Any]) -> Tab:
        if where["sheetId"] not in self.tabs:
            raise Refused(f"No sheet with id: {where['sheetId']}")
        return self.tabs[where["sheetId"]]

    def _inside(self, where: Mapping[str, int]) -> None:
        tab = self._known(where)
        rows = 0 <= where["startRowIndex"] < where["endRowIndex"] <= tab.rows
        columns = 0 <= where["startColumnIndex"] < where["endColumnIndex"] <= tab.columns
        if not rows or not columns:
            raise Refused(f"The range {dict(where)} is outside of the grid.")


_CHANGES: dict[str, Callable[[Grid, Mapping[str, Any]], None]] = {
    "updateSpreadsheetProperties": Grid.update_spreadsheet,
    "updateSheetProperties": Grid.update_sheet,
    "addSheet": Grid.add_sheet,
    "repeatCell": Grid.repeat_cell,
    "updateDimensionProperties": Grid.resize,
    "createDeveloperMetadata": Grid.add_metadata,
    "setBasicFilter": Grid.set_filter,
    "addNamedRange": Grid.add_name,
}


def _check_value(value: object) -> None:
    if value is not None and not isinstance(value, str | int | float | bool):
        raise Refused(f"Invalid values: {type(value).__name__}")
    if isinstance(value, str) and len(value.encode("utf-16-le")) > 2 * LONGEST_TEXT:
        raise Refused(f"Your input contains more than the maximum of {LONGEST_TEXT} characters")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
