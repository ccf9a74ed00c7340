"""The gate behind a log's doors for columns that people are only grouped by.

What is told by such a column is told of crowds: of groups of at least ``smallest_group`` people,
none of which can be worked out from what an answer shows beside it, nor from what was told before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from queries.core.crowds.ledger import Ledger, Population
from queries.core.crowds.refusals import one_by_one, together, too_few, too_near
from queries.core.crowds.selects import Condition, Expression, counts_some, put_together
from queries.core.crowds.sizes import Sizes, too_small
from queries.core.crowds.told import Pair, rows_of
from queries.core.doors.guard import columns_in
from queries.core.doors.rows import Dataset
from queries.core.source import Source, Visibility
from queries.core.times.spans import Span
from queries.core.value import Cell

Count = Callable[
    [Mapping[str, Expression], str, Sequence[Span] | None, Dataset], list[dict[str, Any]]
]
"""Counts measures by a column over the rows of some spans, past the gate."""

MOST_GROUPS = 50
"""A number with more values than this is measured, not split by."""

_IDS = ("request_id", "entity_id")
_EVENTS = {"failed", "decision", "prediction"}
"""Columns of whose values it is counted how many there are: a pair of answers tells who they are
of the few between them."""


class Crowds:
    """Decides for one ask what may be told of each column that people are only grouped by."""

    def __init__(
        self,
        source: Source,
        visible: Callable[[str], Visibility],
        count: Count,
        event: Callable[[str], Condition | None],
        ledger: Ledger,
    ) -> None:
        """``event`` gives what is counted of a column: that a request failed, was approved …"""
        self._source, self._visible = source, visible
        self._count, self._event, self._ledger = count, event, ledger
        self._asked: list[Condition] = []
        self._periods: dict[Span, None] = {}
        self._found: dict[tuple[str, Population, frozenset[str]], frozenset[Cell]] = {}
        self.said: list[str] = []

    def asked_for(self, conditions: Iterable[Condition]) -> None:
        """Remember the conditions that a person gave; all others are of the question itself."""
        self._asked += conditions

    def told_of(self, spans: Iterable[Span]) -> None:
        """Remember the times of which something is told one by one."""
        self._periods.update(dict.fromkeys(spans))

    def is_guarded(self, name: str) -> bool:
        """Tell whether people are only grouped by a column that is there to split by."""
        source = self._source
        splits = (*source.protected, *source.dimensions, "version", "variant")
        return name in splits and self._visible(name) is Visibility.GROUPED

    def crowded(
        self,
        expressions: Mapping[str, Expression],
        beside: Iterable[Expression],
        spans: Sequence[Span] | None,
        where: Sequence[Condition],
        dataset: Dataset,
    ) -> dict[str, Expression]:
        """Give expressions in which groups that are too small are counted together.

        ``beside`` is what is measured of them. Raises TooFew where nothing could be told.
        """
        found = dict(expressions)
        for name in self._guarded_in(found.values()):
            inside = {each for one in (*found.values(), *beside) for each in columns_in(one)}
            hidden = self.hidden(name, spans, where, dataset, inside)
            if hidden:
                found = {label: put_together(one, name, hidden) for label, one in found.items()}
        return found

    def hidden(
        self,
        name: str,
        spans: Sequence[Span] | None,
        where: Sequence[Condition],
        dataset: Dataset,
        beside: Collection[str] = (),
    ) -> frozenset[Cell]:
        """Give the groups that are too small to be told. Raises TooFew where none can be.

        ``beside`` names the columns of which something is told by group.
        """
        events = frozenset(_EVENTS & {*beside})
        whole = Population.of(dataset, None if spans is None else tuple(spans), where, events)
        if (name, whole, events) not in self._found:
            self._found[name, whole, events] = self._hidden(name, whole)
        return self._found[name, whole, events]

    def check_counts(
        self,
        by: Mapping[str, Expression],
        measures: Mapping[str, Expression],
        found: Sequence[Mapping[str, Any]],
        counted: str,
    ) -> None:
        """Refuse groups' shares of so few rows that who they are could be looked up.

        ``counted`` is the measure that counts all rows. Raises TooFew.
        """
        names, least = self._guarded_in(by.values()), self._source.smallest_group
        if not names:
            return
        whole = sum(row[counted] for row in found)
        for label in (label for label, measure in measures.items() if counts_some(measure)):
            some = sum(row[label] for row in found)
            if any(0 < n < least for n in (some, whole - some)):
                raise too_few(self._source, names[0])

    def _guarded_in(self, expressions: Iterable[Expression]) -> list[str]:
        names = {name for each in expressions for name in columns_in(each)}
        return sorted(filter(self.is_guarded, names))

    def _hidden(self, name: str, whole: Population) -> frozenset[Cell]:
        asked = tuple(each for each in whole.where if self._is_asked(each))
        if chosen_by := {each for each in _IDS for one in asked if each in columns_in(one)}:
            raise one_by_one(name, chosen_by)
        told = [
            Population.of(whole.dataset, None if span is None else (span,), asked, whole.events)
            for span in self._told(whole.spans)
        ]
        now, before = self._tables(name, whole, asked, told)
        groups = {group for table in now for group, n in table.items() if n}
        # Of so many values nobody is told one by one: they are measured.
        if len(groups) > MOST_GROUPS and all(isinstance(each, int | float) for each in groups):
            return frozenset()
        least = self._source.smallest_group
        order = self._ledger.order(name, lambda: self._by_size(name, whole.dataset))
        # Of one group alone it would be told that whoever was chosen is of it.
        if too_small(now, least, order) is None or (len(groups) == 1 and asked):
            raise too_few(self._source, name)
        hidden = too_small([*now, *before], least, order)
        if hidden is None:
            raise too_near(self._source, name)
        self._ledger.keep(name, told)
        if hidden and (said := together(self._source, name)) not in self.said:
            self.said.append(said)
        return hidden

    def _tables(
        self,
        name: str,
        whole: Population,
        asked: Sequence[Condition],
        told: Sequence[Population],
    ) -> tuple[list[Sizes], list[Sizes]]:
        """Count people by group, in one pass: of what is told now, and beside what was before."""
        pairs: list[Pair] = self._ledger.near(name, told)
        own = [each for each in whole.where if not self._is_asked(each)]
        rows = rows_of(told, asked, own, pairs, self._event)
        every = (*rows.now, *rows.apart, *rows.events)
        people = {f"n{at}": self._people(each) for at, each in enumerate(every)}
        spans = [span for each in (*told, *(old for _, old in pairs)) for span in each.spans or ()]
        found = self._count(people, name, spans or None, whole.dataset)
        tables: list[Sizes] = [{row[name]: int(row[label]) for row in found} for label in people]
        apart, events = len(rows.now), len(rows.now) + len(rows.apart)
        # Of what happened, all groups together: who they are can be looked up, as in ``find``.
        summed: list[Sizes] = [{None: sum(each.values())} for each in tables[events:]]
        return tables[:apart], [*tables[apart:events], *summed]

    def _told(self, spans: tuple[Span, ...] | None) -> list[Span | None]:
        """Give the times of which something is told: periods within those read, else these."""
        if spans is None:
            return [None]
        periods = [
            each
            for each in self._periods
            if any(span.start <= each.start and each.end <= span.end for span in spans)
        ]
        return [*(periods or spans)]

    def _by_size(self, name: str, dataset: Dataset) -> list[Cell]:
        """Order the groups by how many people they are in the whole log, the fewest first."""
        found = self._count({"n": self._people(sa.true())}, name, None, dataset)
        return [row[name] for row in sorted(found, key=lambda row: (row["n"], str(row[name])))]

    def _is_asked(self, condition: Condition) -> bool:
        inside = list(visitors.iterate(condition))
        return any(one is each for one in self._asked for each in inside)

    def _people(self, condition: Condition) -> Expression:
        """Count people, where it is declared who they are, else requests."""
        known = "entity_id" in self._source.roles
        if not known or self._visible("entity_id") is Visibility.HIDDEN:
            return sa.func.count(sa.case((condition, 1)))
        return sa.func.count(sa.case((condition, sa.column("entity_id"))).distinct())
