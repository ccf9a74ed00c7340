"""One value of a table, and what kinds of values there are."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

Cell = str | int | float | bool | datetime | None
"""One value of a table. Times are timezone-aware."""


ColumnType = Literal[
    "text", "integer", "number", "share", "points", "time", "milliseconds", "boolean"
]
"""What a value is. A share is a fraction of 1; a difference of two shares in a table is in
percentage points: 1.5 lies between 2 % and 3.5 %."""
