"""What a column holds by its role: what is told apart is text, what is measured a number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from queries.core.catalog import ColumnKind
from queries.core.doors.rows import Field
from queries.core.source import Source
from queries.sources.canonical import AS_WRITTEN, fixed_kind, is_measured
from queries.sources.cells.wanted import Wanted
from queries.sources.shapes import SIGNED, WHOLE_TYPES, is_nested, kind_of

_LONG = ("HUGEINT", "UHUGEINT", "UBIGINT")


def held_by_role(
    source: Source, name: str, types: Sequence[tuple[str, int]], *, as_text: bool
) -> Field:
    """Decide what a column holds: by its role, or by what most rows have."""
    if name in AS_WRITTEN and (as_text or not all(_is_exact(type_) for type_, _ in types)):
        return Field("text")
    if _told_apart(source, name, types, as_text=as_text):
        return Field("text")
    votes: Counter[ColumnKind] = Counter()
    whole = not is_measured(source, name)
    for type_, rows in types:
        if (kind := kind_of(type_)) is not None:
            # One more, so that files without rows also have a say.
            votes[kind] += rows + 1
        # A single file with fractions makes the column one of doubles: ids
        # of it would no longer match.
        whole &= type_ in WHOLE_TYPES or type_ == "NULL"
    kind = fixed_kind(source, name) or (votes.most_common(1)[0][0] if votes else "text")
    return Field(kind, whole=whole and kind == "number")


def _are_cut(types: Iterable[tuple[str, int]]) -> bool:
    """Tell whether a double would not hold all digits of the numbers."""
    return any(type_.startswith("DECIMAL") or type_ in _LONG for type_, _ in types)


def _told_apart(
    source: Source, name: str, types: Sequence[tuple[str, int]], *, as_text: bool
) -> bool:
    """Tell whether values are only told from each other, and must be text so that they stay apart.

    A number is one only where it says exactly what was written: words among numbers would be
    lost, of too many digits the last ones, and of 1.10 in a text the 0.
    """
    if fixed_kind(source, name) is not None or is_measured(source, name):
        return False
    if _are_mixed(types):
        return True
    splits = name in (*source.dimensions, *source.protected)
    return splits and (_are_cut(types) or (as_text and _have_fractions(types)))


def _have_fractions(types: Iterable[tuple[str, int]]) -> bool:
    """Tell whether numbers are written with fractions: as text, 1.10 isn't 1.1."""
    return any(type_ == "DOUBLE" for type_, _ in types)


def _is_exact(type_: str) -> bool:
    """Tell whether a number of this type stays what it is as a whole number of 64 bits."""
    return kind_of(type_) != "number" or type_ in SIGNED


def are_nested(name: str, types: Iterable[tuple[str, int]]) -> bool:
    """Tell whether values are objects or lists, of which only parts mean anything.

    An error may be one: what matters is that there is any.
    """
    held = [type_ for type_, _ in types if kind_of(type_) is not None]
    return name != "error" and bool(held) and all(map(is_nested, held))


def _are_mixed(types: Iterable[tuple[str, int]]) -> bool:
    """Tell whether some values are words while others are numbers."""
    kinds = {kind_of(type_) for type_, _ in types} - {None}
    return len(kinds) > 1 or any(type_.startswith("~") for type_, _ in types)


def told(value: sa.ColumnElement[Any], wanted: Wanted) -> sa.ColumnElement[Any]:
    """Tell the declared labels for values; one that has none stays as it was logged."""
    if not wanted.labels:
        return value
    read = wanted.read or wanted.field
    whens = [
        (value == read.fitted(logged), sa.literal(label))
        for logged, label in wanted.labels
        if read.kind != "number" or is_numeric(logged)
    ]
    logged_as = sa.cast(value, sa.String)
    return sa.case(*whens, else_=logged_as) if whens else logged_as


def is_numeric(text: str) -> bool:
    """Tell whether a text is a number as people write it."""
    return re.fullmatch(r"[-+]?\d+(\.\d+)?", text.strip()) is not None
