"""What is promised of the intervals between an experiment's arms, once it is over."""

from __future__ import annotations

from bench.promise import Interval
from tests.questions.experiment import arm_coverage

INTERVALS = (
    Interval("the difference of two means (Welch)", arm_coverage.means),
    Interval("the difference of two ratio metrics (delta method)", arm_coverage.ratio_metrics),
    Interval("the multiple of two means (delta method)", arm_coverage.multiples),
)
