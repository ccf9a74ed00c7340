"""One request by its own id or by that of whom it is about, and what else is logged of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queries.core.doors.rows import COPIES
from queries.core.errors import NotAnswerable
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.columns.open import as_sorted, is_open, open_columns
from queries.measures.counting.expressions import Condition

IDS = ("request_id", "entity_id")
MOST = 100
"""So many of an entity's requests are read, the newest."""

Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Found:
    """The request that is traced, and what else the ids lead to.

    ``by`` is the role whose id was asked for. ``copies`` says how often the request was logged,
    ``others`` are the entity's other requests, newest first; ``others_in_all`` counts them, read
    or not.
    """

    row: Row
    by: str
    copies: int
    others: tuple[Row, ...]
    others_in_all: int

    @property
    def time(self) -> datetime | None:
        """When it was asked, where the log has times."""
        found = self.row.get("time")
        return found if isinstance(found, datetime) else None


def find_request(log: Log, wanted: str, spans: Sequence[Span] | None) -> Found | None:
    """Find a request by its id, or else the newest that was decided of an entity with the id.

    Raises NotAnswerable where no id may be looked up.
    """
    roles = [role for role in IDS if is_open(log, role)]
    if not roles:
        raise NotAnswerable(
            f"{log.source.title} has no id that may be looked up for a single person. Declare "
            f"`request_id` or `entity_id` in [sources.{log.source.name}.roles], or set its "
            f"visibility to open."
        )
    for role in roles:
        # One after the other: an engine looks for one value much faster than for either of two.
        if rows := _with_id(log, role, wanted, spans):
            return _found(log, role, rows, spans)
    return None


def _with_id(
    log: Log, role: str, wanted: str, spans: Sequence[Span] | None
) -> list[dict[str, Any]]:
    """Give the newest rows with an id, one more than are shown; none where it can't be one."""
    one = Filter(role, "=", (wanted,))
    if one.misfit(log.kind(role)):
        return []
    names = open_columns(log)
    where, order = log.matches([one]), _newest(log, names)
    # How often it was logged is asked along with it, as a pass of its own would take as long.
    listed = [*names, COPIES] if role == "request_id" else names
    return log.records(listed, spans=spans, where=where, order=order, limit=MOST + 1)


def _found(log: Log, role: str, rows: Sequence[Row], spans: Sequence[Span] | None) -> Found:
    if role == "request_id":
        row, copies = {**rows[0]}, rows[0][COPIES]
        del row[COPIES]
        others, total = _others(log, row, spans)
        # Rows that are no copies have the same id where it doesn't tell requests apart.
        return Found(row, role, max(int(str(copies)), len(rows)), others, total)
    # A newer request may have failed, and has no decision to explain.
    newest = next((row for row in rows if _decided(row)), rows[0])
    rest = tuple(row for row in rows if row is not newest)
    total = len(rest)
    if len(rows) > MOST and (same := same_entity(log, newest)) is not None:
        total = _count(log, same, spans) - 1
    return Found(newest, role, 1, rest[:MOST], total)


def _decided(row: Row) -> bool:
    return any(row.get(name) not in (None, "") for name in ("decision", "prediction"))


def same_entity(log: Log, row: Row) -> Condition | None:
    """Give what tells the requests of a row's entity from all others; None where nothing may."""
    entity = row.get("entity_id")
    if entity in (None, "") or not is_open(log, "entity_id"):
        return None
    return log.column("entity_id") == entity


def _others(log: Log, row: Row, spans: Sequence[Span] | None) -> tuple[tuple[Row, ...], int]:
    """Read the entity's requests but those of this request's id, and count them."""
    same = same_entity(log, row)
    if same is None:
        return (), 0
    names = open_columns(log)
    where = [same, log.column("request_id") != row["request_id"]]
    rows = log.records(names, spans=spans, where=where, order=_newest(log, names), limit=MOST + 1)
    # Counted only where not all were read.
    total = len(rows) if len(rows) <= MOST else _count(log, sa.and_(*where), spans)
    return tuple(rows[:MOST]), total


def _count(log: Log, where: Condition, spans: Sequence[Span] | None) -> int:
    return int(log.aggregate({"n": sa.func.count()}, spans=spans, where=[where])[0]["n"])


def _newest(log: Log, names: Sequence[str]) -> list[sa.ColumnElement[Any]]:
    """Newest first; equal times by id, as every engine sorts it."""
    time = [log.column("time").desc().nulls_last()] if "time" in names else []
    tie = [as_sorted(log, name) for name in names if name == "request_id"]
    return [*time, *tie]
