"""Requests that were logged more than once: of each the last row counts, as it ended so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core.doors.rows import COPIES
from queries.core.words import counted

TOLD_BY = ("status", "error", "latency_ms", "prediction", "score", "decision")
"""What decides between rows of one moment, so that every engine takes the same one."""


MOSTLY = 0.8
"""Where more rows than these repeat another one's id, it is no id of requests."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """How many rows are beyond the first of their request, out of how many that have an id."""

    count: int = 0
    rows: int = 0

    @property
    def tells_apart(self) -> bool:
        """Say whether the ids tell requests apart: five rows of each are no retries."""
        return self.count <= MOSTLY * self.rows

    def said(self, column: str) -> str:
        """Say in a sentence that a column can't be the id of requests."""
        ids = counted(self.rows - self.count, "value")
        return (
            f"“{column}” has {ids} in {counted(self.rows, 'row')}: it doesn't tell requests apart, "
            "so that each row counts as one."
        )


def counting(rows: sa.Select[Any]) -> sa.Select[Any]:
    """Count the ids of requests, and how many of them differ."""
    ids = rows.subquery("logged").c["request_id"]
    counts: list[Any] = [sa.func.count(ids), sa.func.count(ids.distinct())]
    return sa.select(*counts)


def needed(there: Collection[str]) -> tuple[str, ...]:
    """Name the columns that tell a request's last row, as far as a log has them."""
    return tuple(name for name in ("request_id", "time", *TOLD_BY) if name in there)


def once(rows: sa.FromClause, names: Sequence[str]) -> sa.Select[Any]:
    """Give one row a request; rows without an id are requests of their own."""
    ids = rows.c["request_id"]
    order: list[sa.ColumnElement[Any]] = [
        rows.c[name].desc().nulls_last()
        for name in needed([one.name for one in rows.c])
        if name != "request_id"
    ]
    place = sa.func.row_number().over(partition_by=ids, order_by=order or [ids]).label("place")
    copies = sa.func.count().over(partition_by=ids).label("copies of it")
    numbered = sa.select(*rows.c, place, copies).subquery("numbered")
    alone = numbered.c["request_id"].is_(None)
    columns: dict[str, sa.ColumnElement[Any]] = {one.name: numbered.c[one.name] for one in rows.c}
    columns[COPIES] = sa.case((alone, 1), else_=numbered.c["copies of it"])
    listed = [columns[name].label(name) for name in names]
    select = sa.select(*listed or [sa.literal_column("1").label("present")])
    return select.select_from(numbered).where(sa.or_(alone, numbered.c["place"] == 1))


def said(count: int, *, dated: bool) -> str:
    """Say in a sentence that requests were logged again, and which row of each counts."""
    which = "the last one, as that is how it ended" if dated else "the one with the largest values"
    repeat = "repeats" if count == 1 else "repeat"
    return (
        f"{counted(count, 'row')} {repeat} a request that has another row; of each counts {which}."
    )
