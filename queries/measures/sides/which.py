"""Two sides of a comparison: two versions, two values of a column, or two times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from queries.core import words
from queries.core.errors import BadQuestion, NotAnswerable, Problem
from queries.core.filters import Filter, as_typed
from queries.core.kinds.pair import VERSION, Pair
from queries.core.log import Log
from queries.core.nearest import nearest
from queries.core.source import Visibility
from queries.core.times.reading import Reading
from queries.core.times.spans import Span, overlap
from queries.measures.counting.expressions import Condition, Expression, Sample

Of = Literal["version", "value", "time"]
_INSTANT = timedelta.resolution


@dataclass(frozen=True, slots=True)
class Served:
    """One version (or value): how many requests it served, and from when to when."""

    value: str
    rows: int
    span: Span | None


@dataclass(frozen=True, eq=False)
class Sides:
    """What is held against what. ``index`` is 0 on the first side, 1 on the second, else NULL.

    ``sample`` are the rows of both. ``together`` says that both serve over ``sample``'s time, so
    that they can be compared moment by moment. ``names`` are their values, or empty for times,
    which stand in ``spans``.
    """

    of: Of
    dimension: str
    names: tuple[str, str]
    index: Expression
    sample: Sample
    together: bool
    spans: tuple[Span, Span] | None = None


def of_values(
    log: Log, pair: Pair | None, reading: Reading, where: Sequence[Filter], which: str = ""
) -> Sides:
    """Hold two values of a column against each other, over the time in which both serve.

    Without a pair the version that came last, against the one before it. ``which`` says what else
    could be asked where there are not two. Raises NotAnswerable there.
    """
    conditions = tuple(log.matches(where))
    if pair is None:
        newer, older = _newest(log, conditions, reading, which)
        pair = Pair(VERSION, newer.value, older.value)
    else:
        newer, older = _seen(log, pair, conditions)
    sides = _conditions(log, pair)
    both = overlap(newer.span, older.span) if newer.span and older.span else None
    common = overlap(both, reading.covered) if both and reading.covered else None
    of: Of = "version" if pair.dimension == VERSION else "value"
    index, rows = sa.case((sides[0], 0), (sides[1], 1)), _rows(log, pair, sides, where)
    if common and not _both_serve(log, index, Sample(spans=(common,), where=rows)):
        common = None
    return Sides(
        of,
        pair.dimension,
        (pair.first, pair.second),
        index,
        Sample(spans=(common,) if common else reading.spans, where=rows),
        together=common is not None,
    )


def _both_serve(log: Log, index: Expression, sample: Sample) -> bool:
    """Tell whether both sides have requests in the time between their first and last ones.

    A version that was rolled back serves within a time in which the other one doesn't at all.
    """
    rows = log.aggregate(
        {"n": sa.func.count()}, by={"side": index}, spans=sample.spans, where=sample.where
    )
    return {0, 1} <= {row["side"] for row in rows}


def _conditions(log: Log, pair: Pair) -> tuple[Condition, Condition]:
    first, second = log.matches(
        [Filter(pair.dimension, "=", (value,)) for value in (pair.first, pair.second)]
    )
    return first, second


def _rows(
    log: Log, pair: Pair, sides: Sequence[Condition], where: Sequence[Filter]
) -> tuple[Condition, ...]:
    """The conditions for the rows of both sides; a column to split by alone chooses none."""
    conditions = tuple(log.matches(where))
    if log.visibility(pair.dimension) is not Visibility.OPEN:
        return conditions
    return (*conditions, sa.or_(*sides))


def _newest(
    log: Log, where: Sequence[Condition], reading: Reading, which: str
) -> tuple[Served, Served]:
    """Find the version that came last, and the one before it, of those in the time asked for."""
    if VERSION not in log.source.roles:
        raise NotAnswerable(
            f"{log.source.title} has no column for “version”. Declare which one it is in "
            f"[sources.{log.source.name}.roles]{which}."
        )
    there = [
        each
        for each in served(log, VERSION, where)
        if each.span is None or reading.covered is None or overlap(each.span, reading.covered)
    ]
    if len(there) < 2:
        only = f"only version “{there[0].value}”" if there else "no version"
        raise NotAnswerable(
            f"In this time {only} of {log.source.title} served. Ask for a longer time{which}."
        )
    return there[-1], there[-2]


def served(log: Log, dimension: str, where: Sequence[Condition]) -> list[Served]:
    """Count the requests of each value in the whole log, the one that came last at the end."""
    rows = log.aggregate(_extent(log), by={"value": log.column(dimension)}, where=where)
    # Left out here: of a column to split by alone no condition may be made.
    found = [_served(as_typed(row["value"]), row) for row in rows if row["value"] not in (None, "")]
    # Undated logs have no order but that of the names.
    begun = datetime.min.replace(tzinfo=UTC)
    found.sort(key=lambda each: (each.span.start if each.span else begun, _natural(each.value)))
    return found


def _seen(log: Log, pair: Pair, where: Sequence[Condition]) -> tuple[Served, Served]:
    """Count two values in the whole log. Raises NotAnswerable where one has no requests."""
    first, second = _conditions(log, pair)
    index: Expression = sa.case((first, 0), (second, 1))
    rows = log.aggregate(_extent(log), by={"side": index}, where=where)
    by_side = {row["side"]: row for row in rows}
    for side, value in enumerate((pair.first, pair.second)):
        if side not in by_side:
            named = f"{pair.dimension} {words.echoed(value)}"
            known = _values(log, pair.dimension)
            near = nearest(value, known) or known[:8]
            there = words.listed([words.echoed(each) for each in near], last="or")
            raise NotAnswerable(
                f"{log.source.title} has no request with {named}. Did you mean {there}?"
            )
    return _served(pair.first, by_side[0]), _served(pair.second, by_side[1])


def _values(log: Log, dimension: str) -> list[str]:
    """The values of a column as people type them, the commonest first."""
    rows = log.aggregate({"n": sa.func.count()}, by={"value": log.column(dimension)})
    rows = sorted(rows, key=lambda row: (-row["n"], str(row["value"])))
    return [as_typed(row["value"]) for row in rows if row["value"] not in (None, "")]


def _extent(log: Log) -> dict[str, Expression]:
    if log.source.undated:
        return {"rows": sa.func.count()}
    time = log.column("time")
    return {"rows": sa.func.count(), "first": sa.func.min(time), "last": sa.func.max(time)}


def _served(value: str, row: Mapping[str, Any]) -> Served:
    first, last = row.get("first"), row.get("last")
    span = Span(first, last + _INSTANT) if first and last else None
    return Served(value, int(row["rows"]), span)


def of_times(log: Log, reading: Reading, other: Reading, where: Sequence[Filter]) -> Sides:
    """Hold a time against another. Raises BadQuestion where they overlap."""
    now, then = reading.covered_span, other.covered
    if then is None:
        raise NotAnswerable(
            f"The log of {log.source.title} holds nothing {other.text}. Choose another time to "
            "compare with."
        )
    if overlap(now, then):
        message = "The two times overlap. Choose one that ends before the other begins."
        raise BadQuestion(Problem("against", message))
    return Sides(
        "time",
        "",
        ("", ""),
        log.period((now, then)),
        Sample(spans=(now, then), where=tuple(log.matches(where))),
        together=False,
        spans=(now, then),
    )


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Order 2.10 after 2.9."""
    parts: list[str] = []
    # A version is a text to the log, in which 2.10 would come before 2.9.
    for letter in text:
        if parts and parts[-1][-1].isdecimal() == letter.isdecimal():
            parts[-1] += letter
        else:
            parts.append(letter)
    return tuple((1, int(each), "") if each.isdecimal() else (0, 0, each) for each in parts)
