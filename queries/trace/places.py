"""Where one request's values lie among those of the days around it, counted in one pass."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from queries.core.doors.constructs import Quantile
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.spans import Span, naive
from queries.core.value import Cell
from queries.measures.columns.open import is_open
from queries.measures.counting.expressions import Condition, Expression, count_where, finite
from queries.statistics.rates import Count, wilson
from queries.trace.comparable import Other, is_other
from queries.trace.request import Found, Row

DAYS, DAY = timedelta(days=7), timedelta(days=1)
LEAST = 30
"""Among fewer values a place says too little."""

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Around:
    """The time that a request is compared with.

    ``span`` is None for a log without times, which is read whole. ``before`` says that it ends
    with the request; else it is the beginning of the log.
    """

    span: Span | None
    before: bool = True

    @property
    def spans(self) -> tuple[Span, ...] | None:
        """As a log's doors take it."""
        return None if self.span is None else (self.span,)


@dataclass(frozen=True, slots=True)
class Place:
    """One value among the others: of ``n`` that there are, how many are smaller, and equal to it.

    ``value`` is None where the request has none; ``rows`` are all requests, with a value or not.
    ``below`` is None for what has no order. ``spread`` is the middle half's width. ``empty`` counts
    the requests without a value and all of them, without those of the last day before the request
    where there are enough others: what made its own value empty may have lasted for hours.
    """

    name: str
    value: Cell
    n: int
    rows: int
    equal: int
    below: int | None = None
    spread: float | None = None
    empty: Count = (0, 0)

    @property
    def middle(self) -> Number | None:
        """The share of values below it, those equal counted by half; None where it has no place."""
        if self.value is None or self.below is None or self.n < LEAST:
            return None
        return wilson(self.below + self.equal / 2, self.n)

    @property
    def common(self) -> float | None:
        """The share of values that are the same."""
        return None if self.value is None or self.n < LEAST else self.equal / self.n


@dataclass(frozen=True)
class Places:
    """All values' places, the score's among them, and how its margin and decision compare.

    ``closer`` counts the requests whose score lay nearer to their threshold; ``alike`` those on
    its side of theirs that were decided as it was; ``others`` those decided otherwise.
    """

    around: Around
    rows: int
    of: Mapping[str, Place]
    closer: Count | None = None
    alike: Count | None = None
    others: int = 0


def around(found: Found, first: Any, through: Any) -> Around:
    """Choose the seven days that end with a request; the log's first ones where it begins later.

    ``first`` and ``through`` are the first and the last time of the log.
    """
    if found.time is None or first is None or through is None:
        return Around(None)
    if found.time - DAYS >= first:
        return Around(Span(found.time - DAYS, found.time + INSTANT))
    return Around(Span(first, min(first + DAYS, through) + INSTANT), before=False)


def usual_places(
    log: Log, found: Found, names: Sequence[str], near: Around, other: Other | None
) -> Places:
    """Count, for each named column, how many values are smaller, and how many the same."""
    earlier = _earlier(log, near)
    measures: dict[str, Expression] = {"rows": sa.func.count(), "earlier": count_where(earlier)}
    for at, name in enumerate(names):
        for key, measure in _counted(log, name, found.row.get(name), earlier):
            measures[f"{key}{at}"] = measure
    measures |= _margin(log, found.row)
    if other is not None:
        measures["others"] = count_where(is_other(log, other))
    counted = log.aggregate(measures, spans=near.spans)[0]
    places = {
        name: _place(name, _known(found.row.get(name)), counted, at)
        for at, name in enumerate(names)
    }
    return Places(
        around=near,
        rows=int(counted["rows"]),
        of=places,
        closer=_pair(counted, "closer", "margins"),
        alike=_pair(counted, "alike", "side"),
        others=int(counted.get("others") or 0),
    )


def _known(value: Cell) -> Cell:
    """The value, or None where it is none, as an empty text is."""
    if value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


def _earlier(log: Log, near: Around) -> Condition:
    """The requests more than a day before the one that is traced; all where it ends no time."""
    if near.span is None or not near.before:
        return sa.true()
    return log.column("time") < naive(near.span.end - DAY)


def _counted(
    log: Log, name: str, value: Cell, earlier: Condition
) -> Iterator[tuple[str, Expression]]:
    column, kind = log.column(name), log.kind(name)
    value = _known(value)
    if value is None:
        yield "empty", count_where(sa.and_(earlier, _lacks(log, name)))
    if kind == "number":
        number = finite(column)
        yield "n", sa.func.count(number)
        yield "low", Quantile(number, 0.25)
        yield "high", Quantile(number, 0.75)
        if isinstance(value, int | float):
            yield "below", count_where(number < sa.literal(float(value), sa.Double))
            yield "equal", count_where(number == sa.literal(float(value), sa.Double))
        return
    yield "n", count_where(sa.not_(log.missing(name)))
    if isinstance(value, bool):
        yield "equal", count_where(column.is_(sa.true() if value else sa.false()))
    elif value is not None:
        yield "equal", count_where(log.equals(name, str(value)))


def _lacks(log: Log, name: str) -> Condition:
    return finite(log.column(name)).is_(None) if log.kind(name) == "number" else log.missing(name)


def _place(name: str, value: Cell, counted: Mapping[str, Any], at: int) -> Place:
    low, high, below = (counted.get(f"{key}{at}") for key in ("low", "high", "below"))
    n, rows, earlier = int(counted[f"n{at}"]), int(counted["rows"]), int(counted["earlier"])
    empty = (int(counted.get(f"empty{at}") or 0), earlier) if earlier >= LEAST else (rows - n, rows)
    return Place(
        name=name,
        value=value,
        n=n,
        rows=rows,
        equal=int(counted.get(f"equal{at}") or 0),
        below=None if below is None else int(below),
        # Six digits, as the last ones of an interpolated quantile differ between engines.
        spread=None if low is None or high is None else float(f"{high - low:.6g}"),
        empty=empty,
    )


def _margin(log: Log, row: Row) -> dict[str, Expression]:
    """Count the requests nearer to their threshold, and those on this side decided alike."""
    score, threshold = row.get("score"), row.get("threshold")
    if not isinstance(score, int | float) or not isinstance(threshold, int | float):
        return {}
    logged = finite(log.column("score")) - finite(log.column("threshold"))
    margin = float(score) - float(threshold)
    if not math.isfinite(margin):
        return {}
    nearer = sa.func.abs(logged) < sa.literal(abs(margin), sa.Double)
    measures = {"margins": sa.func.count(logged), "closer": count_where(nearer)}
    decision = row.get("decision")
    if decision not in (None, "") and is_open(log, "decision"):
        side = logged >= 0 if margin >= 0 else logged < 0
        decided = sa.and_(side, sa.not_(log.missing("decision")))
        same = log.column("decision") == decision
        measures |= {"side": count_where(decided), "alike": count_where(sa.and_(decided, same))}
    return measures


def _pair(counted: Mapping[str, Any], hits: str, of: str) -> Count | None:
    return (int(counted[hits]), int(counted[of])) if hits in counted else None
