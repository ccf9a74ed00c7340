"""Groups as tables: rates and gaps, by version and time, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from queries.core.answer import Column, Table
from queries.core.number import Number
from queries.core.value import Cell, ColumnType
from queries.fairness.groups import FOUR_FIFTHS, Tally
from queries.fairness.metrics import MEANINGS
from queries.fairness.outcomes import OutcomesBy
from queries.fairness.reference import group_name
from queries.fairness.told import Told, one
from queries.statistics.rates import ratio
from queries.wording.differences import points_of

_GROUP = Column("group", "group", "text")
_METRIC = (Column("metric", "metric", "text"), Column("meaning", "meaning", "text"))


def tables(told: Told) -> tuple[Table, ...]:
    """The groups first; those without a row are left out."""
    return tuple(table for table in _all(told) if table.rows)


def _all(told: Told) -> Iterator[Table]:
    yield _groups(told)
    for name, margin in told.report.margins.items():
        label = name.replace("_", " ")
        rows = tuple((one(value), *_tally(tally)) for value, tally in margin.items())
        yield Table(f"By {label}", (Column("group", label, "text"), *_TALLY), rows)
    yield _versions(told)
    yield _times(told)
    if came := told.report.outcomes:
        yield from (_counts(came), _metrics(came), _between(came))


def _ends(name: str, label: str, type_: ColumnType) -> tuple[Column, ...]:
    return (
        Column(name, label, type_),
        Column(f"{name}_low", f"{label}, low", type_),
        Column(f"{name}_high", f"{label}, high", type_),
    )


_TALLY = (
    Column("n", "requests", "integer"),
    Column("favourable", "favourable", "integer"),
    *_ends("rate", "rate", "share"),
)
_GAP = (*_ends("difference", "mean difference", "points"), *_ends("ratio", "ratio", "number"))


def _three(number: Number) -> tuple[Cell, ...]:
    return number.value, number.low, number.high


def _tally(tally: Tally) -> tuple[Cell, ...]:
    return tally.n, tally.favourable, *_three(tally.rate)


def _groups(told: Told) -> Table:
    report = told.report
    found = {gap.group: (gap, q) for gap, q in zip(report.gaps, report.q, strict=True)}
    top = max(report.groups.values(), key=lambda each: each.rate.value or 0, default=None)
    rows = []
    for group, tally in sorted(report.groups.items(), key=lambda each: -each[1].n):
        gap, q = found.get(group, (None, None))
        apart = (*points_of(gap.difference), *_three(gap.ratio)) if gap else (None,) * 6
        least = FOUR_FIFTHS * report.highest
        high = (top.favourable, top.n) if top else (0, 0)
        of_top = ratio(tally.favourable, tally.n, *high).value
        enough = (tally.rate.value or 0) >= least
        rows.append((one(group_name(group)), *_tally(tally), *apart, q, of_top, enough))
    columns = (
        Column("group", told.attributes, "text"),
        *_TALLY,
        *_GAP,
        Column("q", "p, corrected", "number"),
        Column("of_highest", "of the highest rate", "share"),
        Column("four_fifths", "at least 80 % of it", "boolean"),
    )
    channel = ("group", "n", "rate", "difference", "of_highest")
    reference = group_name(report.reference) if report.reference else ""
    note = f"Mean difference and ratio (disparate impact) are against {one(reference)}."
    return Table("Groups", columns, tuple(rows), channel=channel, note=note)


def _versions(told: Told) -> Table:
    report = told.report
    found = {(gap.group, gap.column): gap for gap in report.version_gaps}
    columns = dict.fromkeys(gap.column for gap in report.version_gaps)
    order = [*columns, *(at for _, at in report.versions if at not in columns)]
    rows = []
    for version in dict.fromkeys(order):
        for (group, at), tally in report.versions.items():
            if at == version:
                gap = found.get((group, at))
                apart = (*points_of(gap.difference), *_three(gap.ratio)) if gap else (None,) * 6
                rows.append((one(version), one(group_name(group)), *_tally(tally), *apart))
    named = (Column("version", "version", "text"), Column("group", told.attributes, "text"))
    return Table("By version", (*named, *_TALLY, *_GAP), tuple(rows))


def _times(told: Told) -> Table:
    report = told.report
    group = Column("group", told.attributes, "text")
    if report.sides:
        rows = tuple(
            ("after" if side else "before", one(group_name(key)), *_tally(tally))
            for (key, side), tally in report.times.items()
        )
        return Table("Before and after", (Column("side", "when", "text"), group, *_TALLY), rows)
    rows = tuple(
        (at, one(group_name(key)), *_tally(tally)) for (key, at), tally in report.times.items()
    )
    return Table("Over time", (Column("from", "from", "time"), group, *_TALLY), rows)


def _counts(found: OutcomesBy) -> Table:
    cells = ("tp", "fp", "fn", "tn") if not found.same_answer else ("happened", "did_not")
    counts = tuple(
        (
            one(group_name(key)),
            each.n,
            each.tp,
            each.fp,
            *(() if found.same_answer else (each.fn, each.tn)),
        )
        for key, each in found.counts.items()
    )
    labels = {"did_not": "did not happen"}
    named = tuple(Column(name, labels.get(name, name), "integer") for name in cells)
    return Table(
        "Outcomes by group", (_GROUP, Column("n", "with outcome", "integer"), *named), counts
    )


def _metrics(found: OutcomesBy) -> Table:
    return Table(
        "Metrics by group",
        (
            _GROUP,
            *_METRIC,
            Column("n", "of", "integer"),
            *_ends("value", "value", "share"),
            *_ends("ratio", "ratio", "number"),
        ),
        tuple(
            (
                one(group_name(each.group)),
                each.metric,
                MEANINGS[each.metric],
                each.value.n,
                *_three(each.value),
                *_three(each.ratio),
            )
            for each in found.metrics
        ),
    )


def _between(found: OutcomesBy) -> Table:
    return Table(
        "Between groups",
        (
            *_METRIC,
            Column("lowest", "lowest", "text"),
            Column("highest", "highest", "text"),
            Column("difference", "difference", "points"),
            Column("ratio", "ratio", "number"),
            Column("to_all", "furthest from all", "points"),
        ),
        tuple(
            (
                each.metric,
                MEANINGS[each.metric],
                one(group_name(each.lowest)),
                one(group_name(each.highest)),
                100 * each.difference,
                each.ratio,
                100 * each.to_all,
            )
            for each in found.between
        ),
    )
