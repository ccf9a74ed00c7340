"""Everything about what a model says, now and before: changes, slices, how a number is spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from queries.core.doors.guard import columns_in
from queries.core.errors import NotAnswerable
from queries.core.log import Log
from queries.core.number import Number
from queries.core.source import Visibility
from queries.core.value import Cell
from queries.measures.columns.comparisons import Comparison, baseline, compare
from queries.measures.columns.rates import BEYOND_CHANCE
from queries.measures.columns.spreads import Spread, spread
from queries.measures.counting.expressions import Sample, finite
from queries.measures.counting.quantiles import quantile_measures, read_quantiles
from queries.measures.past.before import Before
from queries.measures.predictions.outputs import Output, outputs
from queries.outputs.changes import (
    OutputChange,
    Verdict,
    against_past,
    against_reference,
)
from queries.outputs.mix import Mix, output_mix
from queries.outputs.slices import OutputSlice, output_slices
from queries.outputs.sums import Sums, output_sums
from queries.statistics.usual import COMPARABLE

QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a number that the model says is spread. ``moved`` says that it is, by enough.

    ``threshold`` is the cut-off where all requests now have the same; ``quantiles`` are those
    of ``QUANTILES``, before and now.
    """

    compared: Comparison
    spread: Spread | None
    threshold: float | None
    moved: bool
    quantiles: Mapping[float, tuple[Number, Number]]


@dataclass(frozen=True)
class OutputReport:
    """``changes`` are in the order in which they matter; ``lead`` is the one to speak of.

    ``rows`` are the requests now, of which ``unsaid`` have no value of the lead. ``lacking`` are
    the outputs that what is compared with doesn't hold. ``slices`` are the lead's, ``mix`` is what
    requests that moved between them make of its change, where that is most of it.
    """

    rows: int
    unsaid: int
    changes: tuple[OutputChange, ...]
    lead: OutputChange
    slices: tuple[OutputSlice, ...]
    shape: Shape | None
    lacking: tuple[str, ...]
    mix: Mix | None = None

    @property
    def verdict(self) -> Verdict:
        """What may be said of the whole: that of the output that asks most."""
        moved = self.shape is not None and self.shape.moved
        return (
            Verdict.ENOUGH if moved and self.lead.verdict is not Verdict.GONE else self.lead.verdict
        )


def output_report(log: Log, before: Before, now: Sample, dimensions: Sequence[str]) -> OutputReport:
    """Measure everything. Raises NotAnswerable where nothing that the model says is logged."""
    everything = outputs(log, (before.sample, now))
    found = [each for each in everything if _held(log, each, before)]
    if not found:
        raise NotAnswerable(
            f"The reference set of {log.source.title} holds nothing that the model says. "
            "Ask with `against usual`."
        )
    counts = _counts(log, found, dimensions, before, now)
    present, *past = counts[None]
    matters = log.source.matters
    changes = (
        against_reference(found, present, past[0], matters)
        if before.is_reference
        else against_past(found, present, past, matters)
    )
    lead = foremost(changes)
    at = changes.index(lead)
    slices = _slices(counts, at)
    return OutputReport(
        rows=present[at].rows,
        unsaid=present[at].rows - present[at].n,
        changes=changes,
        lead=lead,
        slices=output_slices(lead.output, slices),
        shape=_shape(log, changes, before, now) if present[at].rows else None,
        lacking=tuple(dict.fromkeys(each.name for each in everything if each not in found)),
        mix=output_mix(lead.output, slices, lead.least),
    )


def foremost(changes: Sequence[OutputChange]) -> OutputChange:
    """Choose the output to speak of: by verdict, then by role, then by how far it moved."""
    order, roles = list(Verdict), list(dict.fromkeys(each.output.name for each in changes))
    return min(
        changes,
        key=lambda each: (
            order.index(each.verdict),
            roles.index(each.output.name),
            -each.size,
        ),
    )


def _held(log: Log, output: Output, before: Before) -> bool:
    return all(log.has(name, before.sample.dataset) for name in columns_in(output.expression))


def _counts(
    log: Log, found: Sequence[Output], dimensions: Sequence[str], before: Before, now: Sample
) -> Mapping[tuple[str, Cell] | None, list[Sequence[Sums]]]:
    """Count by slice and period: the present first, then each past one or the reference."""
    if not before.is_reference:
        periods = [*(now.spans or ()), *before.periods]
        return {
            key: list(each)
            for key, each in output_sums(log, found, dimensions, now, periods).items()
        }
    dataset = before.sample.dataset
    both = [name for name in dimensions if log.has(name, dataset)]
    present = output_sums(log, found, both, now, now.spans)
    reference = output_sums(log, found, both, before.sample, None)
    nothing = [[Sums()] * len(found)]
    keys = dict.fromkeys((*present, *reference))
    return {key: [present.get(key, nothing)[0], reference.get(key, nothing)[0]] for key in keys}


def _slices(
    counts: Mapping[tuple[str, Cell] | None, Sequence[Sequence[Sums]]], at: int
) -> dict[tuple[str, Cell], list[Sums]]:
    return {
        key: [period[at] for period in periods]
        for key, periods in counts.items()
        if key is not None
    }


def _shape(log: Log, changes: Sequence[OutputChange], before: Before, now: Sample) -> Shape | None:
    """Look at how the number that moved most is spread; none that may only be split by."""
    numbers = [
        each
        for each in changes
        if each.output.value is None
        and log.visibility(each.output.name) is Visibility.OPEN
        and log.kind(each.output.name) == "number"
    ]
    if not numbers:
        return None
    name = foremost(numbers).output.name
    base = baseline(log, [name], before.sample)
    (compared,) = compare(log, base, now)
    low, high = compared.now.low, compared.now.high
    if low is None or high is None:
        return None
    # Of fewer weeks it isn't known how much the spread differs between them anyway.
    enough = before.is_reference or len(before.periods) >= COMPARABLE
    p = compared.chance.p
    moved = enough and p is not None and p <= BEYOND_CHANCE
    return Shape(
        compared,
        spread(log, name, base.bins[name], now, (low, high)),
        _threshold(log, now) if name == "score" else None,
        moved and compared.beyond_chance >= log.source.matters.drift,
        _quantiles(log, compared, before.sample, now),
    )


def _quantiles(
    log: Log, compared: Comparison, before: Sample, now: Sample
) -> dict[float, tuple[Number, Number]]:
    """Give quantiles on either side, each with its order-statistic interval."""
    value = finite(log.column(compared.name))
    sides = []
    for sample, n in ((before, compared.before.n), (now, compared.now.n)):
        measures = quantile_measures(value, QUANTILES, [n])
        row = log.aggregate(
            # A statement has to select something, also where too few values
            # are there for any quantile.
            measures or {"n": sa.func.count()},
            spans=sample.spans,
            where=sample.where,
            dataset=sample.dataset,
        )[0]
        sides.append(read_quantiles(row, QUANTILES, n))
    return {q: (sides[0][q], sides[1][q]) for q in QUANTILES}


def _threshold(log: Log, now: Sample) -> float | None:
    if not log.has("threshold", now.dataset) or (
        log.visibility("threshold") is not Visibility.OPEN
    ):
        return None
    value = finite(log.column("threshold"))
    row = log.aggregate(
        {"low": sa.func.min(value), "high": sa.func.max(value)},
        spans=now.spans,
        where=now.where,
        dataset=now.dataset,
    )[0]
    return None if row["low"] != row["high"] else row["low"]
