"""Aequitas' metrics of groups, from what a model said and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.number import Number
from queries.measures.counting.expressions import Condition, Expression, Key, Sample, count_where
from queries.measures.outcomes.outcome import can_have_outcome, has_arrived
from queries.measures.predictions.scores import happened
from queries.statistics.estimates import cannot_say
from queries.statistics.rates import ratio, wilson

Part = tuple[int, int]

MEANINGS: Mapping[str, str] = {
    "tpr": "of those it happened to, said so",
    "tnr": "of those it did not happen to, said so",
    "for": "of those said not to, it happened",
    "fdr": "of those said to, it did not happen",
    "fpr": "of those it did not happen to, said to",
    "fnr": "of those it happened to, said not to",
    "npv": "of those said not to, it did not happen",
    "precision": "of those said to, it happened",
    "ppr": "of all said to, those of this group",
    "pprev": "of the group, said to",
    "prev": "of the group, it happened",
    "accuracy": "of the group, said rightly",
}
"""Each metric's meaning; “said to” is that the model said the positive class."""

OF_OUTCOMES = ("prev",)
"""What remains where all who can have an outcome were given the same answer."""


@dataclass(frozen=True, slots=True)
class Counts:
    """One group by what was said and what happened."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        """How many there are."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def said(self) -> int:
        """To how many the positive class was said."""
        return self.tp + self.fp

    def plus(self, other: Counts) -> Counts:
        """Put two groups together."""
        return Counts(
            self.tp + other.tp, self.fp + other.fp, self.fn + other.fn, self.tn + other.tn
        )

    def parts(self, said_to_all: int) -> dict[str, Part]:
        """Give hits and trials of each metric; ``said_to_all`` is ``said`` over all groups."""
        happened_, not_ = self.tp + self.fn, self.fp + self.tn
        said_not = self.fn + self.tn
        return {
            "tpr": (self.tp, happened_),
            "tnr": (self.tn, not_),
            "for": (self.fn, said_not),
            "fdr": (self.fp, self.said),
            "fpr": (self.fp, not_),
            "fnr": (self.fn, happened_),
            "npv": (self.tn, said_not),
            "precision": (self.tp, self.said),
            "ppr": (self.said, said_to_all),
            "pprev": (self.said, self.n),
            "prev": (happened_, self.n),
            "accuracy": (self.tp + self.tn, self.n),
        }


NO_COUNTS = Counts(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric of one group, and its quotient with that of the reference group (Katz)."""

    group: Key
    metric: str
    value: Number
    ratio: Number


@dataclass(frozen=True, slots=True)
class Between:
    """One metric over the groups, as Fairlearn has it; None where no group has it.

    ``difference`` and ``ratio`` are of the lowest and highest group, ``to_all`` the largest
    distance of a group from all groups together.
    """

    metric: str
    lowest: Key
    highest: Key
    difference: float
    ratio: float | None
    to_all: float


def outcome_counts(
    log: Log, by: Mapping[str, Expression], said: Condition | None, sample: Sample, now: datetime
) -> tuple[dict[Key, Counts], int]:
    """Count by group, and all, of rows that can have an outcome and have one; in one pass.

    ``said`` None stands for the same positive answer to all. Raw, as ``group_tallies`` is.
    """
    came, yes = has_arrived(log, now), happened(log)
    to = sa.true() if said is None else said
    rows = log.aggregate(
        {
            "came": sa.func.count(),
            "tp": count_where(sa.and_(yes, to)),
            "fp": count_where(sa.and_(sa.not_(yes), to)),
            "fn": count_where(sa.and_(yes, sa.not_(to))),
            "tn": count_where(sa.and_(sa.not_(yes), sa.not_(to))),
        },
        by=by,
        spans=sample.spans,
        where=(*sample.where, *can_have_outcome(log), came),
    )
    counts = {
        tuple(row[name] for name in by): Counts(row["tp"], row["fp"], row["fn"], row["tn"])
        for row in rows
    }
    return counts, sum(row["came"] for row in rows)


def measured(
    counts: Mapping[Key, Counts], reference: Key, metrics: Sequence[str]
) -> tuple[Measured, ...]:
    """Measure every group and compare it with the reference group, which may be absent."""
    all_said = sum(each.said for each in counts.values())
    against = counts[reference].parts(all_said) if reference in counts else {}
    return tuple(
        Measured(group, metric, _share(part), _ratio(part, against.get(metric)))
        for group, each in counts.items()
        for metric, part in each.parts(all_said).items()
        if metric in metrics
    )


def between(counts: Mapping[Key, Counts], metrics: Sequence[str]) -> tuple[Between, ...]:
    """Compare the lowest and the highest group of each metric that is no share of all groups."""
    together = NO_COUNTS
    for each in counts.values():
        together = together.plus(each)
    overall = together.parts(together.said)
    found = []
    for metric in metrics:
        values = {
            group: part[0] / part[1]
            for group, each in counts.items()
            if (part := each.parts(together.said)[metric])[1]
        }
        # That one is a share of all who were said to, which follows how large groups are.
        if metric != "ppr" and len(values) > 1:
            found.append(_between(metric, values, overall[metric]))
    return tuple(found)


def _between(metric: str, values: Mapping[Key, float], overall: Part) -> Between:
    lowest, highest = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
    least, most, of_all = values[lowest], values[highest], overall[0] / overall[1]
    far = max(abs(value - of_all) for value in values.values())
    return Between(
        metric=metric,
        lowest=lowest,
        highest=highest,
        difference=most - least,
        ratio=least / most if most else None,
        to_all=far,
    )


def _share(part: Part) -> Number:
    return wilson(*part)


def _ratio(part: Part, against: Part | None) -> Number:
    if against is None:
        return cannot_say("the reference group has no outcomes to compare with")
    return ratio(*part, *against)
