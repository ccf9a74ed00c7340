"""How a column as it is logged becomes the canonical one: text, number, yes-or-no or time.

A canonical time is naive UTC on every engine. Nothing is cast that already fits, so that
an engine can use what it knows of the raw column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.catalog import ColumnKind
from queries.core.times.spans import Span
from queries.sources.cells.numbers import BY_NAME, as_plain
from queries.sources.cells.times import PLAIN, ZONED_TEXT, as_iso
from queries.sources.moments import FromMicros, NaiveUtc

Expression = sa.ColumnElement[Any]

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
SIGNED = WHOLE[:-1]
"""Whole numbers that fit into 64 bits."""
WHOLE_TYPES = (*WHOLE, *("U" + name for name in WHOLE))
NAIVE = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
ZONED = "TIMESTAMP WITH TIME ZONE"
ZONED_NANOS = "TIMESTAMPTZ_NS"
WITH_ZONE = (ZONED, ZONED_NANOS)
NANOS = ("TIMESTAMP_NS", ZONED_NANOS)
PARTLY_ZONED = "TIMESTAMP PARTLY ZONED"
NESTED = "STRUCT"
"""The type of values that are objects or lists."""

EARLIEST, LATEST = datetime(1971, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""A time of a request before or after these is no data, but a word for “never” or “unknown”."""

_UTC = ZoneInfo("UTC")
_COUNTED = datetime(1985, 1, 1, tzinfo=UTC)
_FOLD = timedelta(hours=2)

# In microseconds since 1970.
_YEAR_1, _YEAR_10000 = -62_135_596_800_000_000, 253_402_300_799_999_999


def kind_of(type_: str) -> ColumnKind | None:
    """Tell what values of an engine's type are; None where there are no values at all."""
    name = type_.lstrip("~")
    if name == "NULL":
        return None
    if name in WHOLE_TYPES or name in ("DOUBLE", "FLOAT") or name.startswith("DECIMAL"):
        return "number"
    if name == "BOOLEAN":
        return "boolean"
    if name in (*NAIVE, *WITH_ZONE, PARTLY_ZONED, "DATE"):
        return "time"
    return "text"


def is_nested(type_: str) -> bool:
    """Tell whether values of an engine's type are objects or lists."""
    return type_.startswith((NESTED, "MAP", "LIST")) or type_.endswith("]")


@dataclass(frozen=True, slots=True)
class Shape:
    """How one column of one set of files is read.

    ``type`` is the engine's type of the values, ``kind`` what they are to become, ``text``
    whether they are stored as text, ``zone`` that of naive times, ``unit`` how many
    microseconds a number of a time counts (nanoseconds: 0), ``form`` how a text of a time or a
    number is written. ``words`` are those that mean that a value is missing, where any of them
    occurs; ``unbound`` says that there may be times that are no data.
    """

    type: str
    kind: ColumnKind
    text: bool
    zone: ZoneInfo
    unit: int = 1
    form: str = PLAIN
    words: tuple[str, ...] = ()
    unbound: bool = False

    @property
    def may_misfit(self) -> bool:
        """Tell whether some values may turn out not to be of the kind."""
        if self.kind == "text" or kind_of(self.type) is None:
            return False
        if self.kind == "time" and (self.unbound or self.form):
            return True
        held = kind_of(self.type)
        if self.kind == "time" and held == "number":
            return self.type.startswith("~")
        stored = "text" if self.text else held
        return (stored == "text" and held != self.kind) or self.type.startswith("~")

    def read(self, column: Expression) -> Expression:
        """Give the canonical value of a column."""
        if self.words:
            word = sa.func.lower(sa.func.trim(column)).in_(self.words)
            column = sa.case((sa.not_(word), column))
        if self.kind == "time":
            at = self._time(column)
            return sa.case((at.between(*_BOUNDS), at)) if self.unbound else at
        if self.kind == "text":
            return column if self.type == "VARCHAR" or self.text else sa.cast(column, sa.String)
        if self.text or kind_of(self.type) == "text":
            if self.kind == "number" and self.form in BY_NAME:
                column = as_plain(column, self.form)
            return sa.try_cast(column, self._target())
        if self.kind == "boolean":
            return column if self.type == "BOOLEAN" else sa.cast(column, sa.Boolean)
        if self.type in WHOLE_TYPES or self.type == "DOUBLE":
            return column
        return sa.cast(column, sa.BigInteger if self.type == "BOOLEAN" else sa.Double)

    def unread(self, column: Expression) -> sa.ColumnElement[bool]:
        """Give the condition that there is a value, and it can't be read."""
        there: sa.ColumnElement[bool] = column.is_not(None)
        if self.words:
            there = sa.and_(there, sa.func.lower(sa.func.trim(column)).not_in(self.words))
        return sa.and_(there, self.read(column).is_(None))

    def clock(self, column: Expression) -> Expression:
        """Give what the log's clock shows at a time that doesn't say its zone; NULL for others."""
        nothing = sa.cast(sa.null(), sa.DateTime)
        if self._held in WITH_ZONE or kind_of(self._held) == "number":
            return nothing
        local = replace(self, zone=_UTC).read(column)
        if self._held != PARTLY_ZONED:
            return local
        text = as_iso(column, self.form) if self.form else column
        return sa.case((text.regexp_match(ZONED_TEXT), nothing), else_=local)

    def _target(self) -> sa.types.TypeEngine[Any]:
        if self.kind == "boolean":
            return sa.Boolean()
        return sa.BigInteger() if self.type == "BIGINT" else sa.Double()

    @property
    def _held(self) -> str:
        """What most values are: they are read as of it, and the others are missing."""
        return self.type.lstrip("~")

    def _time(self, column: Expression) -> Expression:
        if self.form:
            column = as_iso(column, self.form)
        if kind_of(self._held) == "number":
            return self._since_1970(column)
        if self._held in NANOS:
            # A cast would round up, and the last moment would lie after what files say is last.
            cut = FromMicros(sa.func.epoch_ns(column, type_=sa.BigInteger) // 1000)
            return cut if self._held == ZONED_NANOS else self._naive(cut)
        if self._held == ZONED:
            zoned = sa.try_cast(column, sa.DateTime(timezone=True)) if self.text else column
            return NaiveUtc(zoned)
        if self.text or kind_of(self._held) == "text":
            return self._time_text(column)
        plain = column if self._held == "TIMESTAMP" else sa.cast(column, sa.DateTime)
        return self._naive(plain)

    def _since_1970(self, column: Expression) -> Expression:
        if self._held in WHOLE_TYPES:
            number = sa.try_cast(column, sa.BigInteger) if self.text else column
            if not self.unit:
                return FromMicros(number // 1000)
            return FromMicros(_between_years(number, self.unit) * self.unit)
        seconds = (sa.try_cast if self.text else sa.cast)(column, sa.Double)
        micros = seconds * self.unit if self.unit else seconds / 1000
        return FromMicros(sa.cast(sa.func.round(_between_years(micros, 1)), sa.BigInteger))

    def _time_text(self, column: Expression) -> Expression:
        naive = self._naive(sa.try_cast(column, sa.DateTime))
        if self._held == "TIMESTAMP":
            return naive
        zoned = NaiveUtc(sa.try_cast(column, sa.DateTime(timezone=True)))
        return sa.case((column.regexp_match(ZONED_TEXT), zoned), else_=naive)

    def _naive(self, column: Expression) -> Expression:
        if self.zone.key == "UTC":
            return column
        # Inside out: from the zone's clock to a moment, and from that to UTC's clock.
        return sa.func.timezone("UTC", sa.func.timezone(self.zone.key, column))

    def within(self, column: Expression, spans: Sequence[Span]) -> sa.ColumnElement[bool]:
        """Give the condition that a time lies in one of the spans, on the raw column if it can.

        Naive times of a zone that moves its clocks are narrowed with two hours of slack
        on the raw column, and then compared exactly.
        """
        whole = _any([_between(self.read(column), span, _naive_utc) for span in spans])
        if self.text or kind_of(self.type) == "text" or self.type == ZONED_NANOS:
            return whole
        if kind_of(self.type) == "number":
            if self.type not in WHOLE_TYPES:
                return whole
            return _any([_between(column, span, self._counted) for span in spans])
        if self.type == ZONED:
            # On the raw column, whose statistics let whole files and row groups be skipped.
            return _any([_between(column, span, lambda time: time) for span in spans])
        if self.zone.key == "UTC":
            return _any([_between(column, span, _naive_utc) for span in spans])
        wide = [Span(span.start - _FOLD, span.end + _FOLD) for span in spans]
        return _any([_between(column, span, self._local) for span in wide]) & whole

    def _counted(self, time: datetime) -> int:
        return counted(time, self.unit)

    def _local(self, time: datetime) -> datetime:
        return time.astimezone(self.zone).replace(tzinfo=None)


_BOUNDS = (EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None))


def _between_years(number: Expression, unit: int) -> Expression:
    """Give a number where it counts to a year from 1 to 9999: engines fail at any other."""
    return sa.case((number.between(_YEAR_1 // unit, _YEAR_10000 // unit), number))


def _naive_utc(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(tzinfo=None)


def _between(column: Expression, span: Span, bound: Any) -> sa.ColumnElement[bool]:
    start, end = bound(span.start), bound(span.end)
    return sa.and_(column >= sa.literal(start), column < sa.literal(end))


def _any(conditions: list[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    return sa.or_(*conditions) if conditions else sa.false()


def unit_of(number: float) -> int | None:
    """Tell from a number that is a time how many microseconds it counts since 1970; ns is 0.

    None where it would be a time of this century in no unit.
    """
    for per_second, unit in ((1, 1_000_000), (10**3, 1_000), (10**6, 1), (10**9, 0)):
        # Between the ranges of two units there is a gap, so that none is guessed; dates that are
        # written without signs, such as 202611301949, lie in one.
        if _COUNTED.timestamp() * per_second <= number < LATEST.timestamp() * per_second:
            return unit
    return None


def counted(time: datetime, unit: int) -> int:
    """Give a time as a number of a unit since 1970, rounded up to the next whole one."""
    micros = (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    # A number is at or after a moment exactly from the next whole one on.
    return -(-micros // unit) if unit else micros * 1000
