"""A column's categories as text, counted, and those of the reference by rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core.doors.constructs import Missing
from queries.core.log import Log
from queries.measures.counting.apart import counted_apart
from queries.measures.counting.batches import MOST_TEXTS, each_in_batches
from queries.measures.counting.expressions import Expression, Sample, class_name

MOST_KNOWN = 500
"""Categories of the reference told apart; the rarer ones are compared together as one."""

# From here on a double skips whole numbers, and no longer says which one was meant.
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Known:
    """A column's categories in the reference, by name: rows each, commonest first.

    ``rarer`` are the rows of the ``rarer_categories`` beyond ``MOST_KNOWN``, not told apart.
    """

    rows: int
    missing: int
    counts: Mapping[str, int]
    rarer: int
    rarer_categories: int

    @property
    def n(self) -> int:
        """How many rows have a category."""
        return self.rows - self.missing


def known_of_each(log: Log, names: Sequence[str], reference: Sample) -> dict[str, Known]:
    """Count the reference's categories of several columns, some in one statement."""
    if not names:
        return {}
    return each_in_batches(names, lambda some: _known_of_each(log, some, reference), MOST_TEXTS)


def _known_of_each(log: Log, names: Sequence[str], reference: Sample) -> dict[str, Known]:
    ranked = ranked_categories(log, names, reference)
    absent = sa.case((ranked.c.value.is_(None), 1), else_=0).label("missing")
    # Rare categories come back as one row: a column of millions of ids sends no more rows than one
    # of five hundred.
    shown = sa.case((ranked.c.rank <= MOST_KNOWN, ranked.c.value)).label("value")
    told = sa.select(ranked.c.which, shown, absent, ranked.c.n).subquery()
    found = log.run(
        sa.select(
            told.c.which,
            told.c.value,
            told.c.missing,
            sa.func.sum(told.c.n).label("n"),
            sa.func.count().label("categories"),
        ).group_by(told.c.which, told.c.value, told.c.missing)
    )
    return {
        name: _known([row for row in found if row["which"] == at]) for at, name in enumerate(names)
    }


def _known(found: Sequence[Mapping[str, Any]]) -> Known:
    counts = {class_name(row["value"]): int(row["n"]) for row in found if row["value"] is not None}
    missing = sum(int(row["n"]) for row in found if row["missing"])
    rest = [row for row in found if row["value"] is None and not row["missing"]]
    rarer = sum(int(row["n"]) for row in rest)
    ordered = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    rows = sum(counts.values()) + missing + rarer
    return Known(rows, missing, ordered, rarer, sum(int(row["categories"]) for row in rest))


def category_counts(
    log: Log, names: Sequence[str], sample: Sample, by: Mapping[str, Expression]
) -> sa.Subquery:
    """Count rows by category of each column, as text; NULL, perhaps twice, where it is missing."""
    columns = [log.column(name) for name in names]
    return counted_apart(log, columns, sample, by, _as_text).subquery()


def category(log: Log, name: str) -> Expression:
    """Give a column's category as text, NULL where it is missing."""
    return _as_text(log.column(name))


def _as_text(value: Expression) -> Expression:
    """Write a category as text, NULL where it is missing.

    A whole number is written as one: engines disagree on whether a double 5 is “5” or “5.0”.
    """
    written: Expression = sa.cast(value, sa.String)
    if isinstance(value.type, sa.Double | sa.BigInteger):
        number = sa.cast(value, sa.Double)
        whole = sa.and_(sa.func.abs(number) < _EXACT, number == sa.func.floor(number))
        written = sa.case(
            (whole, sa.cast(sa.cast(number, sa.BigInteger), sa.String)), else_=written
        )
    return sa.case((sa.not_(Missing(value)), written))


def ranked_categories(log: Log, names: Sequence[str], reference: Sample) -> sa.Subquery:
    """Count the reference's categories of each column, and rank them: the commonest is 1."""
    counted = category_counts(log, names, reference, {})
    # NULL ranks last whatever its rows, as it is no category; engines sort it differently.
    absent = sa.case((counted.c.value.is_(None), 1), else_=0)
    order = (absent, counted.c.n.desc(), counted.c.value)
    rank = sa.func.row_number().over(partition_by=counted.c.which, order_by=order).label("rank")
    return sa.select(counted.c.which, counted.c.value, counted.c.n, rank).subquery()
