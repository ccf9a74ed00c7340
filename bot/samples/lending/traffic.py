"""When requests come in: daily and weekly rhythm by region, and no two days alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.samples.chance import Floats, Integers, Keys, keys, normal, poisson, uniform
from bot.samples.lending.plan import MINUTES_A_DAY, REGIONS, Plan

REGION_SHARES = np.array([0.27, 0.34, 0.24, 0.15])

_HOURS_AHEAD_OF_UTC = np.array([1, -6, 8, -4])
_DAILY_SWING = np.array([0.40, 0.50, 0.50, 0.45])
_SECOND_PEAK = 0.12
_BUSIEST_HOUR = 14.5
_WEEKDAYS = np.array([1.10, 1.09, 1.07, 1.06, 1.04, 0.88, 0.76])
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday
_DAY_TO_DAY = 0.07
_HOUR_TO_HOUR = 0.04


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests in the order of their time; one position of each array a request."""

    key: Keys
    minute: Integers
    milliseconds: Integers
    region: Integers


def requests(plan: Plan, first: int, end: int) -> Requests:
    """Give the requests of the minutes ``first`` (included) to ``end`` (excluded)."""
    cell_minute = np.repeat(np.arange(first, end, dtype=np.int64), len(REGIONS))
    cell_region = np.tile(np.arange(len(REGIONS), dtype=np.int64), end - first)
    cell = keys(plan.seed, "traffic", cell_minute, cell_region)
    arrivals = poisson(cell, "arrivals", _expected(plan, cell_minute, cell_region))
    minute, region = np.repeat(cell_minute, arrivals), np.repeat(cell_region, arrivals)
    position = np.arange(minute.size) - np.repeat(np.cumsum(arrivals) - arrivals, arrivals)
    key = keys(plan.seed, "request", minute, region, position)
    milliseconds = minute * 60_000 + (uniform(key, "within the minute") * 60_000).astype(np.int64)
    # By key within a millisecond, so that the order is the same wherever the writing began.
    order = np.lexsort((key, milliseconds))
    return Requests(key[order], minute[order], milliseconds[order], region[order])


def _expected(plan: Plan, minute: Integers, region: Integers) -> Floats:
    day, hour = minute // MINUTES_A_DAY, minute // 60
    local = minute / 60 + _HOURS_AHEAD_OF_UTC[region] - _BUSIEST_HOUR
    turn = 2 * np.pi * local / 24
    rhythm = 1 + _DAILY_SWING[region] * np.cos(turn) + _SECOND_PEAK * np.cos(2 * turn + 1)
    week = _WEEKDAYS[(day + _EPOCH_WEEKDAY) % 7]
    by_day = np.exp(_DAY_TO_DAY * normal(keys(plan.seed, "day", day, region), "traffic"))
    by_hour = np.exp(_HOUR_TO_HOUR * normal(keys(plan.seed, "hour", hour, region), "traffic"))
    level = plan.rows_per_day / MINUTES_A_DAY * REGION_SHARES[region]
    expected: Floats = level * rhythm * week * by_day * by_hour
    return expected
