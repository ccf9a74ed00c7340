"""Where people overrule a model: how often, when, in which slices, at which scores and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from scipy.special import chdtrc

from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.reading import Reading
from queries.core.value import Cell
from queries.measures.cases.counts import Ranked, band_edges, band_of
from queries.measures.cases.overruled import overridden
from queries.measures.counting.expressions import Condition, Expression, Sample, count_where, finite
from queries.measures.places.axes import axes_of
from queries.measures.places.counts import count_subgroups
from queries.measures.places.standings import Standing, standings
from queries.measures.places.subgroups import OTHERS
from queries.measures.places.subjects import Subject
from queries.overrides.outcomes import (
    OverruledOutcomes,
    can_judge,
    overruled_outcomes,
)
from queries.statistics.rates import wilson


@dataclass(frozen=True, slots=True)
class DayRate:
    """One local day: when it begins in the asker's zone, and how often people overruled."""

    start: datetime
    rate: Number


@dataclass(frozen=True)
class OverrideReport:
    """How often people overruled, of all decisions of a time.

    ``unmarked`` are decisions without an entry, which count as followed. ``uneven`` is how rarely
    chance alone makes days so different, ``bands_uneven`` the same of bands of the score; None
    where that can't be told. ``bands`` go from the lowest scores up, as ``score`` cuts them.
    ``outcomes`` is None where they can't be known.
    """

    rate: Number
    unmarked: int
    days: tuple[DayRate, ...]
    uneven: float | None
    standings: tuple[Standing, ...]
    reasons: tuple[tuple[Cell, Number], ...]
    score: Ranked | None
    bands: tuple[tuple[int, Number], ...]
    bands_uneven: float | None
    outcomes: OverruledOutcomes | None

    @property
    def worst(self) -> tuple[Standing, ...]:
        """The slices in which people overrule more often, each by itself."""
        return tuple(each for each in self.standings if each.worst and each.through is None)


def override_report(
    log: Log, reading: Reading, where: Sequence[Filter], dimensions: Sequence[str]
) -> OverrideReport:
    """Count what people overruled. Raises NotAnswerable without an override."""
    turned = overridden(log)
    rows = Sample(spans=reading.spans, where=(*log.matches(where), *_decided(log)))
    counts = _counts(log, reading, rows, turned)
    n, overruled, unmarked = (sum(int(row[name]) for row in counts) for name in ("n", "k", "empty"))
    days = _days(reading, counts)
    subject = Subject("decisions", turned, (), "higher", log.source.matters.decision_rate)
    counted = count_subgroups(log, dimensions, subject, [list(rows.spans or ())], rows.where)
    score = _score(log, rows)
    bands = _bands(log, rows, turned, score) if score else ()
    return OverrideReport(
        rate=wilson(overruled, n),
        unmarked=unmarked,
        days=days,
        uneven=_uneven([day.rate for day in days]),
        standings=standings(counted, "higher", subject.matters),
        reasons=_reasons(log, rows, turned, overruled) if overruled else (),
        score=score,
        bands=bands,
        bands_uneven=_uneven([rate for _, rate in bands]),
        outcomes=overruled_outcomes(log, reading, where, dimensions)
        if overruled and can_judge(log)
        else None,
    )


def _decided(log: Log) -> tuple[Condition, ...]:
    """Requests that were decided; a failed one can't be overruled."""
    return (sa.not_(log.missing("decision")),) if log.has("decision") else ()


def _counts(
    log: Log, reading: Reading, rows: Sample, turned: Condition
) -> Sequence[Mapping[str, Any]]:
    """Count decisions and those overruled, by local day where the log has times."""
    by: dict[str, Expression] = {}
    if reading.covered is not None:
        by["day"] = log.day(*_first_and_last(reading), reading.zone)
    empty = count_where(log.missing("override"))
    measures = {"n": sa.func.count(), "k": count_where(turned), "empty": empty}
    return log.aggregate(measures, by=by, spans=rows.spans, where=rows.where)


def _first_and_last(reading: Reading) -> tuple[date, date]:
    covered, last = reading.covered_span, reading.covered_span.end - timedelta.resolution
    return covered.start.astimezone(reading.zone).date(), last.astimezone(reading.zone).date()


def _days(reading: Reading, counts: Sequence[Mapping[str, Any]]) -> tuple[DayRate, ...]:
    days = []
    for row in counts if reading.covered is not None else ():
        day = _first_and_last(reading)[0] + timedelta(days=int(row["day"]))
        start = datetime(day.year, day.month, day.day, tzinfo=reading.zone)
        days.append(DayRate(start, wilson(int(row["k"]), int(row["n"]))))
    return tuple(days)


def _uneven(rates: Sequence[Number]) -> float | None:
    """Give the p value of Pearson's χ² test that all have one rate; None where none can be."""
    known = [(each.value, each.n) for each in rates if each.value is not None]
    shares, trials = np.array(known, float).reshape(-1, 2).T
    hits = shares * trials
    rate = hits.sum() / max(1.0, trials.sum())
    # The rule of five expected: with fewer, chi-square calls even counts uneven (Cochran 1954).
    if len(known) < 2 or not (trials * min(rate, 1 - rate) >= 5).all():
        return None
    chi2 = float(((hits - trials * rate) ** 2 / (trials * rate * (1 - rate))).sum())
    return float(chdtrc(len(known) - 1, chi2))


def _score(log: Log, rows: Sample) -> Ranked | None:
    """Cut the score into bands of equally many decisions."""
    if not log.has("score") or log.kind("score") != "number":
        return None
    turned = log.source.score_direction == "lower"
    score = finite(log.column("score"))
    rising = -score if turned else score
    return Ranked(rising, turned, band_edges(log, rising, rows))


def _bands(
    log: Log, rows: Sample, turned: Condition, score: Ranked
) -> tuple[tuple[int, Number], ...]:
    found = log.aggregate(
        {"n": sa.func.count(), "k": count_where(turned)},
        by={"band": band_of(score.rising, score.edges)},
        spans=rows.spans,
        where=rows.where,
    )
    known = [row for row in found if row["band"] is not None]
    rates = [(int(row["band"]), wilson(int(row["k"]), int(row["n"]))) for row in known]
    return tuple(sorted(rates, key=lambda each: each[0]))


def _reasons(
    log: Log, rows: Sample, turned: Condition, overruled: int
) -> tuple[tuple[Cell, Number], ...]:
    """Count the reasons, the commonest first; rare ones are taken together.

    A reason given less often than the smallest group is shown could tell of a single person.
    """
    if not log.has("override_reason"):
        return ()
    (axis,) = axes_of(log, ["override_reason"], rows.spans, rows.where)
    found = log.aggregate(
        {"k": count_where(turned)},
        by={"reason": axis.expression},
        spans=rows.spans,
        where=rows.where,
    )
    counts: dict[Cell, int] = {}
    for row in found:
        reason, k = axis.value(row["reason"]), int(row["k"])
        if reason not in (None, "") and k < log.source.smallest_group:
            reason = OTHERS
        counts[reason] = counts.get(reason, 0) + k
    listed = [(reason, k) for reason, k in counts.items() if k]
    listed.sort(key=lambda each: (each[0] == OTHERS, -each[1], str(each[0])))
    return tuple((reason, wilson(k, overruled)) for reason, k in listed)
