"""An experiment as tables and as a picture."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import (
    Band,
    Bar,
    BarChart,
    Cell,
    Chart,
    Column,
    ColumnType,
    LineChart,
    Number,
    Series,
    Table,
)
from queries.measures.arms import Against, Compared, Effect, unit_of
from queries.measures.enrolment import Standing
from queries.wording.differences import points_of, unit_of_change
from queries.wording.experiment_told import ExperimentTold, Verdict, amount, title_of

_NO_ARM = Against(0, Number(None, 0), Number(None, 0), None, None, None, None, Effect.FEW)
_TITLES: dict[ColumnType, str] = {"share": "Shares", "number": "Averages and ratios"}


def tables(told: ExperimentTold) -> tuple[Table, ...]:
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


def chart(told: ExperimentTold, title: str) -> Chart | None:
    """Draw the effect as it became known day by day, or the arms side by side."""
    if told.verdict in (Verdict.EMPTY, Verdict.FEW):
        return None
    if told.verdict is not Verdict.SPLIT and len(told.report.over_time) > 2:
        return _narrowing(told, title)
    return _side_by_side(told, title)


def _metrics(told: ExperimentTold, unit: ColumnType, listed: list[Compared]) -> Table:
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
    shown = ("metric", "arm", "users", "value", "change", "change_low", "change_high", "verdict")
    return Table(_TITLES[unit], columns, rows, channel=shown)


def _row(told: ExperimentTold, compared: Compared, at: int, unit: ColumnType) -> tuple[Cell, ...]:
    found = compared.against[at - 1] if at else _NO_ARM
    broken = told.report.split.broken
    verdict = "control" if not at else "the split is broken" if broken else found.effect.value
    change = points_of(found.change) if unit == "share" else _cells(found.change)
    share = 100 if unit == "share" else 1
    return (
        compared.metric.title,
        told.experiment.arms[at],
        compared.values[at].n,
        *_cells(compared.values[at]),
        *change,
        *_cells(found.ratio),
        *(found.statistic, found.p, found.corrected),
        None if found.found is None else share * found.found,
        compared.metric.guardrail,
        verdict,
    )


def _who(told: ExperimentTold) -> Table:
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


def _over_time(told: ExperimentTold) -> Table:
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
            *(points_of(each.effect) if unit == "share" else _cells(each.effect)),
        )
        for each in told.report.over_time
    )
    return Table("Day by day", columns, rows)


def _narrowing(told: ExperimentTold, title: str) -> LineChart:
    unit = unit_of(told.report.main.metric)
    read = told.report.over_time
    values = [points_of(each.effect) if unit == "share" else _cells(each.effect) for each in read]
    arm, first, last = told.arm(told.lead.arm), values[0], values[-1]
    metric = title_of(told.report.main)
    ends = [f"{words.number(low)} to {words.number(high)}" for _, low, high in (first, last)]
    alt = (
        f"{title}. Line of how much more {metric} has in {arm} than in {told.arm(0)}, as known at "
        f"the end of each day. Its range narrows from {ends[0]} to {ends[1]}."
    )
    return LineChart(
        title=title,
        alt=alt.replace("-", "−"),
        x=tuple(each.at.astimezone(told.asked.reading.zone) for each in read),
        series=(
            Series(arm.strip("“”"), tuple(each[0] for each in values), emphasis=True),
            Series("no difference", (0.0,) * len(values)),
        ),
        unit=unit_of_change(unit),
        y_label=f"{metric}, more than in {told.arm(0)}",
        band=Band("95 %, at any reading", *(tuple(each[i] for each in values) for i in (1, 2))),
    )


def _side_by_side(told: ExperimentTold, title: str) -> BarChart | None:
    main = told.report.main
    bars = tuple(
        Bar(
            words.shortened(told.experiment.arms[at], 40),
            *_cells(value),
            emphasis=told.verdict is Verdict.WON and at == told.lead.arm,
        )
        for at, value in enumerate(main.values)
        if value.value is not None
    )
    if not bars:
        return None
    said = [f"{bar.label} {amount(main.values[at])}" for at, bar in enumerate(bars)]
    metric = title_of(main)
    alt = f"{title}. Bars of {metric} by arm: {words.listed(said)}."
    return BarChart(title, alt, bars, unit_of(main.metric), metric)


def _cells(number: Number) -> tuple[float | None, float | None, float | None]:
    return number.value, number.low, number.high


def _estimate(name: str, label: str, unit: ColumnType) -> tuple[Column, ...]:
    return (
        Column(name, label, unit),
        Column(f"{name}_low", f"{label}, low", unit),
        Column(f"{name}_high", f"{label}, high", unit),
    )
