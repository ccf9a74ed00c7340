"""Which slice stands out for the worse, beyond what picking the worst of many would show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.performance.metrics import METRICS, Metrics, worsened
from queries.statistics.differences import change, wider
from queries.statistics.multiplicity import picked_level
from queries.statistics.rates import wilson


@dataclass(frozen=True, slots=True)
class Part:
    """One slice's metrics."""

    value: Cell
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class Standout:
    """The worst slice beside all others together. ``clear`` says that it stands out."""

    value: Cell
    here: Number
    elsewhere: Number
    clear: bool


def worst_first(metric: str, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Order slices by a metric, the worst first and those too small to say last."""
    turn = -1 if METRICS[metric].better == "lower" else 1

    def place(part: Part) -> tuple[bool, float, str]:
        value = part.metrics[metric].value
        return value is None, turn * (value or 0.0), str(part.value)

    return tuple(sorted(parts, key=place))


def worst_slice(
    metric: str, parts: Sequence[Part], overall: Number, matters: float
) -> Standout | None:
    """Hold the worst slice against the rest; None with fewer than two to compare.

    The interval of the difference is at the level for one picked of so many (Benjamini and
    Yekutieli 2005). ``matters`` is absolute for shares, else relative to the rest.
    """
    known = [part for part in worst_first(metric, parts) if part.metrics[metric].value is not None]
    if len(known) < 2 or overall.value is None:
        return None
    here = known[0].metrics[metric]
    rest = _without(overall, here)
    if rest is None:
        return None
    apart = wider(change(here, rest), picked_level(1, len(known)))
    least = matters if METRICS[metric].unit == "share" else matters * abs(rest.value or 0.0)
    return Standout(known[0].value, here, rest, bool(worsened(metric, apart, least)))


def _without(overall: Number, here: Number) -> Number | None:
    """Take a slice's rows out of a mean of all rows."""
    n = overall.n - here.n
    if n <= 0 or overall.value is None or here.value is None:
        return None
    value = (overall.value * overall.n - here.value * here.n) / n
    if overall.unit == "share":
        return wilson(min(n, max(0, round(value * n))), n)
    if overall.low is None or overall.high is None:
        return Number(value, n, unit=overall.unit, why=overall.why)
    # As if the rest varied as all rows do: its own sums of squares are no longer at hand.
    half = (overall.high - overall.low) / 2 * math.sqrt(overall.n / n)
    return Number(value, n, value - half, value + half, overall.unit)
