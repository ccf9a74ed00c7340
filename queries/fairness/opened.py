"""With which version a gap between groups opened."""

from __future__ import annotations

import math
from itertools import pairwise

from queries.core.number import Number
from queries.fairness.groups import Gap
from queries.fairness.report import FairnessReport
from queries.measures.counting.expressions import Key


def opened(report: FairnessReport, group: Key, matters: float) -> tuple[Gap, Gap] | None:
    """Give a group's gap in the last version without one and in the first with one.

    Versions are in the order in which they were first seen. A gap is there where its interval
    lies on one side of zero and it matters; it opened where it also differs from the gap of the
    version before by what matters, and beyond the chance of both (the intervals' halves put
    together).
    """
    mine = [each for each in report.version_gaps if each.group == group]
    for before, after in pairwise(mine):
        if not _is_gap(before.difference, matters) and _is_gap(after.difference, matters):
            apart = _apart(before.difference, after.difference, matters)
            # Only the first step: a gap that closes and opens again is told
            # by the versions' own table.
            return (before, after) if apart else None
    return None


def _is_gap(number: Number, matters: float) -> bool:
    if number.value is None or number.low is None or number.high is None:
        return False
    return abs(number.value) >= matters and (number.low > 0 or number.high < 0)


def _apart(one: Number, other: Number, matters: float) -> bool:
    values = (one.value, one.low, one.high, other.value, other.low, other.high)
    if any(each is None for each in values):
        return False
    a, a_low, a_high, b, b_low, b_high = (float(str(each)) for each in values)
    chance = math.hypot((a_high - a_low) / 2, (b_high - b_low) / 2)
    return abs(b - a) >= max(matters, chance)
