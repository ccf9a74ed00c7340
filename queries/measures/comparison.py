"""Two sides held against each other: traffic, failures, latency, answers, outcomes, groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from queries.core.answer import Cell, Number
from queries.core.logs import Log, Span
from queries.core.pairs import VERSION
from queries.core.reading import Reading
from queries.measures.clustered import widened, widened_metric
from queries.measures.entity_effect import entity_effects
from queries.measures.estimates import mean, sign
from queries.measures.expressions import Sample
from queries.measures.group_gaps import GroupChange, group_changes
from queries.measures.mixes import Mix, mix
from queries.measures.multiplicity import benjamini_hochberg
from queries.measures.performance import change
from queries.measures.rates import difference, wilson
from queries.measures.realised import judged_days
from queries.measures.side_counts import (
    MOST_VALUES,
    SHARED,
    Counted,
    Parts,
    Sums,
    counted,
    parts,
    rows_kept,
    shared,
)
from queries.measures.side_metrics import Metric, favourable, metrics, slow_limit
from queries.measures.sides import Sides
from queries.measures.stratified import UNKNOWN_DAYS, Within, day_effect, within
from queries.measures.suppression import withheld_groups


class Verdict(StrEnum):
    """What a metric says of the first side; the most urgent first."""

    WORSE = "worse"
    DIFFERENT = "different"
    BETTER = "better"
    LESS = "differs by less than matters"
    NONE = "no difference shown"
    UNJUDGED = "can't be judged"
    FEW = "too few to say"


CLEAR = 0.05
FIRM = (Verdict.WORSE, Verdict.DIFFERENT, Verdict.BETTER)


@dataclass(frozen=True)
class Compared:
    """One metric on both sides: as it came, and within strata.

    ``sides`` are both as they came and ``overall`` their difference; ``inside`` compares within
    strata and decides the verdict. ``least`` is the smallest difference worth acting on, ``q`` the
    p value corrected for the number of metrics, ``place`` the metric's place in the counts.
    """

    metric: Metric
    place: int
    sides: tuple[Number, Number]
    overall: Number
    inside: Within
    number: Number
    least: float
    q: float | None
    verdict: Verdict

    @property
    def turned(self) -> bool:
        """Whether the whole says the opposite of what is so within, both beyond chance."""
        return sign(self.overall) * sign(self.number) < 0

    @property
    def seen(self) -> float | None:
        """The difference from which on one would have been seen; None where nothing can be said."""
        if self.number.low is None or self.number.high is None:
            return None
        return max(-self.number.low, self.number.high)


@dataclass(frozen=True)
class Comparison:
    """Everything that two sides were compared by, the most urgent metric first.

    ``mixes`` say how differently each dimension is spread, the most different first; the sides are
    compared within ``counted.dimension``. ``left_out`` are dimensions with too many values.
    Slices of people with fewer rows than ``smallest`` are not shown.
    ``groups`` are compared by the metric ``favourable``.
    """

    sides: Sides
    rows: tuple[int, int]
    compared: tuple[Compared, ...]
    mixes: tuple[Mix, ...]
    counted: Counted
    groups: tuple[GroupChange, ...] = ()
    widened: tuple[float | None, ...] = ()
    favourable: Metric | None = None
    limit: float | None = None
    left_out: tuple[str, ...] = ()
    effects: tuple[float, ...] = ()
    parts: Parts = field(default_factory=dict)
    smallest: int = 0

    @property
    def comparable(self) -> bool:
        """Whether both sides' requests are spread alike over every dimension."""
        return not any(each.differs for each in self.mixes)


def comparison(
    log: Log,
    reading: Reading,
    sides: Sides,
    by: str | None,
    over: int | None,
    others: Sequence[Reading] = (),
) -> Comparison:
    """Compare two sides by everything that the log tells; ``others`` are further times read.

    Within ``by``, else within the dimension over which the sides are spread most differently.
    Raises NotAnswerable where declared values can't be in their columns.
    """
    mature = mature_spans(log, [reading, *others], sides.sample)
    limit = slow_limit(log, sides, over)
    listed = tuple(metrics(log, reading.now, sides, limit, mature))
    dimensions = [name for name in log.dimensions if name != sides.dimension]
    attributes = [name for name in log.source.protected if log.has(name)]
    attributes = [name for name in attributes if name != sides.dimension]
    good = favourable(listed, log.source)
    with rows_kept(log, sides, listed, [*dimensions, *attributes]):
        # One to be split by alone is compared within, but its requests are not told one by one.
        split = [by] if by and by not in dimensions else []
        found = parts(log, sides, listed, [*dimensions, *split])
        mixes, left_out = _mixes(found, dimensions)
        within_ = by or _most_different(mixes, found, sides)
        strata = counted(log, sides, listed, found, within_, attributes if good is not None else ())
        by_entity = entity_effects(log, [each.expression for each in listed], sides.sample)
    effects = _effects(listed, strata, by_entity)
    groups = (
        ()
        if good is None
        else group_changes(strata, good, attributes, effects[good], log.source.smallest_group)
    )
    whole = found["", None]
    return Comparison(
        sides,
        (whole[0].rows, whole[1].rows),
        _compared(listed, (whole[0].sums, whole[1].sums), strata, by_entity, effects),
        mixes,
        strata,
        groups,
        benjamini_hochberg([each.p() for each in groups]),
        None if good is None else listed[good],
        limit,
        left_out,
        effects,
        found,
        log.source.smallest_group if within_ in log.source.protected else 0,
    )


def mature_spans(log: Log, readings: Sequence[Reading], sample: Sample) -> tuple[Span, ...] | None:
    """Give the spans whose outcomes are in; None where all count, for want of times or outcomes."""
    if not log.has("outcome") or log.source.undated:
        return None
    days = (judged_days(log, each, Sample(where=sample.where)) for each in readings)
    return tuple(span for each in days if each for span in each.mature)


def _mixes(found: Parts, dimensions: Sequence[str]) -> tuple[tuple[Mix, ...], tuple[str, ...]]:
    """How each dimension is spread, the most different first; and those with too many values."""
    mixes, left_out = [], []
    for name in dimensions:
        of = {
            value: (first.rows, second.rows)
            for (dimension, value), (first, second) in found.items()
            if dimension == name
        }
        if len(of) > MOST_VALUES:
            left_out.append(name)
        elif of:
            mixes.append(mix(name, of))
    mixes.sort(key=lambda each: (-round(each.apart, 9), each.dimension))
    return tuple(mixes), tuple(left_out)


def _most_different(mixes: Sequence[Mix], found: Parts, sides: Sides) -> str:
    """The dimension to compare within: the one spread most differently, if any is at all.

    One that both sides have in common. Of two versions any part of that will do: what differs
    between regions is not told for one that never served both. Not the version between two times,
    as it may be what made the difference.
    """
    left = {VERSION} if sides.of == "time" else set()
    least = 0.0 if sides.of == "version" else SHARED
    return next(
        (
            each.dimension
            for each in mixes
            if each.differs
            and each.dimension not in left
            and shared(found, each.dimension) >= least
        ),
        "",
    )


def _effects(
    listed: Sequence[Metric], strata: Counted, by_entity: Sequence[float]
) -> tuple[float, ...]:
    """By how much rows go together: those of an entity and, of two times, those of a day.

    Infinite where it isn't known how days vary.
    """
    if strata.cells.together or not len(strata.cells.at):
        return tuple(by_entity)
    return tuple(
        max(known, day_effect(strata.cells.days(place), share=each.share))
        for (place, each), known in zip(enumerate(listed), by_entity, strict=True)
    )


def _compared(
    listed: Sequence[Metric],
    sums: tuple[Sequence[Sums], Sequence[Sums]],
    strata: Counted,
    by_entity: Sequence[float],
    effects: Sequence[float],
) -> tuple[Compared, ...]:
    insides = [
        within(strata.cells.strata(place), share=each.share, effect=effects[place])
        for place, each in enumerate(listed)
    ]
    corrected = benjamini_hochberg([each.p() for each in insides])
    found = [
        _one(
            each,
            place,
            (sums[0][place], sums[1][place]),
            (insides[place], corrected[place]),
            (by_entity[place], effects[place]),
        )
        for place, each in enumerate(listed)
    ]
    return tuple(sorted(found, key=lambda each: (list(Verdict).index(each.verdict), each.place)))


def _one(
    metric: Metric,
    place: int,
    sums: tuple[Sums, Sums],
    told: tuple[Within, float | None],
    effects: tuple[float, float],
) -> Compared:
    (inside, q), (by_entity, effect) = told, effects
    first, second = (_estimate(metric, each, by_entity) for each in sums)
    number, least = inside.number(metric.unit), metric.least(inside.means[1])
    return Compared(
        metric,
        place,
        (first, second),
        _overall(metric, sums, (first, second), effect),
        inside,
        number,
        least,
        q,
        _verdict(metric, number, least, q),
    )


def _estimate(metric: Metric, sums: Sums, effect: float) -> Number:
    if metric.share:
        return widened_metric(wilson(round(sums.total), sums.n), effect)
    return widened(mean(sums.n, sums.total, sums.squares), effect)


def _overall(
    metric: Metric, sums: tuple[Sums, Sums], sides: tuple[Number, Number], effect: float
) -> Number:
    """The difference as both sides came: Newcombe's for shares, Zou and Donner's for means."""
    first, second = sums
    found = change(*sides)
    if metric.share:
        found = difference(round(first.total), first.n, round(second.total), second.n)
    if math.isfinite(effect) or found.value is None:
        return widened(found, effect)
    return Number(found.value, found.n, unit=found.unit, why=UNKNOWN_DAYS)


def _verdict(metric: Metric, number: Number, least: float, q: float | None) -> Verdict:
    if number.value is None or q is None:
        return Verdict.UNJUDGED if number.value is not None else Verdict.FEW
    if q >= CLEAR or number.value == 0:
        return Verdict.NONE
    if abs(number.value) < least:
        return Verdict.LESS
    if not metric.worse:
        return Verdict.DIFFERENT
    return Verdict.WORSE if (number.value > 0) == (metric.worse == "higher") else Verdict.BETTER


@dataclass(frozen=True)
class SliceDifference:
    """One slice of the dimension within which is compared."""

    dimension: str
    value: Cell
    rows: tuple[int, int]
    inside: Within
    number: Number


def slices_of(found: Comparison, each: Compared) -> tuple[SliceDifference, ...]:
    """Compare one metric in each slice in which both sides serve, the largest first."""
    counted_, listed = found.counted, []
    sizes = {
        value: sum(part.rows for part in both)
        for (name, value), both in found.parts.items()
        if name == counted_.dimension
    }
    hidden = withheld_groups(sizes, found.smallest)
    for place, value in enumerate(counted_.slices if counted_.dimension else ()):
        if value in hidden:
            continue
        strata = counted_.cells.strata(each.place, place)
        inside = within(strata, share=each.metric.share, effect=found.effects[each.place])
        first, second = found.parts[counted_.dimension, value]
        number = inside.number(each.metric.unit)
        rows = first.rows, second.rows
        listed.append(SliceDifference(counted_.dimension, value, rows, inside, number))
    return tuple(sorted(listed, key=lambda one: (-min(one.rows), str(one.value))))
