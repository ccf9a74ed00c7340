"""The selects behind a log's doors: what is read, from where, and what is kept meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from queries.core.doors.guard import Guard, columns_in
from queries.core.doors.keeping import Condition, Expression, Kept
from queries.core.doors.rows import Dataset, Held, Rows
from queries.core.times.spans import Span, merged


class Selects:
    """Builds selects over one source's rows from expressions over canonical columns."""

    def __init__(self, rows: Rows, guard: Guard, apart: Collection[str]) -> None:
        """``apart`` are the columns of outcomes that lie apart."""
        self._rows, self._guard, self._apart = rows, guard, frozenset(apart)
        self._kept: list[Kept] = []

    def rows(
        self,
        expressions: Sequence[Expression],
        where: Sequence[Condition],
        spans: Sequence[Span] | None,
        dataset: Dataset,
    ) -> tuple[sa.Subquery, Sequence[Condition]]:
        """Give the rows to read, and the conditions that are still to be put to them."""
        spans = None if spans is None else merged(spans)
        names = self._names([*expressions, *where], spans, dataset)
        found = self._from_kept(expressions, where, spans, dataset)
        if found is not None:
            return found
        return self._rows.select(names, spans, dataset).subquery("log"), where

    def _from_kept(
        self,
        expressions: Sequence[Expression],
        where: Sequence[Condition],
        spans: Sequence[Span] | None,
        dataset: Dataset,
    ) -> tuple[sa.Subquery, Sequence[Condition]] | None:
        for kept in self._kept:
            rest = kept.rest(where, spans, dataset)
            if rest is not None and (held := kept.select([*expressions, *rest], spans)) is not None:
                return held.subquery("log"), rest
        return None

    def listing(
        self,
        columns: Sequence[str],
        spans: Sequence[Span] | None,
        where: Sequence[Condition],
        order: Sequence[Expression],
    ) -> sa.Select[Any]:
        """Select rows as they were logged."""
        # Without a type, so that what was logged whole is not handed out as a double.
        listed: list[Expression] = [sa.column(name) for name in columns]
        spans = None if spans is None else merged(spans)
        names = self._names([*listed, *where, *order], spans, Dataset.PRODUCTION)
        rows = self._rows.select(names, spans, Dataset.PRODUCTION, as_logged=True).subquery("log")
        return sa.select(*listed).select_from(rows).where(*where).order_by(*order)

    def page(
        self,
        columns: Sequence[str],
        spans: Sequence[Span] | None,
        where: Sequence[Condition],
        order: Sequence[Expression],
        limit: tuple[int, int],
    ) -> sa.Select[Any]:
        """Select some of the rows as they were logged; ``limit`` says how many, after how many.

        Outcomes that lie apart are looked up for these alone, unless they decide which they are.
        """
        size, offset = limit
        later = [name for name in columns if name in self._apart]
        chosen_by = {name for each in (*where, *order) for name in columns_in(each)}
        # A page needs the outcomes of its own rows alone, not a join of all of them.
        if not later or chosen_by & self._apart:
            return self.listing(columns, spans, where, order).limit(size).offset(offset)
        named = dict.fromkeys([*columns, *sorted(chosen_by), "request_id"])
        first = [name for name in named if name not in self._apart]
        page = self.listing(first, spans, where, order).limit(size).offset(offset)
        rows = self._rows.with_outcomes(page.subquery("page"), later).subquery("log")
        listed: list[Expression] = [sa.column(name) for name in columns]
        # In order once more, as a join keeps none.
        return sa.select(*listed).select_from(rows).order_by(*order).limit(size)

    @contextmanager
    def kept(
        self,
        columns: Collection[str],
        where: Sequence[Condition],
        spans: Sequence[Span] | None,
        dataset: Dataset,
    ) -> Iterator[Held | None]:
        """Have the engine hold rows, which ``rows`` gives wherever they hold all that is asked.

        Rows that are held already are not held again.
        """
        spans = None if spans is None else merged(spans)
        listed: list[Expression] = [sa.column(name) for name in columns]
        names = self._names([*listed, *where], spans, dataset)
        if self._from_kept(listed, where, spans, dataset) is not None:
            yield None
            return
        rows = self._rows.select(names, spans, dataset).subquery("log")
        with self._rows.held(sa.select(*listed).select_from(rows).where(*where)) as held:
            if held is None:
                yield None
                return
            kept = Kept(held.table, frozenset(columns), spans, tuple(where), dataset)
            self._kept.append(kept)
            try:
                yield held
            finally:
                self._kept.remove(kept)

    def _names(
        self, expressions: Sequence[Expression], spans: Sequence[Span] | None, dataset: Dataset
    ) -> set[str]:
        """Collect the columns to read. Raises NotAnswerable, also where the log has no times."""
        names = self._guard.mentioned(expressions, dataset)
        if spans is not None:
            self._guard.mentioned([sa.column("time")], dataset)
        return names
