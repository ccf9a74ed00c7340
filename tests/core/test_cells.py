"""One value of a table as a person reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from queries.core.answer import Column
from queries.core.cells import shown
from queries.core.value import Cell, ColumnType

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (None, "share", ""),
        ("emea", "text", "emea"),
        ("", "text", ""),
        (0.048, "share", "4.8 %"),
        (-0.28, "points", "−0.28 points"),
        (1.54, "points", "+1.5 points"),
        (0.0, "points", "0 points"),
        (-0.00001, "points", "0.0000 points"),
        (12_310, "integer", "12,310"),
        (1, "number", "1"),
        (503, "number", "503"),
        (0.5, "number", "0.50"),
        (1840.0, "milliseconds", "1.8 s"),
        (True, "boolean", "yes"),
        (False, "number", "no"),
        (datetime(2026, 11, 23, 8, 50, tzinfo=UTC), "time", "23 Nov 09:50"),
        (datetime(2026, 11, 23, 8, 50, 7, tzinfo=UTC), "time", "23 Nov 09:50:07"),
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "time", "1 Jan 00:30"),
        (datetime(2025, 11, 23, 8, 50, tzinfo=UTC), "time", "23 Nov 2025 09:50"),
    ],
)
def test_a_cell_is_written_by_its_columns_type(value: Cell, kind: ColumnType, said: str) -> None:
    """A cell is written by what its column holds; times are in the asker's zone."""
    assert shown(value, Column("x", "x", kind), BERLIN, NOW) == said


def test_a_time_without_a_present_has_its_year() -> None:
    """Where nobody says what today is, a time names its year."""
    at = datetime(2026, 11, 23, 8, 50, tzinfo=UTC)
    assert shown(at, Column("x", "x", "time"), BERLIN) == "23 Nov 2026 09:50"
