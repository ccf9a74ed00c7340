"""What the statistics promise, each promise with its simulation, size and goal."""

from __future__ import annotations

from bench import anytime, arms, rollouts, small_groups
from bench.promise import FALSE, FOUND, Goal, Interval, Promise
from tests.measures import alarms, coverage, simulations

INTERVALS = (
    Interval("a rate (Wilson)", coverage.rates),
    Interval("the difference of two rates (Newcombe)", coverage.differences),
    Interval("the ratio of two rates (Katz)", coverage.ratios),
    Interval("a mean (Student's t)", coverage.means),
    Interval("a root mean square error (delta method)", coverage.root_means),
    Interval("F1 (bootstrap of the confusion counts)", coverage.f1_scores),
    Interval("the AUC (DeLong)", coverage.aucs),
    Interval(
        "average precision (logit, on the number of positives)",
        coverage.average_precisions,
        "It counts the positives alone, and is wider than need be where they are few among many: "
        "it holds more often than it says, so that rather too few changes are called one.",
    ),
    *arms.INTERVALS,
    *rollouts.INTERVALS,
)
ALARMS = (
    Promise(
        "A day whose rate, of 1 % on 20,000 requests, varies by 20 % from day to day (normal) is "
        "called unusual against four others.",
        20_000,
        lambda runs: simulations.false_alarms(runs, 0.01, "normal"),
        FALSE,
    ),
    Promise(
        "The same at 30 %, varying lognormally.",
        20_000,
        lambda runs: simulations.false_alarms(runs, 0.3, "lognormal"),
        FALSE,
    ),
    Promise(
        "A day whose traffic, of 5,000 requests, varies by 20 % is called unusual.",
        20_000,
        alarms.unusual_traffic,
        FALSE,
    ),
    Promise(
        "A day at an even 1.5 %, 43 requests in each of 288 buckets, is given an onset "
        "(199 permutations).",
        400,
        lambda runs: alarms.onsets_of_noise(runs, 199),
        FALSE,
    ),
    Promise(
        "Two samples of one distribution, 2,000 and 1,500 values in 5 bins, lie further apart than "
        "chance makes them (Jensen-Shannon, 500 draws).",
        2000,
        lambda runs: alarms.drifts_of_chance(runs, draws=500),
        FALSE,
    ),
    Promise(
        "An unchanged chunk lies outside of the band over ten others.",
        20_000,
        lambda runs: alarms.chunks_outside(runs)[0],
        Goal(0.04, 0.06),
    ),
    Promise(
        "Of 40 inputs, 8 of them missing in 5 instead of 2 % of 2,000 rows, one that is said to "
        "have changed has not (Benjamini and Hochberg).",
        2000,
        alarms.false_discoveries,
        FALSE,
    ),
    Promise(
        "The same where all vary together (Benjamini and Yekutieli).",
        2000,
        lambda runs: alarms.false_discoveries(runs, overlapping=True),
        FALSE,
    ),
    Promise(
        "Of 40 rates, 8 of them higher, the interval of one picked as significant misses it.",
        2000,
        alarms.picked_intervals_missed,
        FALSE,
    ),
    *anytime.ALARMS,
    *rollouts.ALARMS,
    *small_groups.ALARMS,
)
FINDS = (
    Promise(
        "A rate going from 1.5 to 7 % on a day of 43 requests in each of 288 buckets is found "
        "within 10 minutes of its onset (199 permutations).",
        200,
        lambda runs: simulations.onsets_found(runs, 199),
        FOUND,
    ),
    Promise(
        "Of 20,000 requests in 6 dimensions of 5 values, the one slice of 5 % that goes from 10 to "
        "15 % is among the first three.",
        200,
        simulations.slices_found,
        FOUND,
    ),
    Promise(
        "Shares of 10, 20, 40, 20 and 10 % that move to 5, 15, 40, 25 and 15 % are beyond chance, "
        "at 2,000 and 1,500 values.",
        500,
        lambda runs: alarms.drifts_of_chance(runs, moved=True),
        FOUND,
    ),
    *anytime.FINDS,
    *rollouts.FINDS,
)
