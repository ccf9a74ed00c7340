"""Two sides held against each other: traffic, failures, latency, answers, outcomes, groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from queries.core.crowds.suppression import withheld_groups
from queries.core.kinds.pair import VERSION
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.reading import Reading
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.entity_effect import entity_effects
from queries.measures.counting.expressions import Sample
from queries.measures.groups.gaps import GroupChange, group_changes
from queries.measures.outcomes.delays import judged_days
from queries.measures.places.crowds import may_be_split
from queries.measures.sides.cells import Counted
from queries.measures.sides.counts import (
    MOST_VALUES,
    SHARED,
    Parts,
    parts,
    rows_kept,
    shared,
)
from queries.measures.sides.judged import Compared, judged
from queries.measures.sides.metric import Metric
from queries.measures.sides.metrics import favourable, metrics, slow_limit
from queries.measures.sides.mixes import Mix, mix
from queries.measures.sides.strata import counted
from queries.measures.sides.which import Sides
from queries.statistics.multiplicity import benjamini_hochberg
from queries.statistics.stratified import Within, day_effect, within


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
    sample, measured = sides.sample, [sides.index, *(each.expression for each in listed)]
    attributes = may_be_split(log, attributes, sample.spans, sample.where, measured)
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
        sides=sides,
        rows=(whole[0].rows, whole[1].rows),
        compared=judged(listed, (whole[0].sums, whole[1].sums), strata, by_entity, effects),
        mixes=mixes,
        counted=strata,
        groups=groups,
        widened=benjamini_hochberg([each.p() for each in groups]),
        favourable=None if good is None else listed[good],
        limit=limit,
        left_out=left_out,
        effects=effects,
        parts=found,
        smallest=log.source.smallest_group if within_ in log.source.protected else 0,
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
    # Rounded, so that the last digits, in which engines may differ,
    # don't decide between equal ones.
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
        # The larger and not both: people who come back within a day make that day vary as well.
        max(known, day_effect(strata.cells.days(place), share=each.share))
        for (place, each), known in zip(enumerate(listed), by_entity, strict=True)
    )


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
