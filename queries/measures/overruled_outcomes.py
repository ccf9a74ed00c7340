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
from typing import Any, Literal

import sqlalchemy as sa

from queries.core.answer import Cell, Number
from queries.core.filters import Filter
from queries.core.logs import Dataset, Log
from queries.core.reading import Reading
from queries.measures.axes import Axis, axes_of
from queries.measures.case_counts import band_edges, band_of
from queries.measures.complete import Complete, complete_rows
from queries.measures.counting import which_of
from queries.measures.estimates import LEVEL
from queries.measures.expressions import Expression, Sample, count_where
from queries.measures.multiplicity import benjamini_yekutieli, picked_level
from queries.measures.outcomes import (
    can_have_outcome,
    happened,
    has_arrived,
    outcomes_kept,
    predicted_positive,
)
from queries.measures.overruled import overridden
from queries.measures.reference import narrowed_reference
from queries.measures.score_steps import can_say
from queries.measures.scores import binary_score
from queries.measures.side_counts import Sums
from queries.measures.stratified import Within
from queries.measures.two_sides import CLEAR, Both, weighed_alike

BANDS = 20
"""Bands of the score with equally many overruled cases each: scores in one are nearly the same."""

FEWEST = 100
"""Fewer cases on a side, spread over so many bands, would be called clear too often by chance."""

Against = Literal["followed", "reference", ""]
_Key = tuple[str, Cell]
_Cells = dict[_Key, dict[tuple[int, int], Sums]]
_ALL: _Key = ("", None)
_SHARED = ("turned", "said", "band")


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
    overruled, beside = _possible(log, complete.rows)
    if beside < FEWEST and not _has_reference(log):
        judged = _judged_cases(log, reading.now, complete.rows)
        return OverruledOutcomes(complete, overruled, judged, "", None)
    with outcomes_kept(log, complete.rows, *dimensions, "override"):
        judged = _judged_cases(log, reading.now, complete.rows)
        if judged < FEWEST:
            return OverruledOutcomes(complete, overruled, judged, "", None)
        ours, others, against = _both(log, reading.now, complete.rows, where, dimensions)
    if not against:
        return OverruledOutcomes(complete, overruled, judged, "", None)
    whole, slices = _judged(ours, others)
    return OverruledOutcomes(complete, overruled, judged, against, whole, slices)


def _possible(log: Log, rows: Sample) -> tuple[int, int]:
    """Count overruled cases, and those that could be held against a followed one; no outcome read.

    The model must have said the same of both.
    """
    turned, could = overridden(log), sa.and_(*_could_be_known(log))
    counts = log.aggregate(
        {
            "overruled": count_where(turned),
            "ours": count_where(sa.and_(turned, could)),
            "followed": count_where(sa.and_(sa.not_(turned), could)),
        },
        by={"said": _said(log)},
        spans=rows.spans,
        where=rows.where,
    )
    beside = sum(int(row["ours"]) for row in counts if int(row["followed"]))
    return sum(int(row["overruled"]) for row in counts), beside


def _judged_cases(log: Log, now: datetime, rows: Sample) -> int:
    where = (*rows.where, *_known(log, now), overridden(log))
    return int(log.aggregate({"n": sa.func.count()}, spans=rows.spans, where=where)[0]["n"])


def _both(
    log: Log, now: datetime, rows: Sample, where: Sequence[Filter], dimensions: Sequence[str]
) -> tuple[_Cells, _Cells, Against]:
    """Count overruled cases, those that they are held against, and say which these are."""
    turned = sa.case((overridden(log), 1), else_=0)
    cut = replace(rows, where=(*rows.where, *_known(log, now), overridden(log)))
    edges = band_edges(log, binary_score(log).rising, cut, BANDS)
    ours = _count(log, now, rows, dimensions, edges, turned)
    others, against = ours[0], _followed(ours)
    if not against and _has_reference(log):
        sample = narrowed_reference(log, where).sample
        there = [name for name in dimensions if log.has(name, Dataset.REFERENCE)]
        others, against = _count(log, now, sample, there, edges, None)[0], "reference"
    return ours[1], others, against


def _followed(ours: Mapping[int, _Cells]) -> Against:
    """Tell whether most overruled cases have a followed one with the same score and answer."""
    inside = weighed_alike(_pairs(ours[1].get(_ALL, {}), ours[0].get(_ALL, {})), share=True)
    return "followed" if min(inside.n) >= FEWEST and inside.apart[0] <= inside.n[0] else ""


def _judged(ours: _Cells, others: _Cells) -> tuple[Judged, tuple[Judged, ...]]:
    """Judge all, and each slice; where the others aren't told apart by it, against all others."""
    dimensions = {dimension for dimension, _ in others}
    insides = {}
    for key, mine in ours.items():
        theirs = others.get(key, {}) if key[0] in dimensions else others.get(_ALL, {})
        insides[key] = weighed_alike(_pairs(mine, theirs), share=True)
    whole = insides.pop(_ALL)
    tested = benjamini_yekutieli([_p(each) for each in insides.values()])
    firm = sum(q is not None and q < CLEAR for q in tested)
    known = sum(q is not None for q in tested)
    level = picked_level(firm, known, overlapping=True) if firm else LEVEL
    slices = []
    for (key, inside), q in zip(insides.items(), tested, strict=True):
        chosen = level if q is not None and q < CLEAR else LEVEL
        slices.append(Judged(*key, inside, inside.number("share", chosen, FEWEST), q))
    return Judged(*_ALL, whole, whole.number(minimum=FEWEST), _p(whole)), tuple(slices)


def _p(inside: Within) -> float | None:
    return inside.p() if min(inside.n) >= FEWEST else None


def _pairs(
    mine: Mapping[tuple[int, int], Sums], theirs: Mapping[tuple[int, int], Sums]
) -> list[Both]:
    strata = dict.fromkeys((*mine, *theirs))
    return [(mine.get(each, Sums()), theirs.get(each, Sums())) for each in sorted(strata)]


def _known(log: Log, now: datetime, dataset: Dataset = Dataset.PRODUCTION) -> list[Any]:
    """The conditions for a case with outcome, score and answer."""
    return [*_could_be_known(log, dataset), has_arrived(log, now, dataset)]


def _could_be_known(log: Log, dataset: Dataset = Dataset.PRODUCTION) -> list[Any]:
    """The conditions for a case with score and answer that may have an outcome.

    In a reference set any case may have one, whatever would have been decided of it.
    """
    production = dataset is Dataset.PRODUCTION
    return [
        *(can_have_outcome(log) if production else ()),
        predicted_positive(log).is_not(None),
        binary_score(log).rising.is_not(None),
    ]


def _said(log: Log) -> Expression:
    return sa.case((predicted_positive(log), 1), else_=0)


def _has_reference(log: Log) -> bool:
    names = ("outcome", "score")
    there = all(log.has(name, Dataset.REFERENCE) for name in names)
    return log.source.reference is not None and there and can_say(log, Dataset.REFERENCE)


def _count(
    log: Log,
    now: datetime,
    sample: Sample,
    dimensions: Sequence[str],
    edges: Sequence[float],
    turned: Expression | None,
) -> dict[int, _Cells]:
    """Count wrong answers by answer and band, in all and by slice; overruled ones apart.

    Uses a relation for GROUPING SETS.
    """
    where = (*sample.where, *_known(log, now, sample.dataset))
    axes = _axes(log, dimensions, sample, where)
    said = predicted_positive(log)
    columns: dict[str, Expression] = {f"v{at}": axis.expression for at, axis in enumerate(axes)}
    columns |= {
        "turned": sa.cast(sa.literal(0), sa.Integer) if turned is None else turned,
        "said": _said(log),
        "band": band_of(binary_score(log).rising, edges),
        "wrong": sa.case((said != happened(log), 1), else_=0),
    }
    rows = log.relation(columns, spans=sample.spans, where=where, dataset=sample.dataset)
    found: dict[int, _Cells] = {0: {}, 1: {}}
    for row in log.run(_grouped(rows, len(axes))):
        at = int(row["which"])
        key = (axes[at].name, axes[at].value(row[f"v{at}"])) if at >= 0 else _ALL
        hits = float(row["wrong"])
        cell = found[int(row["turned"])].setdefault(key, {})
        cell[int(row["said"]), int(row["band"])] = Sums(int(row["n"]), hits, hits)
    return {side: _in_order(cells) for side, cells in found.items()}


def _axes(log: Log, dimensions: Sequence[str], sample: Sample, where: Sequence[Any]) -> list[Axis]:
    """Those of production for its rows, so that the reference's slices are the same ones."""
    if sample.dataset is Dataset.PRODUCTION:
        return axes_of(log, dimensions, sample.spans, where) if dimensions else []
    return [Axis(name, log.column(name), 0) for name in dimensions]


def _in_order(cells: _Cells) -> _Cells:
    """In the order of dimensions and values, the same on every engine."""
    return {key: cells[key] for key in sorted(cells, key=lambda key: (key[0], str(key[1])))}


def _grouped(rows: sa.Subquery, axes: int) -> sa.Select[Any]:
    """Count once by all columns together, and add those counts up by each dimension."""
    wrong = sa.func.count(sa.case((rows.c.wrong == 1, 1))).label("wrong")
    columns = [rows.c[key] for key in (*(f"v{at}" for at in range(axes)), *_SHARED)]
    once = sa.select(*columns, sa.func.count().label("n"), wrong).group_by(*columns).subquery()
    values = [once.c[f"v{at}"] for at in range(axes)]
    shared = [once.c[key] for key in _SHARED]
    sets = [sa.tuple_(*shared), *(sa.tuple_(each, *shared) for each in values)]
    sums = (sa.func.sum(once.c[name]).label(name) for name in ("n", "wrong"))
    chosen = sa.select(which_of(values), *values, *shared, *sums)
    return chosen.group_by(sa.func.grouping_sets(*sets))
