"""The stretch of days in which a model was right less often than on all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from queries.core.number import Number
from queries.measures.outcomes.maturity import DayState
from queries.measures.performance.tally import Day
from queries.statistics.onset import FEWEST_BUCKETS, FEWEST_HITS, described
from queries.statistics.rates import wilson
from queries.statistics.scan import Scan, chance, exposure, largest

ALPHA = 0.01
"""How rarely chance may make as large a stretch: one is looked for in every answer."""


@dataclass(frozen=True, slots=True)
class WorseStretch:
    """Days ``first`` to ``last``, on which the share of right answers was ``during``.

    ``elsewhere`` is that of all other days. ``from_start`` and ``lasts`` say whether no day lies
    before or after it.
    """

    first: date
    last: date
    during: Number
    elsewhere: Number
    from_start: bool
    lasts: bool


def worse_stretch(days: Sequence[Day], matters: float) -> WorseStretch | None:
    """Find the worst stretch of mature days, where it is beyond chance and by what matters.

    The largest binomial likelihood ratio of the days' wrong answers is looked for (``Scan``); its
    null permutes the days, so that they may vary as they do, each by itself. A stretch that is
    better in the middle of others leaves none.
    """
    known = [
        (each.day, number.n, round(number.n * (1 - number.value)))
        for each in days
        if each.state is DayState.MATURE
        and (number := each.metrics.get("accuracy")) is not None
        and number.value is not None
    ]
    trials, wrong = [n for _, n, _ in known], [k for _, _, k in known]
    if len(known) < FEWEST_BUCKETS or not FEWEST_HITS <= sum(wrong) <= sum(trials) - FEWEST_HITS:
        return None
    scan = Scan(
        np.array(wrong, float),
        np.array(trials, float),
        exposure(np.array(trials, float), None),
        binomial=True,
    )
    p = chance(scan, np.random.default_rng(0), block=1)
    shift = described(scan, *largest(scan), p)
    if p > ALPHA or shift.began is None:
        return None
    start, stop = shift.began.at, shift.ended.at if shift.ended else len(known)
    # A scan finds the stretch that differs most either way: a better one at one end of
    # the time is a worse one up to there.
    if (shift.during.value or 0.0) < (shift.before.value or 0.0):
        if start and stop < len(known):
            return None
        start, stop = (0, start) if start else (stop, len(known))
    right, n = sum(trials[start:stop]) - sum(wrong[start:stop]), sum(trials[start:stop])
    during = wilson(right, n)
    elsewhere = wilson(sum(trials) - sum(wrong) - right, sum(trials) - n)
    if (elsewhere.value or 0.0) - (during.value or 0.0) < matters:
        return None
    first, last = known[start][0], known[stop - 1][0]
    return WorseStretch(
        first=first,
        last=last,
        during=during,
        elsewhere=elsewhere,
        from_start=start == 0,
        lasts=stop == len(known),
    )
