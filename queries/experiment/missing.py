"""Whether the metric that decides is known of one arm more often than of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.statistics.multiplicity import benjamini_hochberg
from queries.statistics.rates import two_proportions

UNEVEN = 0.001
"""Below this p value it is. As strict as for the split, as both void all else."""

LEAST = 0.005
"""A smaller difference of the known shares, of many users, moves no result that matters."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Of how many of each arm's users the metric is known, the control first.

    ``arm`` is the one that differs most from the control, and ``p`` how likely chance makes that
    (pooled z test, corrected for several arms).
    """

    known: tuple[int, ...]
    users: tuple[int, ...]
    arm: int
    p: float | None

    @property
    def uneven(self) -> bool:
        """Whether it is known of one arm more often than of another, beyond chance."""
        apart = abs(self.share(self.arm) - self.share(0))
        return self.p is not None and self.p < UNEVEN and apart >= LEAST and sum(self.known) > 0

    def share(self, arm: int) -> float:
        """The part of an arm's users of whom it isn't known."""
        return 1 - self.known[arm] / self.users[arm] if self.users[arm] else 0.0


def missing_from(known: Sequence[int], users: Sequence[int]) -> Missing:
    """Compare every arm with the control."""
    tests = [
        two_proportions(known[at], users[at], known[0], users[0]).p for at in range(len(users))
    ]
    corrected = [None, *benjamini_hochberg(tests[1:])]
    surest = min(range(1, len(users)), key=lambda at: _p(corrected[at]), default=0)
    return Missing(tuple(known), tuple(users), surest, corrected[surest])


def _p(p: float | None) -> float:
    return 1.0 if p is None else p
