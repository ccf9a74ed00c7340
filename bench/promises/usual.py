"""What is promised of the usual, and of when something began."""

from __future__ import annotations

from functools import cache

from bench.promise import FALSE, FOUND, Promise
from tests.measures import alarms, simulations

pinned = cache(simulations.onsets_pinned)

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
        "An unchanged day, on which 20 signals are searched beside four others (traffic that "
        "follows the hour, rates of 0.4 to 25 % that vary by 10 to 20 %), has any change.",
        400,
        lambda runs: 1 - simulations.quiet_days(runs),
        FALSE,
    ),
    Promise(
        "A day of 20,000 requests, 1.5 % of which fail (varying by 20 % between days, and by 10 % "
        "between a day's slices), is said to fail more in one of 30 slices of 6 dimensions.",
        500,
        alarms.places_of_chance,
        FALSE,
    ),
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
        "A rate going from 1.5 to 7 % at any minute of the day's second third, at 12 requests a "
        "minute, is told to have done so within 10 minutes of it.",
        400,
        lambda runs: pinned(runs)[0],
        FOUND,
    ),
    Promise(
        "The interval that is told with it holds the minute.",
        400,
        lambda runs: pinned(runs)[1],
        FOUND,
    ),
)
