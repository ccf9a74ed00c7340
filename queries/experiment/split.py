"""How users were split among arms, held against the configured shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.statistics.anytime import anytime_split
from queries.statistics.chi_square import pearson

# Far below 5 %: a broken split voids all else, and this is asked of every experiment each time.
BROKEN = 0.001
"""Below this p value the split is not the configured one."""


@dataclass(frozen=True, slots=True)
class Split:
    """How users were split, the control first, and how likely the configured shares make it.

    ``p`` is by chi-square, or by the sequential multinomial test while the experiment runs.
    """

    counts: tuple[int, ...]
    shares: tuple[float, ...]
    p: float | None

    @property
    def broken(self) -> bool:
        """Whether users were not split as configured."""
        return self.p is not None and self.p < BROKEN

    @property
    def furthest(self) -> int:
        """Give the arm that is furthest from its share, as a multiple of it."""
        n = max(1, sum(self.counts))
        off = [abs(k / n / share - 1) for k, share in zip(self.counts, self.shares, strict=True)]
        return max(range(len(off)), key=off.__getitem__)


def split_check(counts: Sequence[int], shares: Sequence[float], *, running: bool) -> Split:
    """Hold the users of each arm against the configured shares."""
    p = None
    if sum(counts):
        if running:
            # A chi-square test read every day would call one in a hundred
            # good splits broken each month.
            p = anytime_split(counts, shares)
        else:
            n = sum(counts)
            p = pearson(counts, [share * n for share in shares], len(counts) - 1)[1]
    return Split(tuple(counts), tuple(shares), p)
