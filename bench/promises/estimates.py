"""What is promised of estimates from rows: rates, means, quantiles and metrics."""

from __future__ import annotations

from bench.promise import Interval
from tests.statistics import coverage

INTERVALS = (
    Interval("a rate (Wilson)", coverage.rates),
    Interval("the difference of two rates (Newcombe)", coverage.differences),
    Interval("the ratio of two rates (Katz)", coverage.ratios),
    Interval("a mean (Student's t)", coverage.means),
    Interval("a quantile (order statistics)", coverage.quantiles),
    Interval("a root mean square error (delta method)", coverage.root_means),
    Interval("F1 (bootstrap of the confusion counts)", coverage.f1_scores),
    Interval("the AUC (DeLong)", coverage.aucs),
    Interval(
        "average precision (logit, on the number of positives)",
        coverage.average_precisions,
        "It counts the positives alone, and is wider than need be where they are few among many: "
        "it holds more often than it says, so that rather too few changes are called one.",
    ),
)
