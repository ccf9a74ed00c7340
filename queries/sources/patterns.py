"""Columns that are listed by a pattern, such as ``f_*``: those of the log that fit it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from queries.core.source import DERIVED, ROLES, Source, Visibility
from queries.sources.cells.paths import read_path

LISTS = ("dimensions", "protected", "features", "attributions", "metrics")
"""The keys under which columns are listed, each by its name or by a pattern."""


@cache
def is_pattern(text: str) -> bool:
    """Tell whether a listed text stands for all columns that it fits.

    With a space or a quote in it, a ``*`` multiplies.
    """
    return "*" in text and re.search(r"[\s\"'()]|\*\*", text) is None


def fits(pattern: str, column: str) -> bool:
    """Tell whether a column's name is one that a pattern stands for."""
    parts = map(re.escape, pattern.split("*"))
    return re.fullmatch(".*".join(parts), column, re.DOTALL) is not None


def patterns(source: Source) -> tuple[str, ...]:
    """Give the patterns among a source's lists; a name that a table gives to a column is none."""
    listed = (name for key in LISTS for name in getattr(source, key))
    return tuple(dict.fromkeys(n for n in listed if is_pattern(n) and n not in source.named))


def expanded(source: Source, there: Sequence[str]) -> Source:
    """Put the columns of the log that patterns stand for in their places, in the log's order.

    They are those that are declared for nothing else and not hidden. A pattern that is a column's
    own name, or that no column fits, stays as it is, and is told as a column that is not there.
    """
    wild = {name for name in patterns(source) if name not in there}
    taken = {
        *(name for key in LISTS for name in getattr(source, key)),
        *(column for name, column in source.columns.items() if name not in wild),
        *source.transformed,
        *ROLES,
        *DERIVED,
        *([source.chunks.order] if source.chunks else ()),
        # What leads into an object may hold what nobody may see.
        *(part for parts in source.made_of.values() for part in parts),
        *(path.root for column in source.visibility if (path := read_path(column)) is not None),
    }
    free = [
        name
        for name in there
        if name not in taken and source.visibility.get(name) is not Visibility.HIDDEN
    ]
    lists: dict[str, Any] = {}
    for key in LISTS:
        listed: list[str] = []
        for name in getattr(source, key):
            fitting = [each for each in free if fits(name, each)] if name in wild else []
            listed += fitting or [name]
        lists[key] = tuple(dict.fromkeys(listed))
    return replace(source, **lists)
