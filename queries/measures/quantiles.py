"""Exact quantiles by group, each with an interval from the log's own values around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from scipy import stats

from queries.core.answer import ColumnType, Number
from queries.core.constructs import Quantile
from queries.core.logs import Log
from queries.core.spans import Span
from queries.measures.estimates import ENOUGH, LEVEL, cannot_say
from queries.measures.expressions import Condition, Expression, Key

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
    low = int(stats.binom.ppf(tail, n, q))
    high = int(stats.binom.ppf(1 - tail, n, q)) + 1
    return (low, high) if low >= 1 and high <= n else None


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
    places = {q: [_places(n, q) for n in counts.values() if n >= fewest(q)] for q in qs}
    wanted = dict.fromkeys([*qs, *(at for each in places.values() for pair in each for at in pair)])
    names = {at: f"q{i}" for i, at in enumerate(wanted)}
    measures = {name: Quantile(value, at) for at, name in names.items()}
    found: dict[Key, dict[float, Number]] = {
        key: {q: _too_few(n, q, unit) for q in qs} for key, n in counts.items()
    }
    for row in log.aggregate(measures, by=by, spans=spans, where=where):
        key = tuple(row[name] for name in by)
        n = counts.get(key, 0)
        for q in qs:
            if n >= fewest(q):
                found[key][q] = _number(row, names, n, q, unit)
    return found


def _places(n: int, q: float) -> tuple[float, ...]:
    """Where in the group, from 0 to 1, the values at the bounding ranks lie."""
    bounds = rank_bounds(n, q)
    return tuple((rank - 1) / (n - 1) for rank in bounds) if bounds and n > 1 else ()


def _number(
    row: Mapping[str, float], names: Mapping[float, str], n: int, q: float, unit: ColumnType
) -> Number:
    places = _places(n, q)
    if not places:
        return Number(row[names[q]], n, unit=unit, why=f"{n:,} values are too few for an interval")
    low, high = (row[names[at]] for at in places)
    return Number(row[names[q]], n, low, high, unit)


def _too_few(n: int, q: float, unit: ColumnType) -> Number:
    return cannot_say(f"too few to say: {n:,} values, at least {fewest(q)} are needed", n, unit)
