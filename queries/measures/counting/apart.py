"""Rows counted by each of several columns apart, all in one pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from queries.core.log import Log
from queries.measures.counting.expressions import Expression, Sample


def which_of(columns: Sequence[Expression]) -> Expression:
    """Give, as ``which``, the place of the column that GROUPING SETS group by; -1 for none."""
    if not columns:
        return sa.literal(-1).label("which")
    whens = ((sa.func.grouping(each) == 0, at) for at, each in enumerate(columns))
    return sa.case(*whens, else_=-1).label("which")


def counted_apart(
    log: Log,
    columns: Sequence[Expression],
    sample: Sample,
    by: Mapping[str, Expression],
    said: Callable[[Expression], Expression] = lambda value: value,
) -> sa.Select[tuple[object, ...]]:
    """Select a row for each group, column and value in it: ``by``, ``which``, ``value``, ``n``.

    ``which`` is the column's place among ``columns``. ``said`` brings their values to one type;
    it is given NULL for NULL. Uses a relation for GROUPING SETS; the result is for ``run``.
    """
    values = {f"x{at}": each for at, each in enumerate(columns)}
    rows = log.relation(
        {**by, **values}, spans=sample.spans, where=sample.where, dataset=sample.dataset
    )
    keys, held = [rows.c[key] for key in by], [rows.c[name] for name in values]
    return sa.select(
        *keys,
        which_of(held),
        # In each grouping set all columns but the one that is grouped by are NULL.
        sa.func.coalesce(*map(said, held), sa.null()).label("value"),
        sa.func.count().label("n"),
    ).group_by(sa.func.grouping_sets(*(sa.tuple_(*keys, each) for each in held)))
