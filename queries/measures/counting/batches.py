"""Many columns counted some at a time: an engine holds what it reads of all columns at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from queries.measures.counting.expressions import Key

V = TypeVar("V")

MOST = 40
"""So many columns are read in one pass. Of values that are counted apart, a row is copied for each
column, with room for all of them: twice as many cost four times as much."""


MOST_TEXTS = 10
"""Texts take more room than numbers, and are held once for before and once for now."""


def batches(names: Sequence[str], most: int = MOST) -> Iterator[Sequence[str]]:
    """Give names some at a time; of none, none once."""
    for at in range(0, max(len(names), 1), most):
        yield names[at : at + most]


def each_in_batches(
    names: Sequence[str], count: Callable[[Sequence[str]], Mapping[str, V]], most: int = MOST
) -> dict[str, V]:
    """Count columns some at a time; ``count`` gives what it found of each by its name."""
    return {name: one for some in batches(names, most) for name, one in count(some).items()}


def groups_in_batches(
    names: Sequence[str], count: Callable[[Sequence[str]], Mapping[Key, Mapping[str, V]]]
) -> dict[Key, dict[str, V]]:
    """Count columns by group some at a time; ``count`` gives of each group what it found."""
    found: dict[Key, dict[str, V]] = {}
    for some in batches(names):
        for key, columns in count(some).items():
            found.setdefault(key, {}).update(columns)
    return found
