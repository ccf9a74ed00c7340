"""How long a request took, as an expression over a log."""

from __future__ import annotations

import sqlalchemy as sa

from queries.core.formulas.sql import LARGEST
from queries.core.log import Log
from queries.measures.counting.expressions import Expression


def milliseconds(log: Log) -> Expression:
    """Give the latency as a double; NULL where it is missing, negative or no finite number."""
    value = sa.cast(log.column("latency_ms"), sa.Double)
    return sa.case((value.between(0, LARGEST), value))
