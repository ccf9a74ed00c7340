"""A rollout as tables: its guardrails, how each stood over time, and who was served by what."""

from __future__ import annotations

from queries.core import words
from queries.core.answer import Column, Table
from queries.core.value import Cell, ColumnType
from queries.rollout.guardrails import Guardrail, State
from queries.rollout.told import Told
from queries.wording.differences import least_that_matters, unit_of_change
from queries.wording.sides.tables import ends, of_difference
from queries.wording.sides.tables import tables as compared_tables

_VERSIONS = 6
_A_YEAR = 365


def tables(told: Told) -> tuple[Table, ...]:
    """The guardrails first, then over time, traffic, and all that the versions were compared by."""
    shares = [each for each in told.report.guardrails if each.metric.share]
    numbers = [each for each in told.report.guardrails if not each.metric.share]
    first = [_guardrails(told, each) for each in (shares, numbers) if each]
    return (*first, _over_time(told), _traffic(told), *compared_tables(told.compared))


def _guardrails(told: Told, guardrails: list[Guardrail]) -> Table:
    new, old = told.names.columns
    share = guardrails[0].metric.share
    unit: ColumnType = "share" if share else "number"
    change = unit_of_change(unit)
    columns = (
        Column("guardrail", "guardrail", "text"),
        Column("state", "state", "text"),
        Column("new", new, unit),
        Column("old", old, unit),
        *ends("difference", "difference", change),
        least_that_matters(unit),
        Column("n", "compared", "integer"),
        Column("days", "days until known", "number"),
        Column("requests", "requests until known", "integer"),
    )
    rows = [_guardrail(told, each) for each in guardrails]
    channel = ("guardrail", "state", "new", "old", "difference", "least", "days")
    note = (
        "Of a group, “difference” is how much more its share changed than the largest group's. "
        "Where it is not known yet and no days are told, it would take over a year at this pace."
    )
    title = "Guardrails" if share else "Guardrails, averages"
    return Table(title, columns, tuple(rows), channel=channel, note=note if share else "")


def _guardrail(told: Told, each: Guardrail) -> tuple[Cell, ...]:
    at = told.report.guardrails.index(each)
    known = each.number.value is not None
    means = each.means if known else (None, None)
    days: float | None = None
    requests: int | None = None
    if each.state is State.OPEN and told.report.days(at) <= _A_YEAR:
        days, requests = told.report.days(at), round(told.report.requests(at))
    least = 100 * each.least if each.metric.share else each.least
    name, state = told.name(each), each.state.value
    return name, state, *means, *of_difference(each.number), least, each.number.n, days, requests


def _over_time(told: Told) -> Table:
    columns = (
        Column("at", "as of", "time"),
        Column("guardrail", "guardrail", "text"),
        Column("state", "state", "text"),
        *ends("difference", "difference", "number"),
        Column("n", "compared", "integer"),
    )
    zone = told.asked.reading.zone
    rows = [
        (at.astimezone(zone), told.name(each), each.state.value, *of_difference(each.number), n)
        for at, guardrails in zip(told.report.moments, told.report.history, strict=True)
        for each in guardrails
        for n in (each.number.n,)
    ]
    note = "Differences of shares are in percentage points."
    return Table("As it was known", columns, tuple(rows), note=note)


def _traffic(told: Told) -> Table:
    found = told.report.traffic
    shown = found.versions[:_VERSIONS]
    names = [words.value(version) for version in shown]
    columns = [Column("at", "from", "time"), Column("requests", "requests", "integer")]
    for place, name in enumerate(names):
        columns.append(Column(f"share_{place}", words.shortened(name, 40), "share"))
    zone, rows = told.asked.reading.zone, []
    for place, at in enumerate(found.at):
        total = sum(each[place] for each in found.rows)
        shares = [each[place] / total if total else None for each in found.rows[:_VERSIONS]]
        rows.append((at.astimezone(zone), total, *shares))
    return Table("Share of requests by version", tuple(columns), tuple(rows))
