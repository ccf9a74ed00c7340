"""Categories so rare that new ones are to be expected: how not to take them for a change."""

from __future__ import annotations

import math
from dataclasses import dataclass

from queries.measures.columns.categories import Known
from queries.measures.columns.category_drift import CategoryDrift

RARE = 5
"""Categories seen less often than this before are compared together with those never seen."""

MOSTLY_RARE = 0.5
"""From this share of rows with rare categories on, a column can't be compared."""

Counts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A category and its share of the present values; None stands for all new ones together."""

    value: str | None
    before: float
    now: float


def singles(known: Known) -> int:
    """Count the categories before that occur once; at least, where not all are told apart.

    As many rows of categories never seen are to be expected among as many rows (Good 1953).
    """
    told = sum(n == 1 for n in known.counts.values())
    # Categories that don't occur once hold two rows at least, which bounds how many do.
    return told + max(0, 2 * known.rarer_categories - known.rarer)


def rare_share(known: Known) -> float:
    """Give the share of the rows before whose category occurs less than ``RARE`` times."""
    rare = sum(n for n in known.counts.values() if n < RARE)
    if _rarer_are_rare(known):
        rare += known.rarer
    return rare / known.n if known.n else 0.0


def comparable_counts(known: Known, drift: CategoryDrift) -> tuple[Counts, Counts]:
    """Give the counts to compare, before and now, rare categories together with new ones.

    Told apart, new ones would always be none before and some now: a column of many rare values
    would seem to change with every look.
    """
    common = [value for value, n in known.counts.items() if n >= RARE]
    before = [known.counts[value] for value in common]
    now = [drift.counts[value] for value in common]
    if not _rarer_are_rare(known):
        before.append(known.rarer)
        now.append(drift.n - sum(drift.counts.values()) - drift.turnover.unseen_rows)
    return (*before, known.n - sum(before)), (*now, drift.n - sum(now))


def most_moved(known: Known, drift: CategoryDrift) -> Moved | None:
    """Find the category that adds most to the distance; None where one side holds nothing."""
    if not known.n or not drift.n:
        return None
    found = [
        Moved(value, n / known.n, drift.counts[value] / drift.n)
        for value, n in known.counts.items()
    ]
    found.append(Moved(None, 0.0, drift.turnover.unseen_rows / drift.n))
    return max(found, key=_part)


def largest(known: Known, drift: CategoryDrift, most: int = 8) -> tuple[Moved, ...]:
    """Give the categories with the largest shares on either side, the largest now first."""
    if not known.n or not drift.n:
        return ()
    counts = {value: (n, drift.counts[value]) for value, n in known.counts.items()}
    counts |= {value: (0, n) for value, n in drift.turnover.unseen}
    found = [Moved(value, was / known.n, now / drift.n) for value, (was, now) in counts.items()]
    found.sort(key=lambda each: (-max(each.before, each.now), each.value or ""))
    return tuple(sorted(found[:most], key=lambda each: (-each.now, -each.before)))


def _part(moved: Moved) -> float:
    """Give a category's part of the Jensen-Shannon divergence, up to a common factor."""
    middle = (moved.before + moved.now) / 2
    return sum(p * math.log(p / middle) for p in (moved.before, moved.now) if p)


def _rarer_are_rare(known: Known) -> bool:
    """Say whether the categories beyond those told apart are rare on average."""
    return known.rarer < RARE * known.rarer_categories
