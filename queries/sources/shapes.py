"""How a column as it is logged becomes the canonical one: text, number, yes-or-no or time.

A canonical time is naive UTC on every engine. Nothing is cast that already fits, so that
an engine can use what it knows of the raw column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from queries.core.catalog import ColumnKind
from queries.core.errors import LogUnreadable
from queries.core.times.spans import Span
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
ZONED_TEXT = r"\d:\d\d.*(Z|z|[+-]\d\d(:?\d\d)?)$"
"""How a text of a time ends that says its own zone."""

_FOLD = timedelta(hours=2)


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


@dataclass(frozen=True, slots=True)
class Shape:
    """How one column of one set of files is read.

    ``type`` is the engine's type of the values, ``kind`` what they are to become, ``text``
    whether they are stored as text, ``zone`` that of naive times, ``unit`` how many
    microseconds a number of a time counts (nanoseconds: 0).
    """

    type: str
    kind: ColumnKind
    text: bool
    zone: ZoneInfo
    unit: int = 1

    @property
    def may_misfit(self) -> bool:
        """Tell whether some values may turn out not to be of the kind."""
        stored = "text" if self.text else kind_of(self.type)
        return (stored == "text" and self.kind != "text" and kind_of(self.type) != self.kind) or (
            self.type.startswith("~") and self.kind != "text"
        )

    def read(self, column: Expression) -> Expression:
        """Give the canonical value of a column."""
        if self.kind == "time":
            return self._time(column)
        if self.kind == "text":
            return column if self.type == "VARCHAR" or self.text else sa.cast(column, sa.String)
        if self.text or kind_of(self.type) == "text":
            return sa.try_cast(column, self._target())
        if self.kind == "boolean":
            return column if self.type == "BOOLEAN" else sa.cast(column, sa.Boolean)
        if self.type in WHOLE_TYPES or self.type == "DOUBLE":
            return column
        return sa.cast(column, sa.BigInteger if self.type == "BOOLEAN" else sa.Double)

    def _target(self) -> sa.types.TypeEngine[Any]:
        if self.kind == "boolean":
            return sa.Boolean()
        return sa.BigInteger() if self.type == "BIGINT" else sa.Double()

    def _time(self, column: Expression) -> Expression:
        if kind_of(self.type) == "number":
            number = sa.try_cast(column, sa.BigInteger) if self.text else column
            return FromMicros(number * self.unit if self.unit else number // 1000)
        if self.type in NANOS:
            # A cast would round up, and the last moment would lie after what files say is last.
            cut = FromMicros(sa.func.epoch_ns(column, type_=sa.BigInteger) // 1000)
            return cut if self.type == ZONED_NANOS else self._naive(cut)
        if self.type == ZONED:
            zoned = sa.try_cast(column, sa.DateTime(timezone=True)) if self.text else column
            return NaiveUtc(zoned)
        if self.text or kind_of(self.type) == "text":
            return self._time_text(column)
        plain = column if self.type == "TIMESTAMP" else sa.cast(column, sa.DateTime)
        return self._naive(plain)

    def _time_text(self, column: Expression) -> Expression:
        naive = self._naive(sa.try_cast(column, sa.DateTime))
        if self.type == "TIMESTAMP":
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
            return _any([_between(column, span, self._counted) for span in spans])
        if self.type == ZONED:
            # On the raw column, whose statistics let whole files and row groups be skipped.
            return _any([_between(column, span, lambda time: time) for span in spans])
        if self.zone.key == "UTC":
            return _any([_between(column, span, _naive_utc) for span in spans])
        wide = [Span(span.start - _FOLD, span.end + _FOLD) for span in spans]
        return _any([_between(column, span, self._local) for span in wide]) & whole

    def _counted(self, time: datetime) -> int:
        micros = (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        # Rounded up: a number is at or after a moment exactly from the next whole one on.
        return -(-micros // self.unit) if self.unit else micros * 1000

    def _local(self, time: datetime) -> datetime:
        return time.astimezone(self.zone).replace(tzinfo=None)


def _naive_utc(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(tzinfo=None)


def _between(column: Expression, span: Span, bound: Any) -> sa.ColumnElement[bool]:
    start, end = bound(span.start), bound(span.end)
    return sa.and_(column >= sa.literal(start), column < sa.literal(end))


def _any(conditions: list[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    return sa.or_(*conditions) if conditions else sa.false()


def unit_of(largest: int, column: str) -> int:
    """Tell from the largest how many microseconds a time that is a number counts; ns is 0.

    Raises LogUnreadable for a number that is a time of this century in no unit.
    """
    if largest == 0:
        return 1
    # A 200th of each limit is 1985: between two units' ranges there is a
    # gap, so that none is guessed.
    for limit, unit in ((10**11, 1_000_000), (10**14, 1_000), (10**17, 1), (10**20, 0)):
        if limit // 200 <= largest < limit:
            return unit
    raise LogUnreadable(
        f"The times in “{column}” are numbers such as {largest}, which count neither seconds nor "
        "milliseconds, microseconds or nanoseconds since 1970. Log them so, or as timestamps."
    )
