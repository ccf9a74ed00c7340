"""What was told of groups of people before: two answers together may tell more than each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Lock
from typing import Any

import sqlalchemy as sa

from queries.core.doors.rows import Dataset
from queries.core.times.spans import Span
from queries.core.value import Cell

Condition = sa.ColumnElement[bool]

MOST_KEPT = 200
"""So many populations are remembered of each column, the newest."""

MOST_PAIRS = 60
"""With so many of them what is asked is held against, those nearest in time: all are counted in one
pass, and what lies further apart differs by more people."""


@dataclass(frozen=True, slots=True)
class Population:
    """Rows of which something is told: of some times (None for all), under some conditions.

    Two are the same where their times are and their conditions say the same.
    """

    dataset: Dataset
    spans: tuple[Span, ...] | None
    where: tuple[Condition, ...] = field(compare=False)
    said: tuple[str, ...] = ()
    events: frozenset[str] = field(default=frozenset(), compare=False)
    """The columns of which it is told how many of the rows have which value."""

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        spans: tuple[Span, ...] | None,
        where: Sequence[Condition],
        events: frozenset[str] = frozenset(),
    ) -> Population:
        """Describe rows."""
        return cls(dataset, spans, tuple(where), tuple(sorted(map(_said, where))), events)


class Ledger:
    """Remembers one log's populations by the column that they were split by, while running."""

    def __init__(self) -> None:
        self._told: dict[str, dict[Population, Population]] = {}
        self._orders: dict[str, Sequence[Cell]] = {}
        self._lock = Lock()

    def order(self, name: str, found: Callable[[], Sequence[Cell]]) -> Sequence[Cell]:
        """Give the order of a column's groups, as it was when it was first looked for."""
        if name not in self._orders:
            self._orders[name] = found()
        return self._orders[name]

    def near(self, name: str, told: Sequence[Population]) -> list[tuple[Population, Population]]:
        """Pair what is to be told with what was: not the same, and with rows in common."""
        with self._lock:
            before = tuple(self._told.get(name, {}).values())
        pairs = [(now, old) for now in told for old in before if now != old and _overlap(now, old)]
        return sorted(pairs, key=_apart)[:MOST_PAIRS]

    def keep(self, name: str, told: Sequence[Population]) -> None:
        """Remember what is told now."""
        with self._lock:
            kept = self._told.setdefault(name, {})
            for each in told:
                before = kept.pop(each, each)
                kept[each] = replace(each, events=each.events | before.events)
            while len(kept) > MOST_KEPT:
                del kept[next(iter(kept))]


def _overlap(one: Population, other: Population) -> bool:
    if one.dataset is not other.dataset:
        return False
    if one.spans is None or other.spans is None:
        return True
    return any(a.start < b.end and b.start < a.end for a in one.spans for b in other.spans)


def _apart(pair: tuple[Population, Population]) -> timedelta:
    """Give how far two times lie apart at both ends; nothing where one has none."""
    one, other = (each.spans for each in pair)
    if not one or not other:
        return timedelta(0)
    starts, ends = ([s.start for s in (one[0], other[0])], [s.end for s in (one[-1], other[-1])])
    return max(starts) - min(starts) + max(ends) - min(ends)


def _said(condition: Condition) -> str:
    compiled: Any = condition.compile()
    return f"{compiled} {sorted(compiled.params.items(), key=str)}"
