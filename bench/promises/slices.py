"""What is promised of slices: where it is worst, and what explains a change."""

from __future__ import annotations

from bench.promise import FALSE, FOUND, Interval, Promise
from tests.measures import simulations

INTERVALS = (
    Interval(
        "the change of a rate, and its rate and mix effects (Kitagawa)",
        simulations.decompositions_cover,
    ),
)
ALARMS = (
    Promise(
        "Of 20,000 requests a day at an even 10 %, in 30 slices and 375 pairs of slices, any is "
        "said to stand out (Benjamini and Yekutieli).",
        400,
        simulations.falsely_worst,
        FALSE,
    ),
)
FINDS = (
    Promise(
        "Of 20,000 requests in 6 dimensions of 5 values, the one slice of 5 % that goes from 10 to "
        "15 % is among the first three.",
        200,
        simulations.slices_found,
        FOUND,
    ),
    Promise(
        "The same among the 30 slices and the 375 pairs of them.",
        200,
        simulations.worst_found,
        FOUND,
    ),
)
