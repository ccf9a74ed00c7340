"""What is promised where two samples are compared, or many columns at once."""

from __future__ import annotations

from bench.promise import FALSE, FOUND, Goal, Promise
from tests.measures import alarms

ALARMS = (
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
)
FINDS = (
    Promise(
        "Shares of 10, 20, 40, 20 and 10 % that move to 5, 15, 40, 25 and 15 % are beyond chance, "
        "at 2,000 and 1,500 values.",
        500,
        lambda runs: alarms.drifts_of_chance(runs, moved=True),
        FOUND,
    ),
)
