"""What a promise is: in words, how often it is tried, and the share that is to come out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.statistics import coverage


@dataclass(frozen=True, slots=True)
class Goal:
    """Between which shares a result is to lie."""

    low: float = 0.0
    high: float = 1.0

    def __str__(self) -> str:
        if self.low and self.high < 1:
            return f"{100 * self.low:g} to {100 * self.high:g} %"
        return f"at least {100 * self.low:g} %" if self.low else f"at most {100 * self.high:g} %"

    def met(self, value: float) -> str:
        """Say in a word whether a result lies there."""
        return "yes" if self.low <= value <= self.high else "**no**"


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval, what it is of, and its simulation over a grid; ``why`` explains a miss."""

    of: str
    simulate: coverage.Interval
    why: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised in words, how often it is tried, and the share that comes out."""

    said: str
    runs: int
    simulate: Callable[[int], float]
    goal: Goal


COVERS = Goal(0.93, 0.97)
FALSE = Goal(high=0.05)
FOUND = Goal(low=0.9)
