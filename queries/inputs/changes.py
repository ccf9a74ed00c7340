"""Which inputs changed against what they are compared with, beyond chance and by enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.number import Number
from queries.core.source import Matters
from queries.measures.columns.comparisons import FEWEST, Baseline, Comparison, compare
from queries.measures.columns.rare_categories import MOSTLY_RARE
from queries.measures.columns.rates import BEYOND_CHANCE, Count, RateChange, rate_changes
from queries.measures.counting.expressions import Sample
from queries.measures.counting.over_time import emptied
from queries.statistics.multiplicity import benjamini_hochberg
from queries.statistics.rates import wilson
from queries.statistics.usual import COMPARABLE, usual_rate


class Verdict(StrEnum):
    """What happened to an input, worst first; an input may have several."""

    EMPTIED = "emptied"
    INFINITE = "infinite"
    SHIFTED = "shifted"
    RENEWED = "new values"
    GONE = "values gone"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class InputChange:
    """One input compared, and what is to be said of it.

    ``q`` is the p value of its shift, corrected for the number of inputs (Benjamini-Hochberg);
    ``gained`` the change of its share of missing values. ``gone`` are the vanished categories
    that matter. ``why`` is the reason where nothing can be said of its values.
    """

    compared: Comparison
    q: float | None
    gained: Number
    gone: tuple[tuple[str, float], ...]
    verdicts: tuple[Verdict, ...]
    why: str = ""

    @property
    def name(self) -> str:
        """The input's name."""
        return self.compared.name

    @property
    def missing(self) -> Number:
        """Its share of rows without a value now."""
        return wilson(self.compared.now.missing, self.compared.now.rows)

    @property
    def missing_before(self) -> Number:
        """Its share of rows without a value in what it is compared with."""
        return wilson(self.compared.before.missing, self.compared.before.rows)

    @property
    def unseen_share(self) -> float:
        """The share of rows now with a category never seen before."""
        rows = self.compared.now.rows
        return self.compared.unseen_rows / rows if rows else 0.0


def input_changes(log: Log, before: Baseline, now: Sample) -> tuple[InputChange, ...]:
    """Compare inputs with a reference or with the comparable past; the worst change first."""
    found = compare(log, before, now)
    # A two-sample test takes a share for constant; where there is a past, that says how it varies.
    usual = _usually_missing(log, [each.name for each in found], before.sample, now)
    whys = [_why(each) for each in found]
    p_values = [None if why else each.chance.p for each, why in zip(found, whys, strict=True)]
    columns = zip(
        found,
        whys,
        benjamini_hochberg(p_values),
        rate_changes([_missing(each) for each in found]),
        rate_changes([_infinite(each) for each in found]),
        rate_changes([_unseen(each) for each in found]),
        strict=True,
    )
    matters = log.source.matters
    judged = [
        _judged(
            each,
            why,
            q,
            missing,
            {
                Verdict.EMPTIED: each.name not in usual and missing.risen(matters.missing),
                Verdict.INFINITE: infinite.risen(matters.missing),
                Verdict.RENEWED: not why and unseen.risen(matters.missing),
                Verdict.FILLED: each.name not in usual and missing.fallen(matters.missing),
            },
            matters,
        )
        for each, why, q, missing, infinite, unseen in columns
    ]
    return tuple(sorted(judged, key=_rank))


def _missing(each: Comparison) -> tuple[Count, Count]:
    return (each.now.missing, each.now.rows), (each.before.missing, each.before.rows)


def _infinite(each: Comparison) -> tuple[Count, Count]:
    return (each.now.infinite, each.now.rows), (each.before.infinite, each.before.rows)


def _unseen(each: Comparison) -> tuple[Count, Count]:
    return (each.unseen_rows, each.now.n), (each.singles, each.before.n)


def _usually_missing(log: Log, names: Sequence[str], before: Sample, now: Sample) -> set[str]:
    """Name the inputs missing no more nor less than their share varies between periods."""
    past = before.spans or ()
    if before.dataset is Dataset.REFERENCE or len(past) < COMPARABLE or not now.spans:
        return set()
    counted = emptied(log, names, [*now.spans, *past], now.where)
    return {str(each.value) for each in counted if not usual_rate(each.past, each.now).unusual}


def _why(each: Comparison) -> str:
    """Say why a column's values can't be compared, where they can't."""
    if all(side.rows and side.missing == side.rows for side in (each.now, each.before)):
        return "always empty"
    if min(each.now.n, each.before.n) < FEWEST:
        return "too few values to say"
    if each.rare >= MOSTLY_RARE:
        return "too many different values to compare"
    return ""


def _judged(
    each: Comparison,
    why: str,
    q: float | None,
    missing: RateChange,
    said: Mapping[Verdict, bool],
    matters: Matters,
) -> InputChange:
    gone = tuple(one for one in each.vanished if one[1] >= matters.missing) if not why else ()
    moved = q is not None and q <= BEYOND_CHANCE and each.beyond_chance >= matters.drift
    true = {**said, Verdict.SHIFTED: moved, Verdict.GONE: bool(gone)}
    verdicts = tuple(verdict for verdict in Verdict if true[verdict])
    return InputChange(
        compared=each, q=q, gained=missing.difference, gone=gone, verdicts=verdicts, why=why
    )


def _rank(change: InputChange) -> tuple[int, float, float, str]:
    order = list(Verdict)
    worst = order.index(change.verdicts[0]) if change.verdicts else len(order)
    gained = change.gained.value or 0.0
    emptied = -gained if Verdict.EMPTIED in change.verdicts else 0.0
    return worst, emptied, -(change.compared.effect or 0.0) if not change.why else 1.0, change.name
