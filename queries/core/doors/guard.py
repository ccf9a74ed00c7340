"""Which columns pass through a log's doors, by what their source says of who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from queries.core.doors.absent import Lacking, absent, lacking
from queries.core.doors.rows import UNREAD, Dataset, Field, Rows
from queries.core.errors import LogUnreadable, NotAnswerable
from queries.core.source import Source, Visibility

Expression = sa.ColumnElement[Any]

_SINGLE_VALUES = frozenset(
    {"min", "max", "any_value", "first", "last", "mode", "arg_min", "arg_max"}
)
_FAILED = ("status", "error")


class DeclaredRows(sa.TextClause):
    """A SELECT that a declaration makes rows with; looked at when that was read."""

    inherit_cache = True


class Guard:
    """Lets through what a source's visibility allows, and says why where it does not."""

    def __init__(self, source: Source, rows: Rows) -> None:
        self._source = source
        self._rows = rows
        self._wanting: set[str] = set()
        self._relations: list[tuple[sa.Subquery, frozenset[str]]] = []

    def visibility(self, name: str) -> Visibility:
        """Tell who may see a canonical column; ``failed`` shows no more than it is made of."""
        columns, name = self._source.columns, name.removeprefix(UNREAD)
        if name == "failed":
            made_of = [self._source.visible(columns[role]) for role in _FAILED if role in columns]
            return Visibility.HIDDEN if Visibility.HIDDEN in made_of else Visibility.OPEN
        column = columns.get(name) or self._source.outcome_columns.get(name)
        return self._source.visible(column) if column else Visibility.OPEN

    def is_readable(self, name: str, dataset: Dataset | None = None) -> bool:
        """Tell whether a column is there, in a data set or in any, and not hidden.

        One that lies in a place which cannot be read counts as there: asking for it says
        what is wrong with the place.
        """
        if self.visibility(name) is Visibility.HIDDEN:
            return False
        try:
            if dataset is not None:
                return self._rows.field(name, dataset) is not None
            if self._found(name) is not None:
                return True
        # Else one unreadable file of outcomes would hide that outcomes are declared at all.
        except LogUnreadable:
            return True
        self._wanting.add(name)
        return False

    def lacking(self) -> tuple[Lacking, ...]:
        """Give the declared columns that the log doesn't hold."""
        return tuple(lacking(self._source, self._rows))

    @property
    def missed(self) -> list[str]:
        """Give a sentence for each declared column that was looked for in vain so far."""
        if not self._wanting & {*self._source.columns, *self._source.outcome_columns}:
            return []
        try:
            return [each.sentence for each in self.lacking() if each.name in self._wanting]
        # Outcomes that can't be read just now are told by whoever asks for them.
        except LogUnreadable:
            return []

    def field(self, name: str) -> Field:
        """Tell what a readable column holds. Raises NotAnswerable with what to declare."""
        if self.visibility(name) is Visibility.HIDDEN:
            message = f"“{name}” of {self._source.title} is hidden: nobody can ask for it."
            raise NotAnswerable(message)
        if (field := self._found(name)) is not None:
            return field
        raise NotAnswerable(absent(self._source, self._rows, name))

    def _found(self, name: str) -> Field | None:
        field = self._rows.field(name, Dataset.PRODUCTION)
        if field is None and self._source.reference is not None:
            return self._rows.field(name, Dataset.REFERENCE)
        return field

    def _elsewhere(self, name: str, lacking: Dataset) -> str:
        """Say that one of the two data sets lacks a column that the other has."""
        title, key = self._source.title, f"sources.{self._source.name}"
        if lacking is Dataset.REFERENCE:
            return (
                f"The reference set of {title} has no “{name}”; only its log has. "
                f"Add the column to what [{key}.reference] names."
            )
        apart = f", or outcomes of their own in [{key}.outcomes]" if name == "outcome" else ""
        return (
            f"The log of {title} has no “{name}”; only its reference set has. "
            f"Declare which column it is in [{key}.roles]{apart}."
        )

    def mentioned(self, expressions: Iterable[Expression], dataset: Dataset) -> set[str]:
        """Collect the canonical columns in expressions.

        Raises NotAnswerable for those that are hidden, or that the data set lacks.
        """
        names = {name for expression in expressions for name in columns_in(expression)}
        for name in names:
            self.field(name)
            if self._rows.field(name, dataset) is None:
                raise NotAnswerable(self._elsewhere(name, dataset))
        return names

    def _grouped(self, names: Iterable[str]) -> list[str]:
        return sorted(name for name in names if self.visibility(name) is Visibility.GROUPED)

    def _refuse(self, names: Sequence[str], what: str) -> None:
        if names:
            raise NotAnswerable(
                f"“{names[0]}” of {self._source.title} can only be split by; {what} is not "
                "allowed, as it could show a single person."
            )

    def check_conditions(self, conditions: Iterable[Expression]) -> None:
        """Refuse conditions on columns that are only to be grouped by."""
        for condition in conditions:
            self._refuse(self._grouped(columns_in(condition)), "choosing rows by it")

    def check_listed(self, columns: Iterable[str]) -> None:
        """Refuse to list columns that are only to be grouped by."""
        self._refuse(self._grouped(columns), "listing it")

    def check_measures(self, measures: Iterable[Expression]) -> None:
        """Refuse measures that hand out a single value of a column that is to be grouped by."""
        for measure in measures:
            if _picks_single_values(measure):
                self._refuse(self._grouped(columns_in(measure)), "showing single values of it")

    def remember(self, relation: sa.Subquery, columns: Mapping[str, Expression]) -> None:
        """Keep which columns of a relation are made of ones that are only to be grouped by."""
        guarded = {name for name, made in columns.items() if self._grouped(columns_in(made))}
        self._relations.append((relation, frozenset(guarded)))

    def check_run(self, select: sa.Select[Any]) -> None:
        """Refuse what is no SELECT, and one that lists columns that are to be grouped by."""
        if not isinstance(select, sa.Select):
            raise TypeError("a log runs one SELECT")
        inside = list(visitors.iterate(select))
        texts = (element for element in inside if isinstance(element, sa.TextClause))
        if not all(isinstance(element, DeclaredRows) for element in texts):
            raise TypeError("a log runs no SQL in text")
        for relation, guarded in self._relations:
            used = sorted(guarded) if any(element is relation for element in inside) else []
            if used and not select._group_by_clauses:
                self._refuse(used, "listing it")


def columns_in(expression: Expression) -> set[str]:
    """Collect the names of the log's columns that an expression mentions."""
    return {
        element.name
        for element in visitors.iterate(expression)
        # Those of a subquery belong to it, and were looked at when it was made.
        if isinstance(element, sa.ColumnClause) and element.table is None and not element.is_literal
    }


def _picks_single_values(measure: Expression) -> bool:
    """Tell whether a measure may hand out one row's value as it is."""
    names = [
        str(getattr(element, "name", ""))
        for element in visitors.iterate(measure)
        if isinstance(element, sa.sql.functions.FunctionElement)
    ]
    # array_agg, string_agg and their like hand out all of them.
    return any(name in _SINGLE_VALUES or "agg" in name for name in names)
