"""A log whose scores can be read by what they meant in its reference set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from queries.core.doors.rows import Dataset
from queries.core.errors import NotAnswerable
from queries.core.log import Log
from queries.measures.counting.expressions import Expression, Key, Sample
from queries.measures.performance.metrics import Metrics
from queries.measures.predictions.cbpe import DRAWS, FEWER_DRAWS, SAID, Counts, estimator
from queries.measures.predictions.reliability import in_all, stated
from queries.measures.predictions.scores import Score, binary_score
from queries.measures.predictions.steps import reference_steps, step_counts
from queries.statistics.calibration import Calibration
from queries.statistics.estimates import ENOUGH
from queries.statistics.isotonic import Step

REFERENCE = Sample(Dataset.REFERENCE)


@dataclass(frozen=True)
class Estimating:
    """A log, its score, and the steps of what that meant in the whole reference set."""

    log: Log
    now: datetime
    score: Score
    steps: tuple[Step, ...]

    def counts(
        self, sample: Sample, by: Mapping[str, Expression] | None = None
    ) -> Mapping[Key, Counts]:
        """Count requests that can have an outcome by step and answer, by group; one pass."""
        return step_counts(self.log, self.steps, self.score, sample, by)

    def metrics(self, counts: Counts) -> Metrics:
        """Estimate every metric of some requests."""
        # Seeded anew each time: what a group's estimate is doesn't depend on which came before it.
        return estimator(self.steps, np.random.default_rng(0), DRAWS).metrics(counts)

    def each(self, counted: Mapping[Key, Counts]) -> dict[Key, Metrics]:
        """Estimate every metric of each of many groups."""
        few = estimator(self.steps, np.random.default_rng(0), FEWER_DRAWS)
        return {key: few.metrics(counts) for key, counts in counted.items()}

    def nothing(self) -> Counts:
        """No request at all."""
        return Counts(np.zeros((len(self.steps), len(SAID))))

    def reference_calibration(self) -> Calibration:
        """Say how well the scores held in the reference set as they stand, before they are read."""
        cut = stated(self.log, self.now, self.score, REFERENCE)
        return in_all(self.log, self.now, self.score, REFERENCE, cut)


def estimating(log: Log, now: datetime) -> Estimating:
    """Read the reference set.

    Raises NotAnswerable without a score, or a reference set that knows scores and both outcomes.
    """
    score, name = binary_score(log), log.source.name
    if log.source.reference is None:
        raise NotAnswerable(
            f"{log.source.title} has no reference set to tell what its scores mean. Declare a "
            f"training or validation set with its outcomes under [sources.{name}.reference]."
        )
    for column in ("score", "outcome"):
        if not log.has(column, Dataset.REFERENCE):
            raise NotAnswerable(
                f"The reference set of {log.source.title} has no {column}, which it needs to tell "
                f"what scores mean. Declare it, or log it there, under [sources.{name}.reference]."
            )
    steps = reference_steps(log, now, score, REFERENCE)
    hits, n = sum(each.hits for each in steps), sum(each.n for each in steps)
    # Of either kind: without hits every score would mean never.
    if min(hits, n - hits) < ENOUGH:
        raise NotAnswerable(
            f"The reference set of {log.source.title} is too small to tell what scores mean: of "
            f"{n:,} scored cases with an outcome, {hits:,} are “{score.label}”. At least {ENOUGH} "
            "of either kind are needed."
        )
    return Estimating(log, now, score, steps)
