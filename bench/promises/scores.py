"""What is promised of stated probabilities, and of estimates from them."""

from __future__ import annotations

from bench.promise import Goal, Interval, Promise
from tests.statistics import score_simulations as simulations

INTERVALS = (
    Interval(
        "a calibration error (bootstrap of the bins' gaps)",
        simulations.errors_cover,
        "An error can't lie below 0. Where probabilities are right or nearly so, its interval ends "
        "there and holds it nearly always; the further off they are, the nearer to 95 %.",
    ),
    Interval("a metric estimated before outcomes, realised", simulations.bands_cover),
)
ALARMS = (
    Promise(
        "Probabilities that mean what they say, on 1,000 cases in 15 bins, are beyond what "
        "chance makes of right ones, at a level of 5 %.",
        4000,
        lambda runs: simulations.calibrations(simulations.promising(0), 0, runs).rejected,
        Goal(0.04, 0.06),
    ),
)
FINDS = (
    Promise(
        "Probabilities that promise 6 percentage points too much, on 1,000 cases in 15 bins, are "
        "beyond what chance makes of right ones, at the same level.",
        2000,
        lambda runs: simulations.calibrations(simulations.promising(0.06), 0.06, runs).rejected,
        Goal(low=0.8),
    ),
)
