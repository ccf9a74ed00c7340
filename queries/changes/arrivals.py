"""Versions that arrived within a time: new altogether, or new to one slice."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.spans import Span, naive
from queries.measures.counting.apart import which_of
from queries.measures.counting.expressions import Condition, count_where
from queries.measures.places.place import Place

LOOK_BACK = timedelta(days=7)
"""A version not seen for so long before a time is new in it."""

FEWEST = 10
"""Fewer requests than this are a trial of a version, not its arrival."""

ENOUGH_BEFORE = 30
NEARLY_ALL = 0.9
"""A place with so much of the requests is as good as everywhere."""

RARELY = 0.001
"""How rarely chance may leave out a version of a slice that is called new to it."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A version's first request within a time, everywhere or in one place."""

    version: str
    place: Place | None
    at: datetime


@dataclass(frozen=True, slots=True)
class _Seen:
    version: str
    first: datetime
    before: int
    now: int


def arrivals(
    log: Log, dimensions: Sequence[str], span: Span, where: Sequence[Condition]
) -> tuple[Arrived, ...]:
    """Find versions first seen within a span, looking back a week, in one pass; oldest first.

    A version is new to a place where none of the place's requests were served by it before, and
    chance alone would hardly have left it out, by its share elsewhere. Uses a relation for
    GROUPING SETS over the dimensions.
    """
    if not log.has("version"):
        return ()
    names = [name for name in dimensions if name != "version"]
    found: dict[Place | None, list[_Seen]] = defaultdict(list)
    for row in _first_seen(log, names, span, where):
        if row["version"] is None:
            continue
        at = row["which"]
        place = Place(names[at], row[f"s{at}"]) if at >= 0 else None
        seen = _Seen(str(row["version"]), row["first"], row["earlier"], row["now"])
        found[place].append(seen)
    shown = dict.fromkeys(sorted(_new(found, span), key=lambda each: each.at))
    return tuple(_apart(shown, found))


def _first_seen(
    log: Log, dimensions: Sequence[str], span: Span, where: Sequence[Condition]
) -> list[dict[str, Any]]:
    labelled = {f"s{at}": log.column(name) for at, name in enumerate(dimensions)}
    rows = log.relation(
        labelled | {"version": log.column("version"), "time": log.column("time")},
        spans=[Span(span.start - LOOK_BACK, span.end)],
        where=where,
    )
    columns = [rows.c[label] for label in labelled]
    version, earlier = rows.c.version, rows.c.time < naive(span.start)
    sets = [*(sa.tuple_(version, each) for each in columns), sa.tuple_(version)]
    return log.run(
        sa.select(
            which_of(columns),
            version,
            *columns,
            sa.func.min(rows.c.time).label("first"),
            count_where(earlier).label("earlier"),
            count_where(sa.not_(earlier)).label("now"),
        ).group_by(sa.func.grouping_sets(*sets))
    )


def _new(found: Mapping[Place | None, Sequence[_Seen]], span: Span) -> Iterator[Arrived]:
    everywhere = {each.version: each.before for each in found.get(None, ())}
    total = sum(everywhere.values())
    for place, versions in found.items():
        before = sum(each.before for each in versions)
        for each in versions:
            # A version of which a few requests came before was there
            # already, whatever it was used for.
            if each.before or each.now < FEWEST or each.first < span.start:
                continue
            share = everywhere[each.version] / total if total else 0.0
            new = share == 0 if place is None else share > 0
            # (1 - share) to the power of the place's requests, on the log
            # scale, where it can't underflow.
            unlikely = share == 0 or before * math.log1p(-min(share, 0.999)) <= math.log(RARELY)
            if new and before >= ENOUGH_BEFORE and unlikely:
                where = _only_place(found, each) if place is None else place
                yield Arrived(each.version, where, each.first)


def _only_place(found: Mapping[Place | None, Sequence[_Seen]], new: _Seen) -> Place | None:
    """Give the smallest place that all requests of a new version are in; none for everywhere."""
    sizes = {
        place: sum(each.now for each in versions)
        for place, versions in found.items()
        if place and any((each.version, each.now) == (new.version, new.now) for each in versions)
    }
    everything = sum(each.now for each in found[None])
    smallest = min(sizes, key=lambda place: sizes[place], default=None)
    return smallest if smallest and sizes[smallest] < NEARLY_ALL * everything else None


def _apart(
    shown: Mapping[Arrived, None], found: Mapping[Place | None, Sequence[_Seen]]
) -> Iterator[Arrived]:
    """Name one place where overlapping places got a version with the same request: the largest."""
    first: dict[tuple[str, datetime], list[Arrived]] = defaultdict(list)
    for each in shown:
        first[each.version, each.at].append(each)
    for same in first.values():
        yield max(same, key=lambda each: sum(seen.now for seen in found[each.place]))
