"""What is promised of rollouts that are looked at every day, and of differences within strata."""

from __future__ import annotations

from bench.promise import FALSE, FOUND, Interval, Promise
from tests.questions.rollout import simulations

RUNS = 5000

INTERVALS = (
    Interval(
        "the difference of two rates within strata (Mantel and Haenszel; Sato)",
        simulations.stratified_differences,
    ),
)
ALARMS = (
    Promise(
        "A rollout without any difference, in four regions one after the other, is looked at every "
        "day for four weeks of 400 requests a day, and held on any of them for one of four "
        "guardrails, whatever matters.",
        RUNS,
        simulations.held_by_chance,
        FALSE,
    ),
    Promise(
        "The same at 2,000 requests a day.",
        RUNS,
        lambda runs: simulations.held_by_chance(runs, daily=2000),
        FALSE,
    ),
)
FINDS = (
    Promise(
        "A version with which 1 percentage point more requests fail is held within four weeks of "
        "4,000 requests a day, where half a point matters.",
        1000,
        simulations.harm_held,
        FOUND,
    ),
    Promise(
        "One without a difference may go on after four weeks of 12,000 requests a day, where 1 "
        "point of failures and slow requests matters, and 2 of right answers and decisions.",
        1000,
        simulations.gone_on,
        FOUND,
    ),
)
