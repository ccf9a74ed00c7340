"""One pass over a log that measures its rows by each of several keys, period by period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.spans import Span
from queries.measures.counting.apart import which_of
from queries.measures.counting.expressions import Condition, Expression
from queries.measures.counting.layout import to_read

Columns = Mapping[str, Expression]
"""The columns carried along, by name."""

Measures = Callable[[Columns], Mapping[str, Expression]]
"""From the columns carried along to measures by name; ``trials`` must count the rows."""


def by_each(
    log: Log,
    keys: Sequence[Expression],
    carried: Mapping[str, Expression],
    measures: Measures,
    spans: Sequence[Span],
    where: Sequence[Condition],
) -> list[list[dict[str, Any]]]:
    """Measure the rows of some periods by each key, one list of rows a key.

    A row has ``key``, ``period`` (the index of its span) and the measures. All keys are counted
    in one pass: uses a relation for GROUPING SETS.
    """
    labelled = {f"s{at}": key for at, key in enumerate(keys)}
    rows = log.relation(
        labelled | {"period": log.period(spans)} | dict(carried),
        spans=to_read(spans),
        where=where,
    )
    columns = [rows.c[label] for label in labelled]
    at_hand = {name: rows.c[name] for name in carried}
    named = (measure.label(name) for name, measure in measures(at_hand).items())
    # GROUPING SETS and not a union of statements: the files are read once for all keys.
    sets = (sa.tuple_(each, rows.c.period) for each in columns)
    select = sa.select(which_of(columns), *columns, rows.c.period, *named)
    found: list[list[dict[str, Any]]] = [[] for _ in columns]
    for row in log.run(select.group_by(sa.func.grouping_sets(*sets))):
        # Where periods are read as one span, rows between two of them come along.
        if row["period"] is not None:
            found[row["which"]].append(row | {"key": row[f"s{row['which']}"]})
    # The log takes the rows of the result for those that were read.
    # Each key's groups hold all rows: those of one key are the rows that were read.
    read = sum(row["trials"] for row in found[0])
    log.statements[-1] = replace(log.statements[-1], rows=read)
    return found
