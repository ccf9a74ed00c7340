"""What people overruled as tables: how it turned out, where, at which scores, why and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.number import Number
from queries.core.value import Cell
from queries.overrides.outcomes import Judged
from queries.overrides.told import Told, place
from queries.wording.differences import points_of
from queries.wording.score_bands import band_name
from queries.wording.standings import standing_name

ROWS = 500


def tables(told: Told) -> tuple[Table, ...]:
    """How it turned out first, where that is known."""
    return tuple(_tables(told))


def _tables(told: Told) -> Iterator[Table]:
    report = told.report
    if told.whole:
        yield _turned_out(told, told.whole)
    yield _where(told)
    if report.bands:
        rows = [(band_name(report.score, at), each) for at, each in report.bands]
        yield _rates("By score band", Column("band", "score", "text"), rows)
    if report.reasons:
        reasons = [(words.value(reason), part) for reason, part in report.reasons]
        yield _rates("By reason", Column("reason", "reason", "text"), reasons, "of all overruled")
    if report.days:
        days = [(each.start, each.rate) for each in report.days]
        yield _rates("By day", Column("day", "day", "time"), days)


def _turned_out(told: Told, whole: Judged) -> Table:
    columns = (
        Column("slice", "slice", "text"),
        Column("overruling", "verdict", "text"),
        Column("right", "right when overruled", "share"),
        Column("by_score", "right by the score", "share"),
        Column("apart", "difference", "points"),
        Column("apart_low", "difference, low", "points"),
        Column("apart_high", "difference, high", "points"),
        Column("n", "overruled, compared", "integer"),
        Column("others", "others, compared", "integer"),
        Column("alone", "overruled without another", "integer"),
        Column("q", "p, corrected", "number"),
    )
    slices = told.report.outcomes.slices if told.report.outcomes else ()
    rows = []
    ranked = sorted(
        slices,
        key=lambda each: (not each.turns_out(told.matters), -each.inside.n[0], place(each)),
    )
    for each in (whole, *ranked[:ROWS]):
        known = each.number.value is not None
        means: tuple[Cell, Cell] = each.inside.means if known else (None, None)
        name = place(each) if each.dimension else "all"
        n, others = each.inside.n
        cells = (
            name,
            told.verdict(each),
            *means,
            *points_of(each.number),
            n,
            others,
            each.inside.apart[0],
        )
        rows.append((*cells, each.q))
    shown = ("slice", "overruling", "right", "by_score", "apart", "n")
    note = (
        f"“By the score”: {told.others}. Shares are weighed by what each band of the score tells, "
        "so they differ a little from plain ones. The p of all is not corrected."
    )
    return Table("How it turned out", columns, tuple(rows), channel=shown, note=note)


def _where(told: Told) -> Table:
    columns = (
        Column("slice", "slice", "text"),
        *_RATE,
        Column("elsewhere", "elsewhere", "share"),
        Column("apart", "difference", "points"),
        Column("apart_low", "difference, low", "points"),
        Column("apart_high", "difference, high", "points"),
        Column("stands_out", "stands out", "boolean"),
    )
    whole = told.report.rate
    rows: list[tuple[Cell, ...]] = [("all", *_line(whole), None, None, None, None, False)]
    rows += [
        (
            standing_name(each),
            *_line(each.here.now),
            each.elsewhere.value,
            *points_of(each.apart),
            each.worst,
        )
        for each in told.report.standings[:ROWS]
    ]
    shown = ("slice", "n", "rate", "elsewhere", "apart")
    return Table("By slice", columns, tuple(rows), channel=shown)


_RATE = (
    Column("n", "decisions", "integer"),
    Column("k", "overruled", "integer"),
    Column("rate", "share overruled", "share"),
    Column("rate_low", "share, low", "share"),
    Column("rate_high", "share, high", "share"),
)


def _line(number: Number) -> tuple[Cell, ...]:
    k = round((number.value or 0.0) * number.n)
    return number.n, k, number.value, number.low, number.high


def _rates(title: str, first: Column, rows: Sequence[tuple[Cell, Number]], what: str = "") -> Table:
    columns = (first, *_RATE)
    if what:
        columns = (
            first,
            Column("n", what, "integer"),
            Column("k", "with this reason", "integer"),
            Column("rate", "share", "share"),
            Column("rate_low", "share, low", "share"),
            Column("rate_high", "share, high", "share"),
        )
    lines = tuple((name, *_line(each)) for name, each in rows)
    return Table(title, columns, lines, channel=(first.name, "n", "k", "rate"))
