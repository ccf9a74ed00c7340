"""An experiment as tables: what each metric is in each arm, who takes part, day by day."""

from __future__ import annotations

from queries.core.answer import Column, Table
from queries.core.number import Number
from queries.core.value import Cell, ColumnType
from queries.experiment.arms import Against, Compared, Effect, unit_of
from queries.experiment.enrolment import Standing
from queries.experiment.told import Told, Verdict, cells
from queries.wording.differences import points_of, unit_of_change

_NO_ARM = Against(
    arm=0,
    change=Number(None, 0),
    ratio=Number(None, 0),
    statistic=None,
    p=None,
    corrected=None,
    found=None,
    effect=Effect.FEW,
)
_TITLES: dict[ColumnType, str] = {"share": "Shares", "number": "Averages and ratios"}


def tables(told: Told) -> tuple[Table, ...]:
    """The metric that decides first, then those in other units, who takes part, and the days."""
    if told.verdict is Verdict.EMPTY:
        return ()
    main = unit_of(told.report.main.metric)
    units: tuple[ColumnType, ...] = (main, "number" if main == "share" else "share")
    everything = (told.report.main, *told.report.others)
    found = []
    for unit in units:
        if alike := [each for each in everything if unit_of(each.metric) == unit]:
            found.append(_metrics(told, unit, alike))
    found.append(_who(told))
    if told.report.over_time:
        found.append(_over_time(told))
    return tuple(found)


def _metrics(told: Told, unit: ColumnType, listed: list[Compared]) -> Table:
    columns = (
        Column("metric", "metric", "text"),
        Column("arm", "arm", "text"),
        Column("users", told.who, "integer"),
        *_estimate("value", "value", unit),
        *_estimate("change", "more than the control", unit_of_change(unit)),
        *_estimate("times", "times the control", "number"),
        Column("statistic", "z or t", "number"),
        Column("p", "p", "number"),
        Column("corrected", "p, corrected for arms", "number"),
        Column("found", "found in 80 of 100", unit_of_change(unit)),
        Column("guardrail", "guardrail", "boolean"),
        Column("verdict", "verdict", "text"),
    )
    rows = tuple(
        _row(told, each, at, unit) for each in listed for at in range(len(told.experiment.arms))
    )
    shown = ("metric", "arm", "users", "value", "change", "verdict")
    return Table(_TITLES[unit], columns, rows, channel=shown)


def _row(told: Told, compared: Compared, at: int, unit: ColumnType) -> tuple[Cell, ...]:
    found = compared.against[at - 1] if at else _NO_ARM
    broken = told.report.split.broken
    verdict = "control" if not at else "the split is broken" if broken else found.effect.value
    change = points_of(found.change) if unit == "share" else cells(found.change)
    share = 100 if unit == "share" else 1
    return (
        compared.metric.title,
        told.experiment.arms[at],
        compared.values[at].n,
        *cells(compared.values[at]),
        *change,
        *cells(found.ratio),
        *(found.statistic, found.p, found.corrected),
        None if found.found is None else share * found.found,
        compared.metric.guardrail,
        verdict,
    )


def _who(told: Told) -> Table:
    report, arms = told.report, told.experiment.arms
    n = max(1, sum(report.split.counts))
    columns = (
        Column("arm", "arm", "text"),
        Column("configured", "configured share", "share"),
        Column("share", "share", "share"),
        Column("exposed", f"{told.who} first exposed", "integer"),
        Column("finished", "compared", "integer"),
        Column("open", "still watched", "integer"),
        Column("crossed", "seen in several arms", "integer"),
        Column("p", "p of the split", "number"),
    )
    rows = tuple(
        (
            arm,
            report.split.shares[at],
            report.split.counts[at] / n,
            report.split.counts[at],
            *(
                report.users(each, at)
                for each in (Standing.FINISHED, Standing.OPEN, Standing.CROSSED)
            ),
            report.split.p,
        )
        for at, arm in enumerate(arms)
    )
    shown = ("arm", "configured", "share", "exposed", "finished", "open", "crossed")
    return Table("Who takes part", columns, rows, channel=shown)


def _over_time(told: Told) -> Table:
    unit = unit_of(told.report.main.metric)
    columns = (
        Column("until", "read at", "time"),
        Column("users", f"{told.who} compared", "integer"),
        *_estimate("change", "more than the control", unit_of_change(unit)),
    )
    rows = tuple(
        (
            each.at.astimezone(told.asked.reading.zone),
            each.users,
            *(points_of(each.effect) if unit == "share" else cells(each.effect)),
        )
        for each in told.report.over_time
    )
    return Table("Day by day", columns, rows)


def _estimate(name: str, label: str, unit: ColumnType) -> tuple[Column, ...]:
    return (
        Column(name, label, unit),
        Column(f"{name}_low", f"{label}, low", unit),
        Column(f"{name}_high", f"{label}, high", unit),
    )
