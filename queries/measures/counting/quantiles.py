"""Exact quantiles by group, each with an interval from the log's own values around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil

from scipy.special import bdtr, bdtrik

from queries.core.doors.constructs import Quantile
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.spans import Span
from queries.core.value import ColumnType
from queries.measures.counting.expressions import Condition, Expression, Key
from queries.statistics.estimates import ENOUGH, LEVEL, cannot_say

BEYOND = 2
"""So many values at least must be expected beyond a quantile that is given."""


@cache
def rank_bounds(n: int, q: float, level: float = LEVEL) -> tuple[int, int] | None:
    """Give the ranks, from 1, of the two values that bound a quantile; None where n is too small.

    The order-statistic interval: the quantile lies from the l-th to the u-th of n values with the
    probability that a binomial count lies from l to u - 1 (David and Nagaraja 2003, §7.1), at
    least ``level``, whatever the values' distribution.
    """
    if n < 1:
        return None
    tail = (1 - level) / 2
    low, high = _binomial(tail, n, q), _binomial(1 - tail, n, q) + 1
    return (low, high) if low >= 1 and high <= n else None


def _binomial(p: float, n: int, q: float) -> int:
    """Give the least count that is not exceeded with probability ``p``."""
    # As scipy's binom.ppf does it, whose module takes half a second to import: the real inverse may
    # miss by a rounding, so the count below it is tried first.
    below: int = max(0, ceil(bdtrik(p, n, q)) - 1)
    return below if bdtr(below, n, q) >= p else below + 1


def fewest(q: float) -> int:
    """Give how many values are needed to give a quantile at all."""
    return max(ENOUGH, round(BEYOND / min(q, 1 - q)))


def quantiles(
    log: Log,
    value: Expression,
    qs: Sequence[float],
    counts: Mapping[Key, int],
    by: Mapping[str, Expression],
    spans: Sequence[Span] | None,
    where: Sequence[Condition],
    unit: ColumnType = "number",
) -> dict[Key, dict[float, Number]]:
    """Estimate quantiles of a number by group, in one pass.

    ``counts`` are the values of each group, counted before: from them follow the ranks that bound
    each quantile, and the values at those ranks are read as exact quantiles of the same pass.
    """
    measures = quantile_measures(value, qs, list(counts.values()))
    found = {key: read_quantiles({}, qs, n, unit) for key, n in counts.items()}
    for row in log.aggregate(measures, by=by, spans=spans, where=where):
        key = tuple(row[name] for name in by)
        if key in counts:
            found[key] = read_quantiles(row, qs, counts[key], unit)
    return found


def quantile_measures(
    value: Expression, qs: Sequence[float], counts: Sequence[int]
) -> dict[str, Expression]:
    """Give the measures that quantiles of groups of so many values need, to be read back below."""
    ranked = {(q, n) for n in counts for q in qs if n >= fewest(q)}
    places = {place for q, n in ranked for place in (q, *_places(n, q))}
    return {_name(place): Quantile(value, place) for place in sorted(places)}


def read_quantiles(
    row: Mapping[str, float], qs: Sequence[float], n: int, unit: ColumnType = "number"
) -> dict[float, Number]:
    """Read one group's quantiles and their bounds from a row of these measures."""
    return {
        q: _number(row, n, q, unit) if n >= fewest(q) and row else _too_few(n, q, unit) for q in qs
    }


def _name(place: float) -> str:
    return f"quantile {place!r}"


def _places(n: int, q: float) -> tuple[float, ...]:
    """Where in the group, from 0 to 1, the values at the bounding ranks lie."""
    bounds = rank_bounds(n, q)
    # Where an interpolating quantile meets that rank exactly: bounds are values of the log.
    return tuple((rank - 1) / (n - 1) for rank in bounds) if bounds and n > 1 else ()


def _number(row: Mapping[str, float], n: int, q: float, unit: ColumnType) -> Number:
    places = _places(n, q)
    if not places:
        why = f"{n:,} values are too few for an interval"
        return Number(row[_name(q)], n, unit=unit, why=why)
    low, high = (row[_name(place)] for place in places)
    return Number(row[_name(q)], n, low, high, unit)


def _too_few(n: int, q: float, unit: ColumnType) -> Number:
    return cannot_say(f"too few to say: {n:,} values, at least {fewest(q)} are needed", n, unit)
