"""The rows of every tab in turn, and an account of what did not fit."""

from __future__ import annotations

from collections.abc import Iterator

from bot.spreadsheets.cells import cut
from bot.spreadsheets.google.layout import Tab
from bot.spreadsheets.google.values import Json, Run, raw
from bot.spreadsheets.number_formats import LOOKED_AT
from bot.spreadsheets.pace import Pace
from commands.ports import Workbook
from queries.core.answer import RowStream
from queries.core.value import Cell
from queries.core.words import count, counted

_LONGEST_TEXT = 50_000


class Filling:
    """The rows of every tab in turn, and what became of them."""

    def __init__(self, workbook: Workbook, tabs: tuple[Tab, ...], pace: Pace) -> None:
        self._workbook, self._tabs, self._pace = workbook, tabs, pace
        self._cut = self._beyond = 0
        self.written = [0] * len(tabs)
        self.first: list[list[tuple[Cell, ...]]] = [[] for _ in tabs]

    def runs(self) -> Iterator[Run]:
        """Every row: the tables', then About's, which by then knows what was left out."""
        about, *tables = self._tabs
        for tab, sheet in zip(tables, self._workbook.sheets, strict=True):
            yield from self._table(tab, sheet)
        rows = [*self._workbook.about, *(("Left out", words) for words in self.left_out())]
        self.written[about.id] = len(rows)
        for number, row in enumerate(rows, start=1):
            yield Run(about.title, number, 1, self._cells(row))

    def left_out(self) -> list[str]:
        """Sentences on what did not fit."""
        found = []
        if self._beyond:
            found.append(
                f"{counted(self._beyond, 'row')} came to the log while this was written: not in it."
            )
        if self._cut:
            found.append(
                f"{counted(self._cut, 'text')} longer than {count(_LONGEST_TEXT)} characters cut."
            )
        return found

    def _table(self, tab: Tab, sheet: RowStream) -> Iterator[Run]:
        yield Run(tab.title, 1, 1, self._cells(tab.header))
        for row in self._pace.rows(sheet):
            # The grid was made for the rows that were promised, and its cells count against
            # Google's limit.
            if self.written[tab.id] == tab.rows:
                self._beyond += 1
                continue
            self.written[tab.id] += 1
            if len(self.first[tab.id]) < LOOKED_AT:
                self.first[tab.id].append(row)
            yield Run(tab.title, self.written[tab.id] + 1, 1, self._cells(row))

    def _cells(self, row: tuple[Cell, ...]) -> list[Json]:
        return [self._fitting(raw(value, self._workbook.zone)) for value in row]

    def _fitting(self, value: Json) -> Json:
        if not isinstance(value, str) or len(value) * 2 <= _LONGEST_TEXT:
            return value
        shorter = cut(value, _LONGEST_TEXT)
        self._cut += shorter != value
        return shorter
