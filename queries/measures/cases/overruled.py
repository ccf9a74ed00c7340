"""Whether a person turned a decision round, however that is logged."""

from __future__ import annotations

import sqlalchemy as sa

from queries.core.log import Log
from queries.core.value import Cell
from queries.measures.counting.expressions import Condition

_NO = ("no", "false", "0", "none", "")


def overridden(log: Log) -> Condition:
    """Whether a person turned a decision round, however that is logged."""
    column, kind = log.column("override"), log.kind("override")
    if kind == "boolean":
        # Nothing logged is nobody who turned it round: NULL would drop out of either side.
        return sa.func.coalesce(column.is_(sa.true()), sa.false())
    if kind == "number":
        return sa.func.coalesce(column != 0, sa.false())
    return sa.func.coalesce(sa.func.lower(column).not_in(_NO), sa.false())


def was_overridden(logged: Cell) -> bool:
    """The same for one record's value."""
    if logged is None:
        return False
    if isinstance(logged, str):
        return logged.lower() not in _NO
    return bool(logged)
