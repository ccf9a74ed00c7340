"""When each chunk of a log began and ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from queries.core.log import Log
from queries.measures.counting.expressions import Key, Sample

Times = tuple[datetime | None, datetime | None]
"""The first and the last time in a chunk, None where rows have no time."""

UNKNOWN: Times = (None, None)


def chunk_number(key: Key) -> int:
    """Read a chunk's number from a group's key; engines give it whole or as a double."""
    return round(float(str(key[0])))


def chunk_times(log: Log, sample: Sample) -> Mapping[int, Times]:
    """Give the first and the last time of each chunk, by its number; nothing without times."""
    if not log.has("time", sample.dataset):
        return {}
    at = log.column("time")
    rows = log.aggregate(
        {"first": sa.func.min(at), "last": sa.func.max(at)},
        by={"chunk": log.column("chunk")},
        spans=sample.spans,
        where=sample.where,
        dataset=sample.dataset,
    )
    return {chunk_number((row["chunk"],)): (row["first"], row["last"]) for row in rows}
