"""How groups were treated: rates, gaps, outcomes, by version and over time; small ones withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from queries.core.crowds.refusals import OTHERS
from queries.core.crowds.suppression import TOTAL, Entry
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.times.reading import Reading
from queries.core.times.spans import midnight, naive
from queries.core.value import Cell
from queries.fairness.favourable import Favourable
from queries.fairness.groups import (
    Gap,
    Tally,
    gaps,
    group_tallies,
    is_shown,
    shown_along,
    shown_groups,
    totals,
)
from queries.fairness.outcomes import OutcomesBy, outcomes_by
from queries.fairness.reference import reference_group
from queries.measures.counting.expressions import Expression, Key, Sample, count_where
from queries.measures.performance.releases import first_seen
from queries.statistics.multiplicity import benjamini_hochberg
from queries.statistics.rates import two_proportions

MOST_COLUMNS = 31
"""Versions and times are told apart up to so many."""

Along = Mapping[tuple[Key, Cell], Tally]


@dataclass(frozen=True)
class FairnessReport:
    """Only what may be shown together.

    ``q`` are the gaps' p values, corrected. ``margins`` are of each of two attributes, ``withheld``
    the groups that are not shown, ``unknown`` the requests without a decision.
    """

    favourable: Favourable
    by: tuple[str, ...]
    groups: Mapping[Key, Tally]
    reference: Key | None
    gaps: tuple[Gap, ...]
    q: tuple[float | None, ...]
    margins: Mapping[str, Mapping[Cell, Tally]]
    versions: Along
    version_gaps: tuple[Gap, ...]
    times: Along
    sides: bool
    outcomes: OutcomesBy | None
    rows: int
    unknown: int
    withheld: tuple[Key, ...]

    @property
    def highest(self) -> float:
        """The highest favourable rate of a group."""
        return max((each.rate.value or 0.0 for each in self.groups.values()), default=0.0)


def fairness_report(
    log: Log,
    reading: Reading,
    where: Sequence[Filter],
    counted: Favourable,
    by: tuple[str, ...],
    reference: str | None,
    turn: datetime | None,
) -> FairnessReport:
    """Tally groups and give what may be shown. Raises NotAnswerable for a reference unknown."""
    asked = Sample(spans=reading.spans, where=tuple(log.matches(where)))
    columns = {f"g{at}": log.column(name) for at, name in enumerate(by)}
    version = log.column("version") if log.has("version") and "version" not in by else None
    counts = _counts(log, asked, counted, columns, version)
    raw = counts.tallies
    sizes = {group: tally.n for group, tally in totals(raw).items()}
    least = log.source.smallest_group
    kept_back = shown_groups(sizes, least)
    groups = {key: tally for key, tally in totals(raw).items() if is_shown(key, kept_back)}
    # Chosen among those that are shown, as every gap would tell of it.
    lead = reference_group(groups, sizes, reference)
    found = gaps({(group, None): tally for group, tally in groups.items()}, lead) if lead else ()
    versions = _along(raw, least, groups) if version is not None else {}
    known = Sample(spans=asked.spans, where=(*asked.where, counted.known))
    times = _times(log, reading, columns, counted, known, turn)
    safe_times = _along(times, least, groups) if times else {}
    return FairnessReport(
        favourable=counted,
        by=by,
        groups=groups,
        reference=lead,
        gaps=found,
        q=_corrected(found, groups.get(lead) if lead else None),
        margins=_margins(by, raw, kept_back),
        versions=versions,
        version_gaps=gaps(versions, lead, _by_age(log, versions)) if lead and versions else (),
        times=safe_times,
        sides=turn is not None and bool(times),
        outcomes=outcomes_by(log, reading, where, counted, columns, kept_back, lead),
        rows=counts.rows,
        unknown=counts.rows - sum(sizes.values()),
        withheld=tuple(key for key in sizes if key not in groups),
    )


@dataclass(frozen=True)
class _Counts:
    """All rows, and tallies of those that are known."""

    rows: int
    tallies: Along


def _counts(
    log: Log,
    asked: Sample,
    counted: Favourable,
    columns: Mapping[str, Expression],
    version: Expression | None,
) -> _Counts:
    measures = {
        "rows": sa.func.count(),
        "n": count_where(counted.known),
        "favourable": count_where(sa.and_(counted.known, counted.hit)),
    }
    by = dict(columns) | ({} if version is None else {"along": version})
    rows = log.aggregate(measures, by=by, spans=asked.spans, where=asked.where)
    tallies = {
        (tuple(row[name] for name in columns), row.get("along")): Tally(row["n"], row["favourable"])
        for row in rows
        if row["n"]
    }
    return _Counts(sum(row["rows"] for row in rows), tallies)


def _by_age(log: Log, versions: Along) -> list[Cell]:
    """The versions by when they were first seen in the whole log; by name where it has no times.

    Within a time that both serve, the older one may well come second.
    """
    named = sorted({version for _, version in versions}, key=str)
    if len(named) < 2 or not log.has("time"):
        return named
    first = first_seen(log)
    return sorted(named, key=lambda version: str(first.get(version)))


def _corrected(found: Sequence[Gap], other: Tally | None) -> tuple[float | None, ...]:
    if other is None:
        return ()
    tests = [
        two_proportions(each.tally.favourable, each.tally.n, other.favourable, other.n)
        for each in found
    ]
    return benjamini_hochberg([test.p for test in tests])


def _along(raw: Along, least: int, groups: Mapping[Key, Tally]) -> Along:
    if len({column for _, column in raw}) > MOST_COLUMNS:
        return {}
    return shown_along(raw, least, groups)


def _margins(
    by: tuple[str, ...], raw: Along, kept_back: frozenset[Entry]
) -> Mapping[str, Mapping[Cell, Tally]]:
    """Each of two attributes by itself, as far as it may be shown beside their groups."""
    if len(by) < 2:
        return {}
    found: dict[str, dict[Cell, Tally]] = {name: {} for name in by}
    for group, tally in totals(raw).items():
        for at, name in enumerate(by):
            entry: Entry = (group[0], TOTAL) if at == 0 else (TOTAL, group[1])
            if entry not in kept_back and group[at] != OTHERS:
                one = found[name]
                one[group[at]] = one.get(group[at], Tally(0, 0)).plus(tally)
    return found


def _times(
    log: Log,
    reading: Reading,
    columns: Mapping[str, Expression],
    counted: Favourable,
    known: Sample,
    turn: datetime | None,
) -> Along:
    """Tally before and after a moment, else by day or as many days together as fit."""
    span = reading.covered
    if span is None:
        return {}
    if turn is not None:
        # As a column, not as periods: ``shown_along`` decides what of each side may be told.
        side = sa.case((log.column("time") < naive(turn), 0), else_=1)
        return group_tallies(log, columns, counted.hit, known, side)
    first = span.start.astimezone(reading.zone).date()
    last = (span.end - timedelta.resolution).astimezone(reading.zone).date()
    wide = -(-((last - first).days + 1) // MOST_COLUMNS)
    by_day = group_tallies(log, columns, counted.hit, known, log.day(first, last, reading.zone))
    found: dict[tuple[Key, Cell], Tally] = {}
    for (group, index), tally in by_day.items():
        entry = group, midnight(first + timedelta(int(str(index)) // wide * wide), reading.zone)
        found[entry] = found.get(entry, Tally(0, 0)).plus(tally)
    return found
