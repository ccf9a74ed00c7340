"""How much wider an estimate is where observations go together, as those of one person do."""

from __future__ import annotations

import math
from dataclasses import replace

from queries.core.number import Number


def design_effect(k: float, n: int, entities: int, kk: float, kn: float, nn: float) -> float:
    """Give how much entities with several requests widen a rate's variance, at least 1.

    From sums over entities of hits², hits·requests and requests²; see ``mean_design_effect``.
    """
    return mean_design_effect(k, k, n, entities, kk, kn, nn)


def mean_design_effect(
    total: float, squares: float, n: int, entities: int, kk: float, kn: float, nn: float
) -> float:
    """Give how much entities with several values widen a mean's variance, at least 1.

    From the sums of ``n`` values and of their squares, and those over entities of (sum of its
    values)², sum·count and count²: the linearised cluster-robust variance
    Σ(kₑ - m·nₑ)²/n²·c/(c-1) over that of independent values (Kish 1965).
    """
    if n < 2 or entities < 2:
        return 1.0
    centre = total / n
    within = squares / n - centre * centre
    if within <= 0:
        return 1.0
    # Σ(kₑ - m·nₑ)² multiplied out, as the engine sums before the mean m is known.
    between = max(0.0, kk - 2 * centre * kn + centre * centre * nn)
    return max(1.0, between / (n * n) * entities / (entities - 1) / (within / (n - 1)))


def widened(number: Number, effect: float) -> Number:
    """Widen an interval by the root of a design effect."""
    if number.value is None or number.low is None or number.high is None or effect <= 1:
        return number
    factor = math.sqrt(effect)
    below, above = number.value - number.low, number.high - number.value
    return replace(number, low=number.value - factor * below, high=number.value + factor * above)


def widened_metric(number: Number, effect: float) -> Number:
    """Widen a metric's interval; it stays above 0, and a share of cases within 1."""
    wide = widened(number, effect)
    if wide.low is None or wide.high is None or number.high is None:
        return wide
    # Errors relative to the outcome are shares too, and may well exceed 1.
    shared = number.unit == "share" and number.high <= 1
    high = min(1.0, wide.high) if shared else wide.high
    return replace(wide, low=max(0.0, wide.low), high=high)
