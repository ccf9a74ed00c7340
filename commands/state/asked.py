"""What was asked: every ask, so that a button on its answer needs to carry the run id alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from commands.ports import Person, Place
from commands.state.tables import asked as table
from queries.core.errors import PlainError


class NotRecorded(PlainError):
    """There is no record of an ask; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One ask and what came of it.

    ``question`` is canonical text, read in ``zone``. ``start`` and ``end`` are the absolute range
    that its time meant; ``fingerprint`` stands for the answer's numbers, so that a later look at
    the same range can say whether the log has changed. ``private`` is true where the answer is
    for the asker alone. What is not known (yet) is None or empty.
    """

    run: str
    question: str
    zone: str
    asked_at: datetime
    asker: Person
    place: Place
    private: bool = False
    start: datetime | None = None
    end: datetime | None = None
    data_through: datetime | None = None
    rows_read: int | None = None
    fingerprint: str = ""
    severity: str = ""
    headline: str = ""
    message: str = ""


def record(state: sa.Engine, ask: Asked) -> None:
    """Store an ask, in place of what was stored for the same run.

    A digest that is tried again keeps its run id, so the later attempt is the one that counts.
    """
    values = _values(ask)
    with state.begin() as connection:
        # An update, then an insert: SQLAlchemy writes an upsert for each database in its own way.
        written = connection.execute(table.update().where(table.c.run == ask.run).values(values))
        if not written.rowcount:
            connection.execute(table.insert().values(values))


def posted(state: sa.Engine, run: str, message: str) -> None:
    """Remember the platform's id of the message that holds the answer."""
    with state.begin() as connection:
        connection.execute(table.update().where(table.c.run == run).values(message=message))


def recall(state: sa.Engine, run: str) -> Asked:
    """Give the record of a run. Raises NotRecorded."""
    with state.connect() as connection:
        row = connection.execute(table.select().where(table.c.run == run)).mappings().first()
    if row is None:
        raise NotRecorded(f"I have no record of that answer (run {run}). Please ask it again.")
    return _asked(dict(row))


def _values(ask: Asked) -> dict[str, Any]:
    return {
        "run": ask.run,
        "question": ask.question,
        "zone": ask.zone,
        "asked_at": ask.asked_at,
        "asker_id": ask.asker.id,
        "asker_name": ask.asker.name,
        "asker_zone": ask.asker.zone,
        "asker_email": ask.asker.email,
        "platform": ask.place.platform,
        "channel": ask.place.channel,
        "thread": ask.place.thread,
        "direct": ask.place.private,
        "private": ask.private,
        "start": ask.start,
        "end": ask.end,
        "data_through": ask.data_through,
        "rows_read": ask.rows_read,
        "fingerprint": ask.fingerprint,
        "severity": ask.severity,
        "headline": ask.headline,
        "message": ask.message,
    }


def _asked(row: dict[str, Any]) -> Asked:
    asker = Person(
        row.pop("asker_id"), row.pop("asker_name"), row.pop("asker_zone"), row.pop("asker_email")
    )
    place = Place(
        row.pop("platform"), row.pop("channel"), row.pop("thread"), private=row.pop("direct")
    )
    return Asked(asker=asker, place=place, **row)
