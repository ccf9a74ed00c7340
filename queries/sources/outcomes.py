"""Outcomes that lie apart: one a request, the latest, so that no join multiplies rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queries.core.times.spans import naive


def latest(outcomes: sa.Select[Any], now: datetime) -> sa.Select[Any]:
    """Keep the latest outcome of each request, and of equally late ones the largest.

    One reported after ``now`` gives way to any that was known by then. ``outcomes`` has the
    columns request_id, outcome and perhaps outcome_time.
    """
    rows = outcomes.subquery("reported")
    # Some order at last, or engines would pick another one each time.
    order: list[sa.ColumnElement[Any]] = [rows.c["outcome"].desc().nulls_last()]
    if "outcome_time" in rows.c:
        came = rows.c["outcome_time"]
        order = [sa.case((came > naive(now), 1), else_=0), came.desc().nulls_last(), *order]
    number = sa.func.row_number().over(partition_by=rows.c["request_id"], order_by=order)
    numbered = sa.select(*rows.c, number.label("place")).subquery("numbered")
    kept = [numbered.c[column.name] for column in rows.c]
    return sa.select(*kept).where(numbered.c["place"] == 1)


def surplus(outcomes: sa.Select[Any]) -> sa.Select[Any]:
    """Count the outcomes beyond the first of each request."""
    rows = outcomes.subquery("reported")
    ids = rows.c["request_id"]
    return sa.select(sa.func.count(ids) - sa.func.count(ids.distinct()))


def said(count: int, *, dated: bool) -> str:
    """Say in a sentence what happened to the surplus outcomes."""
    if dated:
        return (
            f"{count:,} outcomes were reported again later; of each request the latest one by the "
            "time of asking counts."
        )
    return (
        f"{count:,} outcomes are second ones for a request, and their source has no outcome_time "
        "to tell the latest; the largest one counts."
    )
