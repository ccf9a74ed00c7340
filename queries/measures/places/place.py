"""A part of the requests: those with one value of a dimension."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core.log import Log
from queries.core.value import Cell
from queries.measures.counting.expressions import Condition


@dataclass(frozen=True, slots=True)
class Place:
    """One slice: the requests with one value of a dimension."""

    dimension: str
    value: Cell


def within(log: Log, place: Place | None) -> list[Condition]:
    """Give the condition for the rows of a place; none for everywhere."""
    if place is None:
        return []
    column = log.column(place.dimension)
    return [column.is_(None) if place.value is None else column == place.value]
