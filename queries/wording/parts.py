"""How a part of the requests is called: “region emea”."""

from __future__ import annotations

from collections.abc import Sequence

from queries.core import words
from queries.core.value import Cell


def part_name(dimension: str, value: Cell) -> str:
    """“region emea”."""
    return f"{dimension.replace('_', ' ')} {words.value(value)}"


def parts_name(dimensions: Sequence[str], values: Sequence[Cell]) -> str:
    """“region emea”, “region emea with version 2.3”."""
    return " with ".join(map(part_name, dimensions, values))
