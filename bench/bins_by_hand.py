"""By hand, for questions about stated probabilities: scores cut into bins, and what came true."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bench.by_hand import Hand

# As many as ``calibration`` cuts, as other numbers could not be compared.
BINS = 15
PLACES = [number / BINS for number in range(1, BINS)]

CUTS = "SELECT quantile_cont(score, $places) FROM {rows}"
_OFF = "CASE WHEN yes THEN 1 - score ELSE score END"
BINNED = f"""
    SELECT {{bin}} AS bin, count(*), count(*) FILTER (yes), sum(score), sum({_OFF} * {_OFF})
    FROM {{rows}} GROUP BY bin ORDER BY bin
"""


@dataclass(frozen=True)
class Bin:
    """Cases, hits, the sum of what was stated, and that of the squared gaps."""

    n: int
    hits: int
    stated: float
    squares: float

    @property
    def gap(self) -> float:
        """What came true less what was stated."""
        return (self.hits - self.stated) / self.n

    @property
    def noise(self) -> float:
        """How much of the squared gap is chance."""
        return (self.squares / self.n - self.gap**2) / (self.n - 1)


def bins(hand: Hand, rows: str) -> list[Bin]:
    """Cut the scores of some rows into bins of equally many, and count what came true."""
    ((cuts,),) = hand.rows(CUTS.format(rows=rows), places=PLACES, reference=hand.reference)
    sql = BINNED.format(bin=place("score", cuts), rows=rows)
    return [Bin(*counted) for _, *counted in hand.rows(sql, reference=hand.reference)]


def error(found: Sequence[Bin]) -> float:
    """Give the typical gap, less what chance adds to it."""
    n = sum(each.n for each in found)
    return math.sqrt(max(0.0, sum(each.n * (each.gap**2 - each.noise) for each in found) / n))


def place(value: str, cuts: Sequence[float], first: int = 0) -> str:
    """Write the number of cuts that a value reaches, as nested halves."""
    if not cuts:
        return str(first)
    half = len(cuts) // 2
    below = place(value, cuts[:half], first)
    above = place(value, cuts[half + 1 :], first + half + 1)
    return f"CASE WHEN {value} < {cuts[half]!r} THEN {below} ELSE {above} END"
