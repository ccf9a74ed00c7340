"""What is common to every engine's rows of a source: its fields, and its canonical select."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from queries.core.catalog import ColumnKind
from queries.core.doors.rows import COPIES, OUTCOMES, UNREAD, Dataset, Fetched, Field, Stored
from queries.core.formulas.text import read_conditions
from queries.core.formulas.tree import Formula, columns
from queries.core.source import Place, Source
from queries.core.times.spans import Span
from queries.sources import outcomes, requests
from queries.sources.canonical import (
    ORDER,
    Canonical,
)
from queries.sources.cells.choosing import check_where
from queries.sources.cells.expressions import Made, formula_of
from queries.sources.cells.roles import are_nested, held_by_role, told
from queries.sources.cells.wanted import Wanted
from queries.sources.clockchanges import ClockChange, clock_changes
from queries.sources.requests import Repeated
from queries.sources.shapes import WHOLE_TYPES, WITH_ZONE, Shape, kind_of

# The second day, as a zone west of Greenwich would put the first before year 1.
_BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
# The engine's own resolution: spans leave their end out, and the last row is to lie within.
_INSTANT = timedelta(microseconds=1)


class SourceRows(ABC):
    """One source's rows for one ask; an engine adds how a place is read and a select is run."""

    def __init__(self, source: Source, now: datetime) -> None:
        self._source, self._now = source, now
        self._wanted: dict[str, Mapping[str, Wanted]] = {}
        self._said: list[str] = []
        self._clocks: set[ClockChange] = set()

    @abstractmethod
    def scan(
        self, place: str, wanted: Mapping[str, Wanted], spans: Sequence[Span] | None
    ) -> sa.Select[Any]:
        """Give the rows of a place within some spans, with the wanted columns."""

    @abstractmethod
    def fetch(self, select: sa.Select[Any]) -> Fetched:
        """Run one select to its end."""

    @abstractmethod
    def types(self, place: str, column: str) -> list[tuple[str, int]]:
        """Give the types in which a column is held, each with how many rows hold it so."""

    @abstractmethod
    def names(self, place: str) -> Collection[str]:
        """Name the columns that a place really holds, declared or not."""

    @abstractmethod
    def parts(self, place: str, column: str, kind: ColumnKind) -> list[Stored]:
        """Tell how each part of a place holds a column that is read as a kind."""

    @abstractmethod
    def repeated(self, spans: Sequence[Span] | None) -> Repeated:
        """Count the rows of the log beyond the first of each request, in some spans or around."""

    @abstractmethod
    def may_misfit(self, place: str, one: Wanted) -> bool:
        """Tell whether some values of a column may turn out not to be of its kind."""

    @abstractmethod
    def surplus(self, select: sa.Select[Any]) -> int:
        """Count the outcomes beyond the first of each request."""

    def field(self, name: str, dataset: Dataset) -> Field | None:
        """Tell what a canonical column holds, or None where it is not there."""
        if dataset is Dataset.REFERENCE and self._source.reference is None:
            return None
        if name == COPIES:
            there = dataset is Dataset.PRODUCTION and "request_id" in self.wanted(dataset)
            return Field("number", whole=True) if there else None
        if name.startswith(UNREAD):
            one = self.wanted(dataset).get(name.removeprefix(UNREAD))
            odd = one is not None and one.formula is None and self.may_misfit(dataset, one.raw)
            return Field("boolean") if odd else None
        if name == "failed":
            made_of = [self._held("status", dataset), self._held("error", dataset)]
            return Field("boolean") if any(made_of) else None
        if name == "chunk":
            return Field("number", whole=True) if self._held(ORDER, dataset) else None
        apart = dataset is Dataset.PRODUCTION and name in self._source.outcome_columns
        return self._held(name, OUTCOMES if apart else dataset) if name != ORDER else None

    def stored(self, name: str, dataset: Dataset) -> Sequence[Stored]:
        """Tell how each part of a place holds a column, in the parts' own order of time."""
        if dataset is Dataset.REFERENCE and self._source.reference is None:
            return ()
        one = self.wanted(dataset).get(name)
        if one is None or one.formula is not None:
            return ()
        return self.parts(dataset, one.column, (one.read or one.field).kind)

    def _held(self, name: str, place: str) -> Field | None:
        """Tell what a declared column of a place holds; a place is not read for any other."""
        if name not in columns_of(self._source, place):
            return None
        one = self.wanted(place).get(name)
        return one.field if one else None

    def wanted(self, place: str) -> Mapping[str, Wanted]:
        """Tell which columns of a place there are, each with its column and what it holds."""
        if place not in self._wanted:
            # What the reference holds is read as production holds it, so that they compare.
            same = self.wanted(Dataset.PRODUCTION) if place == Dataset.REFERENCE else {}
            found = {
                name: self._found(place, name, column, same.get(name))
                for name, column in columns_of(self._source, place).items()
            }
            self._wanted[place] = {name: one for name, one in found.items() if one}
            if self._source.outcomes is not None and place != Dataset.REFERENCE:
                self._align_ids()
        return self._wanted[place]

    def _found(self, place: str, name: str, column: str, same: Wanted | None) -> Wanted | None:
        """Find a column in a place, or what it is computed from; None where it isn't there."""
        types, formula = self.types(place, column), formula_of(column)
        if formula is not None and all(kind_of(type_) is None for type_, _ in types):
            there = all(self.types(place, each) for each in columns(formula))
            return Wanted(column, Field("number"), formula) if there else None
        if not types or are_nested(name, types):
            return None
        if same is not None:
            return replace(same, column=column)
        read = held_by_role(self._source, name, types, as_text=self._is_text(place))
        if labels := tuple(self._source.labels.get(name, {}).items()):
            return Wanted(column, Field("text"), labels=labels, read=read)
        return Wanted(column, read)

    def read(
        self, place: str, wanted: Mapping[str, Wanted], spans: Sequence[Span] | None
    ) -> sa.Select[Any]:
        """Give the rows of a place that are to be taken, computed and labelled as declared."""
        where = self._source.where if place == Dataset.PRODUCTION else ""
        conditions = read_conditions(where) if where else ()
        check_where(self._source, where, partial(self.types, place), lambda: self.names(place))
        formulas = {name: one.formula for name, one in wanted.items() if one.formula}
        plain = {name: one.raw for name, one in wanted.items() if not one.formula}
        if not conditions and not formulas and not any(one.labels for one in wanted.values()):
            return self.scan(place, plain, spans)
        made = Made(formulas, conditions, self._operands(place, [*formulas.values()]))
        below = {label: Wanted(name, Field(kind)) for (name, kind), label in made.below.items()}
        rows = self.scan(place, {**plain, **below}, spans).subquery("read")
        computed = made.over(rows, plain).subquery("computed")
        listed = [told(computed.c[name], one).label(name) for name, one in wanted.items()]
        return sa.select(*listed or [sa.literal_column("1").label("present")]).select_from(computed)

    def _operands(self, place: str, formulas: Sequence[Formula]) -> dict[str, ColumnKind]:
        """Tell which columns of expressions hold times, so that a difference is a duration."""
        kinds: defaultdict[str, ColumnKind] = defaultdict(lambda: "number")
        for name in {each for formula in formulas for each in columns(formula)}:
            if any(kind_of(type_) == "time" for type_, _ in self.types(place, name)):
                kinds[name] = "time"
        return kinds

    def _is_text(self, place: str) -> bool:
        """Tell whether a place holds every value as text."""
        at = places_of(self._source)[place]
        return at.format in ("csv", "jsonl") and not at.rows

    def _align_ids(self) -> None:
        """Compare request ids as text where the log and the outcomes hold different kinds."""
        pair = [self._wanted.get(place, {}).get("request_id") for place in _JOINED]
        if pair[0] is None or pair[1] is None or pair[0].field.kind == pair[1].field.kind:
            return
        for place, one in zip(_JOINED, pair, strict=True):
            text = Wanted(one.column, Field("text")) if one else None
            self._wanted[place] = {**self._wanted[place], **({"request_id": text} if text else {})}

    def select(
        self,
        names: Collection[str],
        spans: Sequence[Span] | None,
        dataset: Dataset,
        *,
        as_logged: bool = False,
    ) -> sa.Select[Any]:
        """Give the rows of some spans with these columns, each labelled canonically."""
        if dataset is Dataset.PRODUCTION and spans is not None:
            self._note_clocks(spans)
        return self._select(names, spans, dataset, as_logged=as_logged)

    def _select(
        self,
        names: Collection[str],
        spans: Sequence[Span] | None,
        dataset: Dataset,
        *,
        as_logged: bool = False,
    ) -> sa.Select[Any]:
        scanner = _Scanner(self, as_logged=as_logged)
        return Canonical(self._source, scanner, self.field).select(names, spans, dataset)

    def with_outcomes(self, rows: sa.Subquery, names: Collection[str]) -> sa.Select[Any]:
        """Give rows that have a ``request_id`` with these columns of their outcomes too."""
        scanner = _Scanner(self, as_logged=True)
        return Canonical(self._source, scanner, self.field).with_outcomes(rows, names)

    def _note_clocks(self, spans: Sequence[Span]) -> None:
        """Say which rows of some spans have times that came twice, or that there never were."""
        new = [each for each in clock_changes(self._source.zone, spans) if each not in self._clocks]
        time = self.wanted(Dataset.PRODUCTION).get("time")
        if not new or time is None or time.formula is not None:
            return
        held = (type_ for type_, _ in self.types(Dataset.PRODUCTION, time.column))
        if all(kind_of(type_) == "number" or type_ in WITH_ZONE for type_ in held):
            return
        self._clocks.update(new)
        shown = Wanted(time.column, Field("time"), clock=True)
        near = [each.read_as for each in new]
        rows = self.read(Dataset.PRODUCTION, {"clock": shown}, near).subquery("local")
        counts: list[Any] = []
        for each in new:
            first, end = each.shown
            inside = sa.and_(rows.c["clock"] >= first, rows.c["clock"] < end)
            counts.append(sa.func.count().filter(inside))
        for each, count in zip(new, self.fetch(sa.select(*counts)).rows[0], strict=True):
            if count:
                self.say(each.said(count))

    def one_each(self, select: sa.Select[Any], *, dated: bool) -> sa.Select[Any]:
        """Give one outcome a request; says how many others there were."""
        count = self.surplus(select)
        if not count:
            return select
        self.say(outcomes.said(count, dated=dated))
        return outcomes.latest(select, self._now)

    def say(self, sentence: str) -> None:
        """Keep a sentence about how rows were counted, once."""
        if sentence not in self._said:
            self._said.append(sentence)

    def latest(self, now: datetime) -> datetime | None:
        """Give the latest time that is not after now."""
        if "time" not in self.wanted(Dataset.PRODUCTION):
            return None
        return self.asked_time(sa.func.max, [Span(_BEGINNING, now + _INSTANT)])

    def extent(self) -> Span | None:
        """Give the span of all times, or None where there are none."""
        if "time" not in self.wanted(Dataset.PRODUCTION):
            return None
        first, last = self.asked_time(sa.func.min, None), self.asked_time(sa.func.max, None)
        return Span(first, last + _INSTANT) if first and last else None

    def asked_time(self, pick: Any, spans: Sequence[Span] | None) -> datetime | None:
        """Ask the engine for the first or the last time."""
        rows = self._select(["time"], spans, Dataset.PRODUCTION).subquery("log")
        found = self.fetch(sa.select(pick(rows.c["time"]))).rows[0][0]
        return found.replace(tzinfo=UTC) if found is not None else None


_JOINED = (Dataset.PRODUCTION, OUTCOMES)


@dataclass(frozen=True)
class _Scanner:
    """Reads a source's places for the canonical select."""

    rows_of: SourceRows
    as_logged: bool

    def rows(
        self, dataset: Dataset, names: Collection[str], spans: Sequence[Span] | None
    ) -> sa.Select[Any]:
        """Give the rows of the log or the reference set with these canonical columns."""
        if dataset is Dataset.PRODUCTION and self._may_repeat(names):
            return self._once(names, spans)
        wanted = self._wanted(self.rows_of.wanted(dataset), names)
        return self.rows_of.read(dataset, wanted, spans)

    def _wanted(self, there: Mapping[str, Wanted], names: Collection[str]) -> dict[str, Wanted]:
        wanted = {
            name: replace(there[name.removeprefix(UNREAD)].raw, unread=True)
            if name.startswith(UNREAD)
            else there[name]
            for name in names
        }
        if not self.as_logged:
            return wanted
        return {name: replace(one, field=_exact(one.field)) for name, one in wanted.items()}

    def _may_repeat(self, names: Collection[str]) -> bool:
        """Say whether it matters that a request may have several rows; its times are the same."""
        return "request_id" in self.rows_of.wanted(Dataset.PRODUCTION) and {*names} != {"time"}

    def _once(self, names: Collection[str], spans: Sequence[Span] | None) -> sa.Select[Any]:
        """Give each request once; nothing is done for it where no request has several rows."""
        there = self.rows_of.wanted(Dataset.PRODUCTION)
        listed = [name for name in names if name != COPIES]
        found = self.rows_of.repeated(spans)
        if found.count and not found.tells_apart:
            self.rows_of.say(found.said(there["request_id"].column))
        if not found.count or not found.tells_apart:
            select = self.rows_of.read(Dataset.PRODUCTION, self._wanted(there, listed), spans)
            if COPIES not in names:
                return select
            rows = select.subquery("single")
            return sa.select(*rows.c, sa.literal(1, sa.BigInteger()).label(COPIES))
        self.rows_of.say(requests.said(found.count, dated="time" in there))
        every = dict.fromkeys([*listed, *requests.needed(there)])
        wanted = self._wanted(there, every)
        rows = self.rows_of.read(Dataset.PRODUCTION, wanted, spans).subquery("every")
        return requests.once(rows, list(names))

    def outcomes(self, names: Collection[str]) -> sa.Select[Any]:
        """Give one row a request of the outcomes that lie apart."""
        there = self.rows_of.wanted(OUTCOMES)
        select = self.rows_of.read(OUTCOMES, there, None)
        return self.rows_of.one_each(select, dated="outcome_time" in there)


def columns_of(source: Source, place: str) -> dict[str, str]:
    """Give canonical name to column of what is declared to be in one of a source's places."""
    if place == OUTCOMES and source.outcomes is not None:
        apart = source.outcomes
        named = {"request_id": apart.request_id, "outcome": apart.outcome}
        return named | ({"outcome_time": apart.outcome_time} if apart.outcome_time else {})
    columns = dict(source.columns)
    if place == Dataset.REFERENCE and source.reference is not None and source.reference.outcome:
        columns["outcome"] = source.reference.outcome
    if source.chunks is not None:
        columns[ORDER] = source.chunks.order
    return columns


def places_of(source: Source) -> dict[str, Place]:
    """Give the places of a source: production, and where declared reference and outcomes."""
    places: dict[str, Place] = {Dataset.PRODUCTION: source.place}
    if source.reference is not None:
        places[Dataset.REFERENCE] = source.reference.place
    if source.outcomes is not None:
        places[OUTCOMES] = source.outcomes.place
    return places


def _exact(one: Field) -> Field:
    return Field(one.kind, whole=True) if one.kind == "number" else one


def given(raw: sa.ColumnElement[Any], shape: Shape, one: Wanted) -> sa.ColumnElement[Any]:
    """Give what is wanted of a column's raw value: what it reads as, or whether it can't be."""
    if kind_of(shape.type) is None:
        return sa.false() if one.unread else sa.cast(sa.null(), one.field.sql_type)
    if one.unread:
        return shape.unread(raw)
    if one.clock:
        return shape.clock(raw)
    value = shape.read(raw)
    # What is measured is a double on every engine; parts of a log must be of one type.
    if one.field.kind == "number" and not one.field.whole and shape.type in WHOLE_TYPES:
        return sa.cast(value, sa.Double)
    return value
