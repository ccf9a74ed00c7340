"""An estimate report with the verdicts that its words rest on."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core.number import Number
from queries.estimate.report import EstimateReport
from queries.measures.performance.metrics import Metrics
from queries.measures.performance.slices import Standout, worst_slice
from queries.wording.asked import Asked
from queries.wording.performance.told import Held, held

UNFAMILIAR = 0.01
"""From this share of requests with an input that the reference set never held, it is said."""


@dataclass(frozen=True)
class Told:
    """A report and what was asked."""

    asked: Asked
    report: EstimateReport
    by: str | None

    @property
    def metric(self) -> str:
        """The metric told first: right answers, else ranking where nothing was predicted."""
        for metrics in (self.report.estimated, *(day.estimated for day in self.report.days)):
            if "accuracy" in metrics:
                return "accuracy"
        return "roc_auc"

    @property
    def now(self) -> Number | None:
        """Its estimate, where there is one."""
        return _known(self.report.estimated, self.metric)

    @property
    def was(self) -> Number | None:
        """The reference set's own, where it is known."""
        return _known(self.report.reference.metrics, self.metric) if self.report.reference else None

    @property
    def matters(self) -> float:
        """The smallest change worth acting on."""
        return self.asked.source.matters.performance

    def is_worse(self, name: str) -> bool | None:
        """Whether a metric is estimated worse than in the reference set; None where unknown."""
        number, before = _known(self.report.estimated, name), self.report.reference
        if before is None or number is None:
            return None
        return before.is_worse(name, number, self.matters)

    @property
    def held(self) -> Held | None:
        """How far the first metric holds up by its estimate, where it isn't worse by enough."""
        return held(self.report.reference, self.metric, self.now, self.asked.source.matters)

    @property
    def miss(self) -> Miss | None:
        """How the earlier estimate turned out; None while no outcome counts."""
        checked = self.report.checked
        if checked is None:
            return None
        estimated = _known(checked.estimated, self.metric)
        realised = _known(checked.realised, self.metric)
        if estimated is None or realised is None:
            return None
        return Miss(estimated, realised)

    @property
    def worst(self) -> Standout | None:
        """The slice that is estimated worst, where the question is split."""
        overall = self.report.estimated.get(self.metric)
        if not self.by or overall is None:
            return None
        return worst_slice(self.metric, self.report.parts, overall, self.matters)

    @property
    def is_unfamiliar(self) -> bool:
        """Whether too many requests have inputs that the reference set never held."""
        found = self.report.unfamiliar
        return found is not None and (found.share.value or 0.0) >= UNFAMILIAR


@dataclass(frozen=True, slots=True)
class Miss:
    """An estimate with its band, and what was realised."""

    estimated: Number
    realised: Number

    @property
    def left(self) -> bool:
        """Whether the realised value left the band."""
        low, high, value = self.estimated.low, self.estimated.high, self.realised.value
        return low is not None and high is not None and not low <= (value or 0.0) <= high

    @property
    def by(self) -> float:
        """The realised value less the estimated one."""
        return (self.realised.value or 0.0) - (self.estimated.value or 0.0)


def _known(metrics: Metrics, name: str) -> Number | None:
    found = metrics.get(name)
    return found if found is not None and found.value is not None else None
