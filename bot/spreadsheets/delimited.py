"""Comma-separated values: exact, and safe to open in a spreadsheet program."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.spreadsheets.cells import header, localized, settled
from bot.spreadsheets.pace import Pace
from commands.ports import Progress, never, silent
from queries.core.answer import RowStream
from queries.core.value import Cell

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(
    sheet: RowStream,
    path: Path,
    zone: ZoneInfo,
    *,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> None:
    """Write a sheet's rows as UTF-8 with a byte-order mark, gzipped if the name ends in ``.gz``.

    Times are in ``zone`` with their offset, shares are fractions, an empty cell is nothing at all.
    Texts that a spreadsheet program would run as a formula get an apostrophe in front; numbers
    don't. Raises Cancelled; then, as after any error, no file is left.
    """
    pace = Pace([sheet], progress, cancelled)
    try:
        with _opened(path) as text:
            rows = csv.writer(text)
            rows.writerow([_harmless(header(column, zone)) for column in sheet.columns])
            rows.writerows([_field(value, zone) for value in row] for row in pace.rows(sheet))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("wb") as raw:
        if path.suffix == ".gz":
            with (
                # Neither a name nor the time in its head, so that the same rows give the same
                # bytes.
                gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
                # With a byte-order mark, as Excel takes a CSV without one for the machine's own
                # code page.
                TextIOWrapper(packed, "utf-8-sig", newline="") as text,
            ):
                yield text
        else:
            with TextIOWrapper(raw, "utf-8-sig", newline="") as text:
                yield text


def _field(value: Cell, zone: ZoneInfo) -> Cell:
    if isinstance(value, datetime):
        return localized(value, zone).isoformat(" ")
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = settled(value, zone)
    # Texts alone: an apostrophe before -3 would make a text of a number.
    return _harmless(plain) if isinstance(value, str) and isinstance(plain, str) else plain


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
