"""A log with its two doors: ``aggregate`` for numbers, ``records`` for rows."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.catalog import ColumnKind
from queries.core.crowds.gate import Crowds
from queries.core.crowds.ledger import Ledger
from queries.core.crowds.refusals import TooFew
from queries.core.doors.absent import Lacking
from queries.core.doors.aggregates import group_names, grouped, ordered, plain, split_quantiles
from queries.core.doors.conditions import condition
from queries.core.doors.constructs import Bucket, Missing
from queries.core.doors.guard import Guard, columns_in
from queries.core.doors.rows import COPIES, UNREAD, Dataset, Fetched, Rows, Stored
from queries.core.doors.selects import Selects
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter, as_typed
from queries.core.provenance import Statement
from queries.core.source import Source, Visibility
from queries.core.times.index import day_index, span_index
from queries.core.times.spans import Span, naive
from queries.core.times.when import Window

Expression = sa.ColumnElement[Any]
Occurring = dict[tuple[str, ...], Mapping[str, int]]
"""The values of a column, by its name and what was looked for there; each with its rows."""

_PRODUCTION = Dataset.PRODUCTION
_COUNT = sa.func.count()
_COUNTED = "rows read"


class Log:
    """One source's log for the length of one ask, under canonical names.

    Expressions are built from ``column`` and friends and handed to ``aggregate`` or, for
    what needs windows, to ``relation`` and ``run``. Only the columns that they mention are
    read. ``statements`` keeps what ran, ``left_out`` what could not be read and why.
    """

    def __init__(
        self,
        source: Source,
        rows: Rows,
        row_cap: int,
        now: datetime,
        zone: ZoneInfo,
        occurring: Occurring | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        """``zone`` is the asker's: times that people write in conditions are read in it.

        ``occurring`` is kept from ask to ask: where declared values were found to occur;
        ``looked`` has all that was looked for in this one. ``doubts`` say of what is declared why
        nothing is told of it. ``ledger`` is kept likewise: what was told of groups of people.
        ``withheld`` says what isn't told of groups of people, and why. ``cuts`` has what was read
        of a time, and of it what the log covers, where that is less than was asked for.
        """
        self.source = source
        self.occurring: Occurring = {} if occurring is None else occurring
        self.looked: Occurring = {}
        self.doubts: list[str] = []
        self.withheld: list[str] = []
        self.cuts: dict[Window, tuple[Span, Span]] = {}
        self.statements: list[Statement] = []
        self._rows = rows
        self._row_cap = row_cap
        self._now, self._zone = now, zone
        self._guard = Guard(source, rows)
        self._extent: tuple[Span | None] | None = None
        self._selects = Selects(rows, self._guard, source.outcome_columns)
        self._crowds = Crowds(
            source, self._guard.visibility, self._people, self._event, ledger or Ledger()
        )

    @property
    def left_out(self) -> list[str]:
        """Give a sentence for each file, line, value or column that was left out, and why."""
        return list(dict.fromkeys([*self._rows.left_out, *self._guard.missed, *self.doubts]))

    @property
    def notes(self) -> tuple[str, ...]:
        """Give sentences on what is told of groups of people, and what isn't."""
        return tuple(dict.fromkeys([*self.withheld, *self._crowds.said]))

    def lacking(self) -> tuple[Lacking, ...]:
        """Give the declared columns that the log doesn't hold. Raises LogUnreadable."""
        return self._guard.lacking()

    @property
    def lost(self) -> list[str]:
        """Give those of the sentences that tell of many rows that can't be placed in time."""
        return list(dict.fromkeys(self._rows.lost))

    @property
    def doubtful(self) -> list[str]:
        """Give those that make numbers doubtful: files that can't be read, many values."""
        return list(dict.fromkeys(self._rows.doubtful))

    def has(self, name: str, dataset: Dataset | None = None) -> bool:
        """Tell whether the log holds a column of this canonical name that is not hidden.

        Without a data set: whether production or the reference has it.
        """
        return self._guard.is_readable(name, dataset)

    @property
    def dimensions(self) -> list[str]:
        """Give the names of the columns to split by unasked that the log holds; the version is one.

        Not those by which people are only grouped: who wants to know about these asks for them.
        """
        names = dict.fromkeys((*self.source.dimensions, "version"))
        return [name for name in names if self.has(name) and not self.is_crowd(name)]

    def visibility(self, name: str) -> Visibility:
        """Tell who may see a column: anyone, nobody one by one, or nobody."""
        return self._guard.visibility(name)

    def kind(self, name: str) -> ColumnKind:
        """Tell what a column holds. Raises NotAnswerable like ``column``."""
        return self._guard.field(name).kind

    def stored(self, name: str, dataset: Dataset = _PRODUCTION) -> Sequence[Stored]:
        """Tell how each part of the log (a file, or a table) holds a column, oldest first.

        So that a type that changed is seen. Raises NotAnswerable like ``column``.
        """
        self._guard.field(name)
        return self._rows.stored(name, dataset)

    def column(self, name: str) -> Expression:
        """Give a column by its canonical name.

        Raises NotAnswerable where it is missing or hidden, naming the role to declare.
        """
        return sa.column(name, self._guard.field(name).sql_type)

    def missing(self, name: str) -> sa.ColumnElement[bool]:
        """Whether a value is missing: NULL, NaN, or a text with nothing in it."""
        return Missing(self.column(name))

    def unread(self, name: str, dataset: Dataset = _PRODUCTION) -> sa.ColumnElement[bool]:
        """Whether there is a value that can't be read as what the column holds.

        Such a value counts as missing. False throughout where the log's own types forbid it.
        """
        self._guard.field(name)
        flag = f"{UNREAD}{name}"
        there = self._rows.field(flag, dataset) is not None
        return sa.column(flag, sa.Boolean()) if there else sa.false()

    @property
    def copies(self) -> Expression:
        """How many rows a request has in the log, of which the last one counts."""
        there = self._rows.field(COPIES, _PRODUCTION) is not None
        return sa.column(COPIES, sa.BigInteger()) if there else sa.literal(1, sa.BigInteger())

    def equals(self, name: str, value: str | float | bool) -> sa.ColumnElement[bool]:
        """Whether a column equals a declared value, whatever type the log holds it in."""
        field = self._guard.field(name)
        return self.column(name) == field.fitted(value)

    def fitted(self, name: str, value: str | float | bool) -> str | float | bool:
        """Write a declared value as the column holds it. Raises ValueError where it can't."""
        return self._guard.field(name).fitted(value)

    def bucket(self, origin: datetime, seconds: int) -> sa.ColumnElement[int]:
        """0-based index of the bucket of ``time``, counted from an aware origin."""
        return Bucket(self.column("time"), naive(origin), seconds)

    def day(self, first: date, last: date, zone: ZoneInfo) -> sa.ColumnElement[int]:
        """Index of the zone's day of ``time``, 0 for ``first``; NULL outside the days."""
        return day_index(self.column("time"), first, last, zone)

    def period(self, spans: Sequence[Span]) -> sa.ColumnElement[int]:
        """Index of the first of the spans in which ``time`` lies; NULL outside them."""
        self._crowds.told_of(spans)
        return span_index(self.column("time"), spans)

    def matches(self, filters: Sequence[Filter]) -> list[sa.ColumnElement[bool]]:
        """Turn people's filters into conditions for ``where``.

        ``!=`` and ``not in`` keep rows without a value: they are not that value either.
        Raises BadQuestion where a value does not fit the column's kind.
        """
        conditions = [
            condition(one, self.column(one.column), self.kind(one.column), self._zone)
            for one in filters
        ]
        self._crowds.asked_for(conditions)
        return conditions

    def aggregate(
        self,
        measures: Mapping[str, Expression],
        *,
        by: Mapping[str, Expression] | None = None,
        spans: Sequence[Span] | None = None,
        where: Sequence[sa.ColumnElement[bool]] = (),
        dataset: Dataset = _PRODUCTION,
    ) -> list[dict[str, Any]]:
        """Compute measures over the rows, or per group of ``by``; ordered by the groups.

        Each row is a dict of the names in ``by`` and ``measures``. Without ``by`` there is
        exactly one row. ``spans`` None means all times. Raises TookTooLong, Cancelled,
        LogUnreadable, and NotAnswerable where there are more groups than a page holds.
        """
        groups = self._crowds.crowded(by or {}, measures.values(), spans, where, dataset)
        if twice := groups.keys() & measures.keys():
            raise ValueError(f"{sorted(twice)} name both a group and a measure")
        self._guard.check_measures(measures.values())
        self._guard.check_conditions(where)
        packed, unpack = split_quantiles(measures)
        # How many rows were read is told of each answer; a count that is asked for anyway serves.
        counted = next((name for name, one in packed.items() if one.compare(_COUNT)), _COUNTED)
        packed.setdefault(counted, _COUNT)
        inner, rest = self._selects.rows(
            [*groups.values(), *packed.values()], where, spans, dataset
        )
        fetched = self._fetch(grouped(inner, groups, packed).where(*rest))
        found = [unpack(dict(zip(fetched.keys, row, strict=True))) for row in fetched.rows]
        self._record(fetched, sum(row[counted] for row in found))
        self._crowds.check_counts(by or {}, packed, found, counted)
        rows = [{name: plain(row[name]) for name in (*groups, *measures)} for row in found]
        return ordered(rows, tuple(groups))

    def records(
        self,
        columns: Sequence[str],
        *,
        spans: Sequence[Span] | None,
        where: Sequence[sa.ColumnElement[bool]] = (),
        order: Sequence[Expression] = (),
        limit: int,
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        """Give at most a page of rows with these columns, as they were logged.

        Raises NotAnswerable for columns that are hidden or only to be grouped by.
        """
        self._check_listing(columns, where, order)
        if limit > self._row_cap:
            raise ValueError(f"a page holds at most {self._row_cap:,} rows")
        page = self._selects.page(columns, spans, where, order, (limit, offset))
        fetched = self._fetch(page)
        self._record(fetched, len(fetched.rows))
        return [dict(zip(columns, map(plain, row), strict=True)) for row in fetched.rows]

    def stream(
        self,
        columns: Sequence[str],
        *,
        spans: Sequence[Span] | None,
        where: Sequence[sa.ColumnElement[bool]] = (),
        order: Sequence[Expression] = (),
        batch: int = 10_000,
    ) -> Generator[list[tuple[Any, ...]], None, None]:
        """Give every row with these columns, in batches; nothing is held but one batch."""
        self._check_listing(columns, where, order)
        select = self._selects.listing(columns, spans, where, order)
        total, seconds, last = 0, 0.0, None
        try:
            for last in self._rows.stream(select, batch):
                total, seconds = total + len(last.rows), seconds + last.seconds
                yield [tuple(map(plain, row)) for row in last.rows]
        # Also where the reader stops half way: what was read stands in the answer's provenance.
        finally:
            if last is not None:
                self.statements.append(Statement(last.sql, last.parameters, total, seconds))

    def relation(
        self,
        columns: Mapping[str, Expression],
        *,
        spans: Sequence[Span] | None = None,
        where: Sequence[sa.ColumnElement[bool]] = (),
        dataset: Dataset = _PRODUCTION,
    ) -> sa.Subquery:
        """Give rows as a subquery, for measures that need windows (ranks, running sums).

        The result is only good for ``run``.
        """
        self._guard.check_conditions(where)
        columns = self._crowds.crowded(columns, (), spans, where, dataset)
        inner, rest = self._selects.rows([*columns.values()], where, spans, dataset)
        labelled = [element.label(name) for name, element in columns.items()]
        relation = sa.select(*labelled).select_from(inner).where(*rest).subquery()
        self._guard.remember(relation, columns)
        return relation

    @contextmanager
    def kept(
        self,
        columns: Collection[str],
        *,
        spans: Sequence[Span] | None = None,
        where: Sequence[sa.ColumnElement[bool]] = (),
        dataset: Dataset = _PRODUCTION,
    ) -> Iterator[None]:
        """Have the engine keep rows while the block lasts, so that a join is made once.

        Inside, ``aggregate`` and ``relation`` read the kept rows wherever these hold all that is
        asked for: no other column or time, and every condition in ``where`` among the conditions.
        The numbers are the same; an engine that can't keep rows reads the log each time, and what
        a block around this one keeps is not kept again.
        """
        self._guard.check_conditions(where)
        with self._selects.kept(columns, where, spans, dataset) as held:
            if held is not None:
                self._record(held.filled, int(held.filled.rows[0][0]))
            yield

    def run(self, select: sa.Select[Any]) -> list[dict[str, Any]]:
        """Run one select over relations of this log, under the same cap and deadline.

        Groups come in the order of what they are grouped by, unless the select says another.
        """
        self._guard.check_run(select)
        fetched = self._fetch(select)
        self._record(fetched, len(fetched.rows))
        found = [dict(zip(fetched.keys, map(plain, row), strict=True)) for row in fetched.rows]
        # Else the first of equal ones would be another with each engine, and each run.
        return found if select._order_by_clauses else ordered(found, group_names(select))

    def is_crowd(self, name: str) -> bool:
        """Tell whether a column is one that people are only grouped by."""
        return self._crowds.is_guarded(name)

    def may_split_by(
        self,
        name: str,
        spans: Sequence[Span] | None = None,
        where: Sequence[sa.ColumnElement[bool]] = (),
        beside: Sequence[Expression] = (),
    ) -> bool:
        """Tell whether rows can be split by a column without telling of single people.

        ``beside`` is what would be measured of each group.
        """
        if not self._crowds.is_guarded(name):
            return True
        try:
            inside = {each for one in beside for each in columns_in(one)}
            self._crowds.hidden(name, spans, where, _PRODUCTION, inside)
        except TooFew:
            return False
        return True

    def values(
        self,
        name: str,
        most: int,
        spans: Sequence[Span] | None = None,
        where: Sequence[sa.ColumnElement[bool]] = (),
    ) -> dict[str, int]:
        """Give the commonest values of a column as people type them, each with its rows.

        Past the gate for groups of people, as declared values are looked for in it: who tells of a
        column that people are only grouped by leaves out those below ``smallest_group``.
        """
        column = self.column(name)
        inner, rest = self._selects.rows([column], where, spans, _PRODUCTION)
        count, there = sa.func.count(), [*rest, column.is_not(None)]
        select = grouped(inner, {"value": column}, {"n": count}).where(*there)
        fetched = self._fetch(select.order_by(count.desc(), column).limit(most))
        self._record(fetched, len(fetched.rows))
        found: dict[str, int] = {}
        for value, n in fetched.rows:
            text = as_typed(plain(value))
            found[text] = found.get(text, 0) + int(n)
        return found

    def _people(
        self,
        measures: Mapping[str, Expression],
        by: str,
        spans: Sequence[Span] | None,
        dataset: Dataset,
    ) -> list[dict[str, Any]]:
        """Count people by a column, past the gate: what it has to know before it opens."""
        column = self.column(by)
        inner, _ = self._selects.rows([column, *measures.values()], (), spans, dataset)
        fetched = self._fetch(grouped(inner, {by: column}, measures))
        self._record(fetched, 0)
        return [
            {name: plain(value) for name, value in zip(fetched.keys, row, strict=True)}
            for row in fetched.rows
        ]

    def _event(self, name: str) -> sa.ColumnElement[bool] | None:
        """Give what is counted of a column, where that is declared."""
        if not self.has(name, _PRODUCTION):
            return None
        if name == "failed":
            return sa.func.coalesce(self.column(name), sa.false())
        value = self.source.favourable if name == "decision" else self.source.positive
        if value is None:
            return None
        try:
            return sa.func.coalesce(self.equals(name, value), sa.false())
        except ValueError:
            return None

    def data_through(self) -> datetime | None:
        """Give the latest time in the log that is not after now, or None."""
        return self._rows.latest(self._now)

    def extent(self) -> Span | None:
        """Give the span from the first time in the log until just after the last one."""
        # Asked for by the time that is read, and by each declared value that is looked for.
        if self._extent is None:
            self._extent = (self._rows.extent(),)
        return self._extent[0]

    def _check_listing(
        self,
        columns: Sequence[str],
        where: Sequence[sa.ColumnElement[bool]],
        order: Sequence[Expression],
    ) -> None:
        self._guard.check_listed(columns)
        self._guard.check_conditions([*where, *order])

    def _fetch(self, select: sa.Select[Any]) -> Fetched:
        # One more than allowed shows that there are more. A second limit
        # would replace the select's own.
        limited = select.limit(self._row_cap + 1) if select._limit_clause is None else select
        fetched = self._rows.fetch(limited)
        if len(fetched.rows) > self._row_cap:
            raise NotAnswerable(
                f"The result has more than {self._row_cap:,} rows. "
                "Ask for a shorter time or a coarser split."
            )
        return fetched

    def _record(self, fetched: Fetched, read: int) -> None:
        statement = Statement(fetched.sql, fetched.parameters, read, fetched.seconds)
        self.statements.append(statement)
