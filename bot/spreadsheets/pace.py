"""How far the writing is, and whether it shall stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from commands.ports import Progress, never, silent
from queries.core.answer import RowStream
from queries.core.errors import Cancelled
from queries.core.value import Cell


class Pace:
    """Tells the progress of writing some sheets, and ends it when the asker cancels."""

    def __init__(
        self,
        sheets: Sequence[RowStream],
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
    ) -> None:
        self._total = sum(sheet.total for sheet in sheets)
        self._done = 0
        self._progress = progress
        self._cancelled = cancelled

    def check(self) -> None:
        """Raise Cancelled when the asker has cancelled."""
        if self._cancelled():
            raise Cancelled("The spreadsheet was cancelled.")

    def rows(self, sheet: RowStream) -> Iterator[tuple[Cell, ...]]:
        """The sheet's rows, telling the progress and asking for cancellation after each batch."""
        self.check()
        for batch in sheet.batches():
            yield from batch
            self._done += len(batch)
            share = min(1.0, self._done / self._total) if self._total else None
            self._progress("Writing the spreadsheet", share)
            self.check()
