"""A share that clearly rose within a time: from when until when, and to how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Condition
from queries.measures.counting.over_time import OverTime, over_time
from queries.statistics.onset import Shift, find_shift


@dataclass(frozen=True, slots=True)
class Jump:
    """A share of requests that at least doubled, by as much as matters, beyond chance.

    ``during`` is the share between ``since`` and ``until``, which is None while it lasts;
    ``before`` the share in the rest of the time.
    """

    since: datetime
    until: datetime | None
    before: Number
    during: Number


def jump(
    log: Log, condition: Condition, span: Span, where: Sequence[Condition], least: float
) -> Jump | None:
    """Find the jump in the share of rows that meet a condition; ``least`` is what matters."""
    counts = over_time(log, condition, (span,), where)
    return jump_of(counts, shift_of(counts), least)


def shift_of(counts: OverTime) -> Shift:
    """Give the largest shift of the present's share."""
    # Seeded, so that the same question is answered alike each time.
    return find_shift(counts.hits[0], counts.trials[0], np.random.default_rng(0))


def jump_of(counts: OverTime, shift: Shift, least: float) -> Jump | None:
    """Give a shift as a jump where it is one.

    A share that only follows who asks, such as a part's which always lacks an input, moves too,
    but hardly doubles: then there is no moment to tell.
    """
    before, during = shift.before.value or 0.0, shift.during.value or 0.0
    if not shift.began or during < 2 * before or during - before < least:
        return None
    until = counts.at(shift.ended.at) if shift.ended else None
    return Jump(counts.at(shift.began.at), until, shift.before, shift.during)
