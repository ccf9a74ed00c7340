"""What is promised of experiments that are read every day while they run."""

from __future__ import annotations

from bench.promise import FALSE, FOUND, Goal, Promise
from tests.statistics import anytime_simulations as simulations

RUNS = 20_000
HOLDS = Goal(low=0.95)
POWER = Goal(low=0.8)

ALARMS = (
    Promise(
        "Two equal arms, whose users do something in 5 % of cases, are read every day for 30 days "
        "of 200 users each, and one is said to have won on any of them.",
        RUNS,
        simulations.won_by_chance,
        FALSE,
    ),
    Promise(
        "The same at 1 % and 20 users a day and arm.",
        RUNS,
        lambda runs: simulations.won_by_chance(runs, rate=0.01, daily=20),
        FALSE,
    ),
    Promise(
        "The same of a skewed mean: nothing for four of five users and lognormal for the rest, "
        "100 users a day and arm.",
        5000,
        simulations.means_won_by_chance,
        FALSE,
    ),
    Promise(
        "The same of orders by session, of users with one to many sessions.",
        5000,
        simulations.ratios_won_by_chance,
        FALSE,
    ),
    Promise(
        "A split of 50:50, checked every day for 30 days of 400 users, is ever said to be broken.",
        RUNS,
        simulations.splits_alarmed,
        Goal(high=0.001),
    ),
)
FINDS = (
    Promise(
        "All 30 daily intervals of a difference, of 20 against 24 %, hold it.",
        RUNS,
        simulations.sequences_hold,
        HOLDS,
    ),
    Promise(
        "All 30 daily intervals of one skewed mean (gamma of shape 2, 50 users a day) hold it.",
        5000,
        simulations.means_hold,
        HOLDS,
    ),
    Promise(
        "An arm whose share is higher than 10 % by just what is said to be seen in 80 of 100 "
        "experiments is said to have won within 30 days of 200 users an arm.",
        RUNS,
        simulations.effects_found,
        POWER,
    ),
    Promise(
        "A split of 53:47 instead of 50:50 is said to be broken within 30 days of 400 users.",
        5000,
        lambda runs: simulations.splits_alarmed(runs, share=0.53),
        FOUND,
    ),
)
