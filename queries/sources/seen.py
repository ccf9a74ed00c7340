"""Looks at a log to fill its card: what is there, from when to when, and the values seen lately."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from queries.core.catalog import Closed, ColumnKind, SourceCard
from queries.core.errors import LogUnreadable
from queries.core.log import Log
from queries.core.source import DERIVED, ROLES, Source, Visibility
from queries.core.times.spans import Span

_LATELY = timedelta(days=14)
_MOST_VALUES = 1000


def look(log: Log) -> SourceCard:
    """Read a log's card. Raises LogUnreadable where the log cannot be read.

    Values are those of the newest 14 days, at most 1,000 a dimension, commonest first.
    """
    source, extent = log.source, log.extent()
    splits = dict.fromkeys((*source.dimensions, *source.protected, "version", "variant"))
    # The newest days alone: a card is looked at for every log before the bot connects.
    lately = None
    if extent is not None:
        lately = [Span(max(extent.start, extent.end - _LATELY), extent.end)]
    dimensions = {name: _values(log, name, lately) for name in splits if log.has(name)}
    return SourceCard(
        name=source.name,
        title=source.title,
        task=source.task,
        simulated=source.simulated,
        undated=source.undated,
        roles=_roles(log),
        columns=_columns(log),
        dimensions=dimensions,
        versions=dimensions.get("version", ()),
        features=tuple(name for name in source.features if log.has(name)),
        experiments={name: tuple(each.metrics) for name, each in source.experiments.items()},
        protected=tuple(name for name in source.protected if log.has(name)),
        closed=_closed(source),
        called={column: role for role, column in source.roles.items()},
        first=extent.start if extent else None,
        data_through=log.data_through(),
    )


def _roles(log: Log) -> frozenset[str]:
    """Give the roles that are played; a score for each class is a score."""
    there = {name for name in (*ROLES, *DERIVED) if log.has(name)}
    by_class = any(log.has(f"score:{label}") for label in log.source.scores)
    return frozenset(there | ({"score"} if by_class else set()))


def _columns(log: Log) -> dict[str, ColumnKind]:
    """Give the columns that a person may filter by: those that are open and can be read."""
    names = dict.fromkeys((*log.source.columns, *log.source.outcome_columns, *DERIVED))
    columns = {}
    for name in names:
        if log.visibility(name) is Visibility.OPEN and log.has(name):
            with suppress(LogUnreadable):  # outcomes apart; asking for them says what is wrong
                columns[name] = log.kind(name)
    return columns


def _closed(source: Source) -> dict[str, Closed]:
    """Give what can't be filtered by, under its column's name and under its role's."""
    kinds: dict[str, Closed] = {
        column: "hidden" if kind is Visibility.HIDDEN else "grouped"
        for column, kind in source.closed.items()
    }
    roles = {role: kinds[column] for role, column in source.roles.items() if column in kinds}
    return {**kinds, **roles}


def _values(log: Log, name: str, spans: list[Span] | None) -> tuple[str, ...]:
    found = log.values(name, _MOST_VALUES, spans)
    # What few people are is a secret, that there are any included.
    least = log.source.smallest_group if log.visibility(name) is Visibility.GROUPED else 1
    return tuple(value for value, n in found.items() if n >= least)
