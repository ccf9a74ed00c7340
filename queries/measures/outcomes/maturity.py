"""Which days' outcomes are in: only those count, the others are shown apart.

Outcomes arrive late and the early ones are not representative (defaults come before repayments),
so a day counts when at least 95 % of the outcomes to expect for it are in, judged by how long
older days' outcomes took.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from queries.core.number import Number
from queries.statistics.estimates import cannot_say
from queries.statistics.rates import wilson

MATURE = 0.95


class DayState(StrEnum):
    """What a day's outcomes are good for."""

    MATURE = "mature"
    EARLY = "early"
    """Too young: outcomes are still to come."""
    MISSING = "missing"
    """Old enough, but clearly fewer outcomes are in than older days had."""
    EMPTY = "empty"
    """No row that could have an outcome."""
    UNKNOWN = "unknown"
    """No older day to judge by."""


@dataclass(frozen=True, slots=True)
class DayCounts:
    """One day: rows that can have an outcome, and those that have one.

    ``age`` is how many whole days have passed since the day ended. ``by_delay`` maps a delay in
    calendar days to the outcomes that took so long; empty where the log doesn't say when they came.
    """

    age: int
    eligible: int
    outcomes: int
    by_delay: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class DayMaturity:
    """One day's verdict.

    ``arrived`` is the share of its rows with an outcome, ``complete`` the share of the outcomes
    to expect that should be in at its age, None where no older day tells.
    """

    state: DayState
    arrived: Number
    complete: float | None


@dataclass(frozen=True, slots=True)
class Maturity:
    """Every day's state, in the order given, and what it was judged by.

    ``final`` is the share of rows that get an outcome in the end; ``usual_days`` the age at which
    95 % are in. ``mature`` sums rows and outcomes of the mature days.
    """

    days: tuple[DayMaturity, ...]
    final: Number
    usual_days: int
    mature_rows: int
    mature_outcomes: int


def judge(days: Sequence[DayCounts], declared_delay: float = 0.0) -> Maturity:
    """Say of each day whether its outcomes are in.

    With delays: the share in by age is the reverse-time product limit of the delays seen, which
    is not misled by days still too young to show long ones (Lagakos et al. 1988; the chain ladder
    of insurance). Without delays, or while no day is as old as that, a day is old enough at the
    source's declared delay (in days).
    A day is MISSING when Wilson's interval of its share lies wholly below 95 % of the share that
    older days reached.
    """
    curve = _share_in_by_age(days)
    limit = max(1, math.ceil(declared_delay)) if declared_delay > 0 else 0
    usual = _usual_age(curve, limit, max((day.age for day in days), default=0))
    final = _final_share(days, usual)
    judged = tuple(_judge_day(day, curve, usual, final) for day in days)
    counted = [
        day for day, verdict in zip(days, judged, strict=True) if verdict.state is DayState.MATURE
    ]
    return Maturity(
        judged,
        final,
        max(0, usual),
        sum(day.eligible for day in counted),
        sum(day.outcomes for day in counted),
    )


def _share_in_by_age(days: Sequence[DayCounts]) -> list[float] | None:
    """Give the share of outcomes that take at most 0, 1, 2, … days; None without delays."""
    # What came today is left out: a day that isn't over has not shown all of that delay.
    seen = [delay for day in days for delay, n in day.by_delay.items() if n and delay <= day.age]
    longest = max(seen, default=None)
    if longest is None:
        return None
    shares = [1.0] * (max(0, longest) + 1)
    for delay in range(longest, 0, -1):
        # Only days old enough to have shown such a delay: the others would count it as rare.
        old = [day.by_delay for day in days if day.age >= delay]
        exactly = sum(counts.get(delay, 0) for counts in old)
        within = sum(n for counts in old for took, n in counts.items() if took <= delay)
        stay = 1 - exactly / within if within else 1.0
        shares[delay - 1] = shares[delay] * stay
    return shares


def _usual_age(curve: list[float] | None, declared: int, oldest: int) -> int:
    """Give the age at which 95 % are in; the declared one where no day is as old as that.

    It is -1, so that today counts as well, where outcomes come with the rows.
    """
    if curve is None or oldest < declared:
        return declared or -1
    return next(age for age, share in enumerate(curve) if share >= MATURE)


def _final_share(days: Sequence[DayCounts], usual: int) -> Number:
    old = [day for day in days if day.age >= usual and day.eligible]
    if not old:
        return cannot_say("no day is old enough to tell", unit="share")
    return wilson(sum(day.outcomes for day in old), sum(day.eligible for day in old))


def _judge_day(day: DayCounts, curve: list[float] | None, usual: int, final: Number) -> DayMaturity:
    if not day.eligible:
        return DayMaturity(DayState.EMPTY, cannot_say("no rows", unit="share"), None)
    arrived = wilson(day.outcomes, day.eligible)
    complete = curve[min(day.age, len(curve) - 1)] if curve else None
    if day.age < usual:
        return DayMaturity(DayState.EARLY, arrived, complete)
    if not final.value:
        return DayMaturity(DayState.UNKNOWN, arrived, complete)
    # By the interval's upper end: a small day with a few missing is not yet an outage.
    short = arrived.high is not None and arrived.high < MATURE * final.value
    return DayMaturity(DayState.MISSING if short else DayState.MATURE, arrived, complete)
