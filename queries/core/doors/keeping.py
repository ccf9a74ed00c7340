"""Rows that an engine keeps while several measures look at them, and what they serve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core.doors.guard import columns_in
from queries.core.doors.rows import Dataset
from queries.core.times.spans import Span, naive

Expression = sa.ColumnElement[Any]
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, eq=False)
class Kept:
    """A table of the rows of some spans that meet some conditions, with these columns.

    ``spans`` are merged; None means all times.
    """

    table: str
    names: frozenset[str]
    spans: Sequence[Span] | None
    where: tuple[Condition, ...]
    dataset: Dataset

    def rest(
        self, where: Sequence[Condition], spans: Sequence[Span] | None, dataset: Dataset
    ) -> list[Condition] | None:
        """Give the conditions that are still to be put to the kept rows; None if some lack."""
        if dataset is not self.dataset or not self._covers(spans):
            return None
        if not all(any(each.compare(mine) for each in where) for mine in self.where):
            return None
        # What was asked of the rows as they were kept is met by all of them.
        return [each for each in where if not any(each.compare(mine) for mine in self.where)]

    def select(
        self, expressions: Iterable[Expression], spans: Sequence[Span] | None
    ) -> sa.Select[Any] | None:
        """Give the kept rows of these spans; None where an expression needs another column."""
        names = sorted({name for each in expressions for name in columns_in(each)})
        narrower = spans is not None and spans != self.spans
        if not self.names.issuperset([*names, "time"] if narrower else names):
            return None
        columns: list[Expression] = [sa.column(name) for name in names]
        present: Expression = sa.literal_column("1").label("present")
        rows = sa.select(*columns or [present]).select_from(sa.table(self.table))
        if spans is None or not narrower:
            return rows
        time: Expression = sa.column("time")
        inside = [sa.and_(time >= naive(span.start), time < naive(span.end)) for span in spans]
        return rows.where(sa.or_(sa.false(), *inside))

    def _covers(self, spans: Sequence[Span] | None) -> bool:
        if self.spans is None or spans is None:
            return self.spans is None
        return all(
            any(mine.start <= span.start and span.end <= mine.end for mine in self.spans)
            for span in spans
        )
