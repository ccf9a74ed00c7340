"""Workbooks that the tests of every format write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from commands.ports import Workbook
from queries.core.answer import Column, RowStream
from queries.core.value import Cell

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 23, 11, 0, 0, 250_000, tzinfo=UTC)
COLUMNS = (
    Column("at", "Time", "time"),
    Column("region", "Region", "text"),
    Column("n", "Requests", "integer"),
    Column("rate", "Failed", "share"),
    Column("p50", "Median", "milliseconds", "ms"),
    Column("score", "Score", "number"),
    Column("approved", "Approved", "boolean"),
)
ROWS: tuple[tuple[Cell, ...], ...] = (
    (NOON, "EMEA", 12_310, 0.048, 241.5, 0.83, True),
    (NOON, "=1+1", 0, 0.0, None, -0.5, False),
    (None, None, None, None, None, None, None),
    (NOON, "@SUM(A1)", 2**60, 1.0, 0.0, float("nan"), None),
    (NOON, "https://example.org", -3, 0.5, 1e9, float("-inf"), None),
)


def sheet(
    rows: Sequence[tuple[Cell, ...]] = ROWS,
    columns: tuple[Column, ...] = COLUMNS,
    *,
    title: str = "Errors by region",
    total: int | None = None,
    batch: int = 2,
) -> RowStream:
    """A sheet of rows in batches; ``total`` may promise another number than there are."""

    def batches() -> Iterator[Sequence[tuple[Cell, ...]]]:
        for start in range(0, len(rows), batch):
            yield rows[start : start + batch]

    return RowStream(title, columns, len(rows) if total is None else total, batches)


def texts(*values: str) -> RowStream:
    """A sheet with one column of texts."""
    column = Column("text", "Text", "text")
    return sheet([(value,) for value in values], (column,), batch=1000)


def workbook(*sheets: RowStream, people: tuple[str, ...] = ()) -> Workbook:
    """A workbook of some sheets, in Berlin's time."""
    return Workbook(
        title="errors lending 2026-11-23 15.30",
        run="7f3a",
        zone=BERLIN,
        sheets=sheets,
        about=(
            ("Question", "errors lending last 24 hours by region"),
            ("Time covered", "22 Nov 15:30 to 23 Nov 15:30 Europe/Berlin"),
            ("Asked by", "=HYPERLINK(1)"),
        ),
        people=people,
    )
