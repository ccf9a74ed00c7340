"""Requests that were logged more than once: of each the last row counts, as it ended so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from queries.core.doors.rows import COPIES
from queries.core.words import counted

TOLD_BY = ("status", "error", "latency_ms", "prediction", "score", "decision")
"""What decides between rows of one moment, so that every engine takes the same one."""


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
    return f"{counted(count, 'row')} repeat a request that has another row; of each counts {which}."
