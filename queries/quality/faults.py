"""In which ways a column may be broken, each counted now and before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from queries.measures.columns.categories import Known
from queries.measures.columns.category_drift import CategoryDrift
from queries.measures.columns.comparisons import FEWEST
from queries.measures.columns.rare_categories import MOSTLY_RARE, rare_share, singles
from queries.quality.counts import NumberCounts
from queries.quality.types import Count, Held
from queries.statistics.exceedances import exceedance_p
from queries.statistics.rates import two_proportions, wilson


class Fault(StrEnum):
    """What may be wrong with a column, worst first; a column may have several."""

    ABSENT = "not logged"
    RETYPED = "type changed"
    UNREADABLE = "unreadable"
    EMPTIED = "missing"
    INFINITE = "infinite"
    OUTSIDE = "out of range"
    UNSEEN = "never seen"
    CONSTANT = "constant"


BY_FILES = (Fault.ABSENT, Fault.RETYPED)
"""What the files themselves tell, without chance."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One fault counted: hits and rows now and before, and the p value of there being more."""

    fault: Fault
    now: Count
    before: Count
    p: float | None


def of_files(held: Held, rows: int) -> Iterator[Aspect]:
    """Count what the files themselves tell: a column that is gone, of another type, unreadable."""
    if held.changed:
        fault = Fault.ABSENT if held.absent else Fault.RETYPED
        yield Aspect(fault, (held.rows, max(rows, held.rows)), (0, held.odd_before[1]), 0.0)
    elif held.odd[0]:
        yield _more(Fault.UNREADABLE, held.odd, held.odd_before)


def of_numbers(
    now: NumberCounts, before: NumberCounts, times: Count, held: Held
) -> Iterator[Aspect]:
    """Count what may be wrong with numbers.

    ``times`` says how often the one value of a column that is constant now came before.
    """
    # What can't be read counts as missing everywhere else; here it is a fault of its own.
    yield _more(
        Fault.EMPTIED,
        (now.missing - held.odd[0], now.rows),
        (before.missing - held.odd_before[0], before.rows),
    )
    yield _more(Fault.INFINITE, (now.infinite, now.rows), (before.infinite, before.rows))
    p = exceedance_p(before.n, now.n, now.below, now.above) if _enough(now.n, before.n) else None
    yield Aspect(Fault.OUTSIDE, (now.below + now.above, now.rows), (0, before.rows), p)
    if newly_constant(now, before):
        yield _constant(now.n, now.rows, times)


def newly_constant(now: NumberCounts, before: NumberCounts) -> bool:
    """Say whether all values are the same now, and weren't before."""
    return now.n > 0 and now.low == now.high and before.low != before.high


def of_categories(now: CategoryDrift, before: Known) -> Iterator[Aspect]:
    """Count what may be wrong with categories."""
    yield _more(Fault.EMPTIED, (now.missing, now.rows), (before.missing, before.rows))
    unseen = now.turnover.unseen_rows
    if rare_share(before) < MOSTLY_RARE:
        # Held against those that came once before, which is how many new ones are to be expected.
        more = _more(Fault.UNSEEN, (unseen, now.n), (singles(before), before.n))
        yield Aspect(Fault.UNSEEN, (unseen, now.rows), (0, before.rows), more.p)
    value = only_value(now)
    if value is not None and len(before.counts) + before.rarer_categories > 1:
        yield _constant(now.n, now.rows, (before.counts.get(value, 0), before.n))


def only_value(now: CategoryDrift) -> str | None:
    """Give the one category that all present values are of; None where there are several."""
    present = [(value, n) for value, n in now.counts.items() if n]
    present += now.turnover.unseen
    return present[0][0] if len(present) == 1 and present[0][1] == now.n else None


def _more(fault: Fault, now: Count, before: Count) -> Aspect:
    # One-sided: fewer faults than before are none.
    p = two_proportions(*now, *before, sides=1).p if _enough(now[1], before[1]) else None
    return Aspect(fault, now, before, p)


def _constant(n: int, rows: int, times: Count) -> Aspect:
    """Judge a column that is constant by how likely so many times the same value were."""
    # By the interval's upper end: a value never seen before is rare, not impossible.
    usual = wilson(*times).high
    p = usual**n if usual is not None and _enough(n, times[1]) else None
    return Aspect(Fault.CONSTANT, (n, rows), (0, times[1]), p)


def _enough(now: int, before: int) -> bool:
    return min(now, before) >= FEWEST
