"""A calibration report with the verdicts that its words rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from queries.calibration.report import CalibrationReport, ClassCalibration
from queries.core import words
from queries.core.number import Number
from queries.measures.outcomes.maturity import DayState
from queries.statistics.calibration import Bin, Calibration
from queries.wording.asked import Asked
from queries.wording.differences import off_by

ASKED_ABOUT = 0.8
"""Where nothing is off, what it is told by: does 80 % mean 80 %?"""


@dataclass(frozen=True)
class Told:
    """A report and what was asked."""

    asked: Asked
    report: CalibrationReport
    by: str | None

    @property
    def worst(self) -> ClassCalibration:
        """The class that is furthest off; the one score of a binary model."""
        return self.report.classes[0]

    @property
    def now(self) -> Calibration:
        """How that one is calibrated now."""
        return self.worst.now

    @property
    def matters(self) -> float:
        """The smallest error worth acting on."""
        return self.asked.source.matters.performance

    @property
    def is_off(self) -> bool | None:
        """Whether it is off, beyond chance and by enough; None where nothing can be said."""
        return self.now.is_off(self.matters)

    @property
    def beyond_chance(self) -> bool:
        """Whether it is off by more than chance makes, however little."""
        return self.now.is_off(0.0) is True

    @property
    def shown(self) -> Bin:
        """The bin to tell it by: the one that is clearly furthest off, else that about 80 %."""
        if self.is_off:
            # By the end of its range nearest to zero: the widest gap is often a small bin's noise.
            return max(self.now.bins, key=lambda each: abs(each.gap) - 2 * each.noise**0.5)
        return min(self.now.bins, key=lambda each: (abs(each.said - ASKED_ABOUT), -each.n))

    @property
    def of_class(self) -> str:
        """Which class's score is told, where there are several: “for “a”, ”."""
        return f"for “{self.worst.label}”, " if self.asked.source.task == "multiclass" else ""

    @property
    def states(self) -> Mapping[date, DayState]:
        """What each day's outcomes are good for."""
        return self.report.complete.states


def said_and_came(found: Bin) -> tuple[str, str]:
    """What was said and what came true, both with the digits that the interval supports."""
    came = found.came
    return words.share(found.said, came.low, came.high), words.share(
        came.value, came.low, came.high
    )


def error_words(number: Number) -> str:
    """How far off the stated probabilities are, in points."""
    return off_by(number.value)
