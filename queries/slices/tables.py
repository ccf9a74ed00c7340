"""Slices as tables: the worst ones, what explains the change, every dimension, every pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.places.decomposition import Decomposition, Effect
from queries.measures.places.standings import Standing
from queries.slices.told import Told
from queries.wording.differences import points_of
from queries.wording.parts import parts_name
from queries.wording.standings import standing_name

PAIRS = 500
"""How many pairs the table of pairs holds at most."""
_WORST = 10


def tables(told: Told) -> tuple[Table, ...]:
    """The worst slices first; then what explains the change, each dimension, and pairs."""
    return tuple(_tables(told))


def _tables(told: Told) -> Iterator[Table]:
    report = told.report
    if not report.standings:
        return
    top = list(report.worst[:_WORST]) or list(report.standings[:_WORST])
    yield _listed("Worst slices" if report.worst else "Slices", top, told)
    if report.accounts:
        yield _accounts(report.accounts)
    single = [each for each in report.standings if len(each.group.dimensions) == 1]
    pairs = [each for each in report.standings if len(each.group.dimensions) == 2]
    accounts = {each.dimension: each for each in report.accounts}
    for dimension in dict.fromkeys(each.group.dimensions[0] for each in single):
        of_it = [each for each in single if each.group.dimensions[0] == dimension]
        yield _dimension(dimension, of_it, accounts.get(dimension), told)
    if pairs:
        note = f"The first {PAIRS} of {len(pairs):,}." if len(pairs) > PAIRS else ""
        yield _listed("Pairs", pairs[:PAIRS], told, note)


def _rate(told: Told) -> tuple[Column, ...]:
    counted = told.counted
    return (
        Column("n", f"{told.unit}s", "integer"),
        Column("hits", counted, "integer"),
        Column("rate", f"share {counted}", "share"),
        Column("rate_low", "share, low", "share"),
        Column("rate_high", "share, high", "share"),
        Column("usual", "usual", "share"),
        Column("usual_low", "usual, low", "share"),
        Column("usual_high", "usual, high", "share"),
        Column("elsewhere", "elsewhere", "share"),
        Column("apart", "difference", "points"),
        Column("apart_low", "difference, low", "points"),
        Column("apart_high", "difference, high", "points"),
        Column("stands_out", "stands out", "boolean"),
        Column("through", "but only through", "text"),
    )


_CHANNEL = ("n", "rate", "usual", "elsewhere")


def _line(each: Standing) -> tuple[Cell, ...]:
    hits, n = each.group.now
    return (
        n,
        int(hits),
        *_estimate(each.here.now),
        *_estimate(each.here.usual),
        each.elsewhere.value,
        *points_of(each.apart),
        each.worst,
        parts_name(each.through.dimensions, each.through.values) if each.through else None,
    )


def _estimate(number: Number) -> tuple[Cell, Cell, Cell]:
    return number.value, number.low, number.high


def _listed(title: str, found: Sequence[Standing], told: Told, note: str = "") -> Table:
    rows = tuple((standing_name(each), *_line(each)) for each in found)
    columns = (Column("slice", "slice", "text"), *_rate(told))
    return Table(title, columns, rows, channel=("slice", *_CHANNEL), note=note)


_EFFECTS = (
    Column("within", "changed within", "points"),
    Column("within_low", "within, low", "points"),
    Column("within_high", "within, high", "points"),
    Column("between", "moved between", "points"),
    Column("between_low", "between, low", "points"),
    Column("between_high", "between, high", "points"),
)


def _accounts(accounts: Sequence[Decomposition]) -> Table:
    columns = (
        Column("column", "column", "text"),
        Column("change", "change of the whole", "points"),
        Column("change_low", "change, low", "points"),
        Column("change_high", "change, high", "points"),
        *_EFFECTS,
        Column("paradox", "whole and parts disagree", "boolean"),
    )
    rows = tuple(
        (
            each.dimension.replace("_", " "),
            *points_of(each.change),
            *points_of(each.rate),
            *points_of(each.mix),
            each.simpson,
        )
        for each in accounts
    )
    shown = ("column", "change", "within", "between")
    return Table("What explains the change", columns, rows, channel=shown)


def _dimension(
    dimension: str, found: Sequence[Standing], account: Decomposition | None, told: Told
) -> Table:
    label = dimension.replace("_", " ")
    effects = {each.value: each for each in account.effects} if account else {}
    columns: tuple[Column, ...] = (Column("value", label, "text"), *_rate(told))
    if account:
        columns += (
            Column("share_now", "of all now", "share"),
            Column("share_before", "of all before", "share"),
            *_EFFECTS,
        )
    rows = [
        (
            words.value(each.group.values[0]),
            *_line(each),
            *(_moved(effects[each.group.values[0]]) if account else ()),
        )
        for each in found
    ]
    return Table(f"By {label}", columns, tuple(rows), channel=("value", *_CHANNEL))


def _moved(effect: Effect) -> tuple[Cell, ...]:
    return (
        effect.share_now,
        effect.share_before,
        *points_of(effect.rate),
        *points_of(effect.mix),
    )
