"""How overruled cases turned out, beside others with the same score.

A case counts as a hit where the model's answer turned out wrong, that is where whoever overruled
it was right. Overruled cases are held against others on which the model said the same with nearly
the same score: those that nobody overruled, as far as they have outcomes, or else those of the
reference set. Within bands of the score both are compared, and the bands' differences averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from queries.core.doors.rows import Dataset
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.reading import Reading
from queries.core.value import Cell
from queries.measures.cases.counts import band_edges
from queries.measures.cases.overruled import overridden
from queries.measures.cases.sides import CLEAR, Both, weighed_alike
from queries.measures.counting.expressions import Sample
from queries.measures.outcomes.complete import Complete, complete_rows
from queries.measures.outcomes.outcome import outcomes_kept
from queries.measures.past.reference import narrowed_reference
from queries.measures.predictions.scores import binary_score
from queries.measures.predictions.steps import can_say
from queries.measures.sides.counts import Sums
from queries.overrides.counts import (
    ALL,
    Cells,
    judged_cases,
    known_cases,
    possible_cases,
    wrong_answers,
)
from queries.statistics.estimates import LEVEL
from queries.statistics.multiplicity import benjamini_yekutieli, picked_level
from queries.statistics.stratified import Within

BANDS = 20
"""Bands of the score with equally many overruled cases each: scores in one are nearly the same."""

FEWEST = 100
"""Fewer cases on a side, spread over so many bands, would be called clear too often by chance."""

Against = Literal["followed", "reference", ""]


@dataclass(frozen=True)
class Judged:
    """Overruled cases of one slice beside others with the same score; ``q`` is the corrected p."""

    dimension: str
    value: Cell
    inside: Within
    number: Number
    q: float | None = None

    def turns_out(self, matters: float) -> int:
        """1 where overruling did better than the score beyond chance and by enough, -1 if worse."""
        value = self.number.value
        if self.q is None or self.q >= CLEAR or value is None or abs(value) < matters:
            return 0
        return 1 if value > 0 else -1


@dataclass(frozen=True)
class OverruledOutcomes:
    """How overruled cases turned out, in all and by slice.

    ``overruled`` are those of complete days, ``known`` those of them with outcome and score.
    ``against`` says what they are held against, nothing where there is no such case.
    """

    complete: Complete
    overruled: int
    known: int
    against: Against
    whole: Judged | None
    slices: tuple[Judged, ...] = ()


def can_judge(log: Log) -> bool:
    """Tell whether a log has what it takes: an outcome, a score, and what the model said."""
    scored = log.has("score") and log.kind("score") == "number"
    return log.source.task == "binary" and log.has("outcome") and scored and can_say(log)


def overruled_outcomes(
    log: Log, reading: Reading, where: Sequence[Filter], dimensions: Sequence[str]
) -> OverruledOutcomes:
    """Hold overruled cases against others with the same score. Needs what ``can_judge`` tells."""
    complete = complete_rows(log, reading, where)
    if not complete.counted.outcomes:
        return OverruledOutcomes(complete, 0, 0, "", None)
    overruled, beside = possible_cases(log, complete.rows)
    # Known before outcomes are joined.
    if beside < FEWEST and not _has_reference(log):
        judged = judged_cases(log, reading.now, complete.rows)
        return OverruledOutcomes(complete, overruled, judged, "", None)
    with outcomes_kept(log, complete.rows, *dimensions, "override"):
        judged = judged_cases(log, reading.now, complete.rows)
        if judged < FEWEST:
            return OverruledOutcomes(complete, overruled, judged, "", None)
        ours, others, against = _both(log, reading.now, complete.rows, where, dimensions)
    if not against:
        return OverruledOutcomes(complete, overruled, judged, "", None)
    whole, slices = _judged(ours, others)
    return OverruledOutcomes(
        complete=complete,
        overruled=overruled,
        known=judged,
        against=against,
        whole=whole,
        slices=slices,
    )


def _both(
    log: Log, now: datetime, rows: Sample, where: Sequence[Filter], dimensions: Sequence[str]
) -> tuple[Cells, Cells, Against]:
    """Count overruled cases, those that they are held against, and say which these are."""
    turned = sa.case((overridden(log), 1), else_=0)
    cut = replace(rows, where=(*rows.where, *known_cases(log, now), overridden(log)))
    # Cut among the overruled cases, so that each band holds some of them.
    edges = band_edges(log, binary_score(log).rising, cut, BANDS)
    ours = wrong_answers(log, now, rows, dimensions, edges, turned)
    others, against = ours[0], _followed(ours)
    if not against and _has_reference(log):
        sample = narrowed_reference(log, where).sample
        there = [name for name in dimensions if log.has(name, Dataset.REFERENCE)]
        others, against = wrong_answers(log, now, sample, there, edges, None)[0], "reference"
    return ours[1], others, against


def _followed(ours: Mapping[int, Cells]) -> Against:
    """Tell whether most overruled cases have a followed one with the same score and answer."""
    inside = weighed_alike(_pairs(ours[1].get(ALL, {}), ours[0].get(ALL, {})), share=True)
    return "followed" if min(inside.n) >= FEWEST and inside.apart[0] <= inside.n[0] else ""


def _judged(ours: Cells, others: Cells) -> tuple[Judged, tuple[Judged, ...]]:
    """Judge all, and each slice; where the others aren't told apart by it, against all others."""
    dimensions = {dimension for dimension, _ in others}
    insides = {}
    for key, mine in ours.items():
        theirs = others.get(key, {}) if key[0] in dimensions else others.get(ALL, {})
        insides[key] = weighed_alike(_pairs(mine, theirs), share=True)
    whole = insides.pop(ALL)
    tested = benjamini_yekutieli([_p(each) for each in insides.values()])
    firm = sum(q is not None and q < CLEAR for q in tested)
    known = sum(q is not None for q in tested)
    level = picked_level(firm, known, overlapping=True) if firm else LEVEL
    slices = []
    for (key, inside), q in zip(insides.items(), tested, strict=True):
        chosen = level if q is not None and q < CLEAR else LEVEL
        slices.append(Judged(*key, inside, inside.number("share", chosen, FEWEST), q))
    return Judged(*ALL, whole, whole.number(minimum=FEWEST), _p(whole)), tuple(slices)


def _p(inside: Within) -> float | None:
    return inside.p() if min(inside.n) >= FEWEST else None


def _pairs(
    mine: Mapping[tuple[int, int], Sums], theirs: Mapping[tuple[int, int], Sums]
) -> list[Both]:
    strata = dict.fromkeys((*mine, *theirs))
    return [(mine.get(each, Sums()), theirs.get(each, Sums())) for each in sorted(strata)]


def _has_reference(log: Log) -> bool:
    names = ("outcome", "score")
    there = all(log.has(name, Dataset.REFERENCE) for name in names)
    return log.source.reference is not None and there and can_say(log, Dataset.REFERENCE)
