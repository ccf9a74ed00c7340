"""What a score is good for: how much of what is rare lies among the cases that score most for it.

Bands of equally many cases are taken one after another, the most telling first. The gain is the
share of all that is looked for within the bands taken so far; the lift of a band is its part of
what is looked for over its part of the cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queries.core.number import Number
from queries.measures.sides.counts import Sums
from queries.statistics.estimates import ENOUGH
from queries.statistics.rates import wilson


@dataclass(frozen=True, slots=True)
class Taken:
    """One band, and all up to it: their part of the cases, and what is found in them.

    The intervals take the bands' sizes as given and are Wilson's, of the part of what is looked
    for that lies within.
    """

    band: int
    cases: Sums
    found: int
    lift: Number
    taken: float
    gain: Number


@dataclass(frozen=True)
class Lift:
    """Bands in the order in which they are taken.

    ``positive`` says that the positive class is looked for, from the highest scores on; else the
    others are, from the lowest on: whichever is rarer.
    """

    positive: bool
    sought: int
    bands: tuple[Taken, ...]


def lift(bands: Mapping[int, Sums]) -> Lift | None:
    """Measure lift and gain of cases by score band; None where there is too little to look for."""
    known = {at: each for at, each in bands.items() if each.n}
    n, hits = sum(each.n for each in known.values()), sum(each.total for each in known.values())
    # Of what is rarer: where nearly all are positive, no band can hold much more than its part.
    positive = 2 * hits <= n
    sought = round(hits if positive else n - hits)
    if len(known) < 2 or sought < ENOUGH:
        return None
    taken, found, listed = 0, 0, []
    for at in sorted(known, reverse=positive):
        each = known[at]
        here = round(each.total if positive else each.n - each.total)
        taken, found = taken + each.n, found + here
        part, size = wilson(here, sought), each.n / n
        times = Number(*_over(part, size))
        listed.append(
            Taken(
                band=at,
                cases=each,
                found=here,
                lift=times,
                taken=taken / n,
                gain=wilson(found, sought),
            )
        )
    return Lift(positive, sought, tuple(listed))


def _over(part: Number, size: float) -> tuple[float, int, float, float]:
    value, low, high = part.value or 0.0, part.low or 0.0, part.high or 0.0
    return value / size, part.n, low / size, high / size
