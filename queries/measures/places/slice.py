"""One slice, counted now and in each comparable period."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core.value import Cell
from queries.statistics.rates import Count


@dataclass(frozen=True, slots=True)
class SliceCounts:
    """One slice: its hits and trials now, and in each comparable period (may be empty)."""

    dimension: str
    value: Cell
    now: Count
    past: tuple[Count, ...] = ()
