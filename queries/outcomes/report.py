"""What came of a model's decisions: by decision, score band and slice, followed and overruled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.value import Cell
from queries.measures.cases.counts import (
    Cases,
    CellOf,
    Counted,
    Ranked,
    case_counts,
    in_all,
    ranked,
)
from queries.measures.cases.sides import SliceSides, TwoSides, compared_slices, two_sides
from queries.measures.counting.expressions import class_name
from queries.measures.outcomes.complete import Complete, complete_rows, every_row_kept
from queries.outcomes.lift import Lift, lift

_NONE = Cases()


@dataclass(frozen=True)
class Versus:
    """Two kinds of cases against each other: overruled ones and the others, or by decision.

    ``decision`` is the first side's, None where it is those that people overruled. ``worth`` is
    None where no value is logged.
    """

    decision: Cell
    outcome: TwoSides
    worth: TwoSides | None


@dataclass(frozen=True)
class OutcomeReport:
    """What came of the requests of complete days.

    ``share`` says that outcomes are counted, else averaged. ``bands`` are cases by score band, the
    lowest first, as cut by ``score``. ``rests`` hold each slice against all others.
    """

    complete: Complete
    share: bool
    whole: Cases = _NONE
    decisions: Mapping[Cell, Cases] | None = None
    score: Ranked | None = None
    bands: Mapping[int, Cases] | None = None
    lift: Lift | None = None
    slices: Mapping[tuple[str, Cell], Cases] | None = None
    rests: tuple[SliceSides, ...] = ()
    versus: Versus | None = None
    lumped: tuple[str, ...] = ()


def outcome_report(
    log: Log, reading: Reading, where: Sequence[Filter], dimensions: Sequence[str]
) -> OutcomeReport:
    """Count what came of it. Raises NotAnswerable where the log has no outcome."""
    with every_row_kept(log, reading, where, (*dimensions, "override", "value")):
        return _report(log, reading, where, dimensions)


def _report(
    log: Log, reading: Reading, where: Sequence[Filter], dimensions: Sequence[str]
) -> OutcomeReport:
    complete, share = complete_rows(log, reading, where), log.source.task != "regression"
    if not complete.counted.outcomes:
        return OutcomeReport(complete, share)
    # Before counting, which needs the bands' edges: the one pass more that bands cost.
    score = ranked(log, reading.now, complete.rows)
    counted, lumped = case_counts(log, reading.now, complete.rows, dimensions, score)
    cells = {key: each for key, each in counted.items() if not key.dimension}
    whole = in_all(cells, _every)
    bands = _by(cells, lambda cell: cell.band)
    by_band = {int(str(at)): each for at, each in bands.items() if at is not None}
    slices = _slices(counted, _every)
    both = {
        key: (each.outcome, whole.less(each).outcome)
        for key, each in slices.items()
        # A slice that is everything has no others to be held against.
        if each.rows < whole.rows
    }
    return OutcomeReport(
        complete=complete,
        share=share,
        whole=whole,
        decisions=_by(cells, lambda cell: cell.decision) if log.has("decision") else None,
        score=score,
        bands=by_band if score else None,
        lift=lift({at: each.outcome for at, each in by_band.items()}) if share else None,
        slices=slices,
        rests=compared_slices(both, share=share),
        versus=_versus(log, counted, cells, share=share),
        lumped=lumped,
    )


def _versus(log: Log, counted: Counted, cells: Counted, *, share: bool) -> Versus | None:
    """Overruled ones against the others where people overrule; else one decision against others."""
    if log.has("override"):
        if in_all(cells, _overruled).rows:
            return _sides(log, counted, cells, None, _overruled, share=share)
        return None
    of = {
        value: each.outcome.n
        for value, each in _by(cells, lambda cell: cell.decision).items()
        if value not in (None, "") and each.outcome.n
    }
    if len(of) < 2:
        return None
    named = {class_name(value): value for value in of}
    good = None if log.source.favourable is None else class_name(log.source.favourable)
    first = named.get(good) if good in named else max(of, key=lambda each: (of[each], str(each)))
    return _sides(log, counted, cells, first, lambda cell: cell.decision == first, share=share)


def _sides(
    log: Log,
    counted: Counted,
    cells: Counted,
    decision: Cell,
    first: Callable[[CellOf], bool],
    *,
    share: bool,
) -> Versus:
    def other(cell: CellOf) -> bool:
        return not first(cell)

    whole = in_all(cells, first), in_all(cells, other)
    here, there = _slices(counted, first), _slices(counted, other)
    both = {key: (here.get(key, Cases()), there.get(key, Cases())) for key in here | there}
    outcome = two_sides(
        (whole[0].outcome, whole[1].outcome),
        {key: (one.outcome, two.outcome) for key, (one, two) in both.items()},
        share=share,
    )
    if not log.has("value"):
        return Versus(decision, outcome, None)
    worth = two_sides(
        (whole[0].worth, whole[1].worth),
        {key: (one.worth, two.worth) for key, (one, two) in both.items()},
        share=False,
    )
    return Versus(decision, outcome, worth)


def _by(cells: Counted, key: Callable[[CellOf], Cell]) -> dict[Cell, Cases]:
    found: dict[Cell, Cases] = {}
    for cell, each in cells.items():
        found[key(cell)] = found.get(key(cell), Cases()).plus(each)
    return found


def _slices(counted: Counted, wanted: Callable[[CellOf], bool]) -> dict[tuple[str, Cell], Cases]:
    found: dict[tuple[str, Cell], Cases] = {}
    for cell, each in counted.items():
        if cell.dimension and wanted(cell):
            key = cell.dimension, cell.value
            found[key] = found.get(key, Cases()).plus(each)
    return found


def _every(_cell: CellOf) -> bool:
    return True


def _overruled(cell: CellOf) -> bool:
    return cell.turned
