"""What an answer was computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement that an answer rests on, with its bound parameters as text."""

    sql: str
    parameters: Mapping[str, str]
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an answer was computed from. Attached by the ask, never by a question."""

    run: str
    question: str
    source: str
    simulated: bool
    asker: str
    asked_at: datetime
    zone: str
    start: datetime | None
    end: datetime | None
    data_through: datetime | None
    rows_read: int
    statements: tuple[Statement, ...]
    left_out: tuple[str, ...] = ()
