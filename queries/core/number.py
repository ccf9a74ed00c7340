"""An estimate: what several questions compute, and every answer shows."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core.value import ColumnType


@dataclass(frozen=True, slots=True)
class Number:
    """An estimate: its value, how many observations carry it and its 95 % interval.

    ``low`` and ``high`` are None where no interval can be given; the reason is in ``why``.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    unit: ColumnType = "number"
    why: str = ""
