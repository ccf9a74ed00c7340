"""What is promised of verdicts in words: that something is slower, kept falling or got worse."""

from __future__ import annotations

from bench.promise import FALSE, Goal, Promise
from tests.measures import simulations
from tests.measures import verdict_simulations as verdicts

ALARMS = (
    Promise(
        "An unchanged hour without a past, in buckets of a minute, in which 20 signals are "
        "searched (rates of 0.4 to 25 %, some following the hour), has any change.",
        100,
        lambda runs: 1 - simulations.quiet_without_a_past(runs, 60, 60),
        FALSE,
    ),
    Promise(
        "The same of an unchanged morning of 48 buckets of five minutes.",
        100,
        lambda runs: 1 - simulations.quiet_without_a_past(runs, 48, 300),
        FALSE,
    ),
    Promise(
        "An unchanged time of 200 requests, whose latencies vary by 5 % between days, is called "
        "slower by how many of them are slow.",
        2000,
        verdicts.called_slow,
        FALSE,
    ),
    Promise(
        "A share that varies by 20 % over five weeks of 800 requests is said to have kept falling "
        "or rising.",
        3000,
        lambda runs: verdicts.trends_of_chance(runs, 0.2),
        FALSE,
    ),
    Promise(
        "A month of 500 outcomes a day, right in 85 % (varying by 2 points between days), is told "
        "to have had a worse stretch.",
        1000,
        verdicts.stretches_of_chance,
        FALSE,
    ),
    Promise(
        "A model as good as in its reference set (2,000 outcomes, 700 now) is called worse by a "
        "metric beside its first.",
        1000,
        verdicts.metrics_worse_by_chance,
        FALSE,
    ),
)
FINDS = (
    Promise(
        "A fifth of 200 requests that take four times as long is called slower.",
        500,
        lambda runs: verdicts.called_slow(runs, 0.2),
        Goal(low=0.8),
    ),
)
