"""Which columns a single record may show."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.source import Visibility

ROLES = (
    "time", "request_id", "entity_id", "version", "status", "error", "latency_ms", "prediction",
    "score", "threshold", "decision", "override", "override_reason", "outcome", "outcome_time",
    "value", "experiment", "variant", "exposed_at",
)  # fmt: skip
"""In the order in which a person reads a record."""


def open_columns(log: Log) -> tuple[str, ...]:
    """Give every column of the log that may be listed: roles first, then as declared."""
    return tuple(
        name for name in dict.fromkeys((*ROLES, *log.source.columns)) if is_open(log, name)
    )


def is_open(log: Log, name: str) -> bool:
    """Say whether the log has a column that may be shown of a single record."""
    return log.has(name, Dataset.PRODUCTION) and log.visibility(name) is Visibility.OPEN


def as_sorted(log: Log, name: str) -> sa.ColumnElement[Any]:
    """Give a column as it sorts alike on every engine: text by its characters' codes."""
    column = log.column(name)
    return sa.collate(column, "C") if log.kind(name) == "text" else column
