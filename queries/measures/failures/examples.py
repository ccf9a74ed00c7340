"""A few failed requests, by what can be shown to everybody: no person is told by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from queries.core.log import Log
from queries.core.source import Visibility
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.expressions import Condition

MOST = 5


def shown_of_failures(log: Log) -> tuple[str, ...]:
    """Give the columns of an example: when, what, which version, and the open dimensions.

    Ids, features, scores and decisions are not among them: they belong to one person.
    """
    source = log.source
    personal = {*source.features, *source.protected, *source.metrics}
    names = ("time", "status", "error", "version", *source.dimensions)
    return tuple(
        name
        for name in dict.fromkeys(names)
        if log.has(name) and log.visibility(name) is Visibility.OPEN and name not in personal
    )


def failure_examples(
    log: Log, span: Span, where: Sequence[Condition]
) -> tuple[tuple[Cell, ...], ...]:
    """Give the newest failed requests, their time to the minute."""
    names = shown_of_failures(log)
    if "time" not in names:
        return ()
    # By all that is shown, so that requests of one moment come alike from either engine.
    order = [log.column(name) for name in names if name != "time"]
    rows = log.records(
        names,
        spans=(span,),
        where=[*where, log.column("failed").is_(True)],
        order=[log.column("time").desc(), *order],
        limit=MOST,
    )
    return tuple(tuple(_to_the_minute(row[name]) for name in names) for row in rows)


def _to_the_minute(value: Cell) -> Cell:
    if isinstance(value, datetime):
        # By its second a request could be found again in other logs, and with it the person.
        return value.replace(second=0, microsecond=0)
    return value
