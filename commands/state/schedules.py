"""Questions on a schedule. The table is the truth; nothing is kept in a scheduler's own jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from commands.digests.recurrence import Recurrence
from commands.ports import Person, Place
from commands.state.deliveries import Status
from commands.state.tables import deliveries, schedules
from commands.state.tables import schedules as table


@dataclass(frozen=True, slots=True)
class Schedule:
    """A question that is asked again and again, and where its answers go.

    ``question`` is canonical text, read in ``question_zone``; ``place_name`` is the place in
    words. ``failures`` counts slots that failed in a row.
    """

    id: str
    owner: Person
    place: Place
    place_name: str
    question: str
    question_zone: str
    title: str
    recurrence: Recurrence
    created_at: datetime
    failures: int = 0
    paused_at: datetime | None = None
    paused_why: str = ""
    deleted_at: datetime | None = None


def add(state: sa.Engine, schedule: Schedule) -> None:
    """Store a new schedule."""
    with state.begin() as connection:
        connection.execute(table.insert().values(_values(schedule)))


def get(state: sa.Engine, id: str) -> Schedule | None:
    """Give a schedule that has not been deleted, or None."""
    found = _select(state, table.c.id == id, table.c.deleted_at.is_(None))
    return found[0] if found else None


def owned(state: sa.Engine, owner: str) -> tuple[Schedule, ...]:
    """Give a person's schedules, oldest first, paused ones among them."""
    return _select(state, table.c.owner_id == owner, table.c.deleted_at.is_(None))


def active(state: sa.Engine) -> tuple[tuple[Schedule, datetime], ...]:
    """Give each schedule that runs, with the moment up to which its slots are in the ledger."""
    last = (
        sa.select(sa.func.max(deliveries.c.slot))
        .where(deliveries.c.schedule == schedules.c.id)
        .correlate(schedules)
        .scalar_subquery()
    )
    query = (
        sa.select(table, sa.func.coalesce(last, table.c.created_at).label("through"))
        .where(table.c.deleted_at.is_(None), table.c.paused_at.is_(None))
        .order_by(table.c.created_at, table.c.id)
    )
    with state.connect() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    return tuple((_schedule(row), row["through"]) for row in rows)


def delete(state: sa.Engine, id: str, now: datetime) -> None:
    """End a schedule. Its ledger stays; a delivery that is under way is not sent any more."""
    with state.begin() as connection:
        connection.execute(table.update().where(table.c.id == id).values(deleted_at=now))
        connection.execute(
            deliveries.update()
            .where(deliveries.c.schedule == id, deliveries.c.status == Status.CLAIMED)
            .values(status=Status.DROPPED)
        )


def succeeded(connection: sa.Connection, id: str) -> None:
    """Count failures from zero again."""
    connection.execute(table.update().where(table.c.id == id).values(failures=0))


def failed(connection: sa.Connection, id: str, why: str, now: datetime, bound: int) -> None:
    """Count one more failure, and pause the schedule when ``bound`` of them came in a row."""
    # Counted in the database, as two processes may fail at once.
    connection.execute(table.update().where(table.c.id == id).values(failures=table.c.failures + 1))
    connection.execute(
        table.update()
        .where(table.c.id == id, table.c.failures >= bound, table.c.paused_at.is_(None))
        .values(paused_at=now, paused_why=why)
    )


def _select(state: sa.Engine, *where: sa.ColumnElement[bool]) -> tuple[Schedule, ...]:
    query = table.select().where(*where).order_by(table.c.created_at, table.c.id)
    with state.connect() as connection:
        return tuple(_schedule(dict(row)) for row in connection.execute(query).mappings())


def _values(schedule: Schedule) -> dict[str, Any]:
    owner, place, recurrence = schedule.owner, schedule.place, schedule.recurrence
    return {
        "id": schedule.id,
        "owner_id": owner.id,
        "owner_name": owner.name,
        "owner_zone": owner.zone,
        "owner_email": owner.email,
        "platform": place.platform,
        "channel": place.channel,
        "direct": place.private,
        "place_name": schedule.place_name,
        "question": schedule.question,
        "question_zone": schedule.question_zone,
        "title": schedule.title,
        "cron": recurrence.cron,
        "zone": recurrence.zone,
        "phrase": recurrence.phrase,
        "created_at": schedule.created_at,
        "failures": schedule.failures,
        "paused_at": schedule.paused_at,
        "paused_why": schedule.paused_why,
        "deleted_at": schedule.deleted_at,
    }


def _schedule(row: dict[str, Any]) -> Schedule:
    return Schedule(
        id=row["id"],
        owner=Person(row["owner_id"], row["owner_name"], row["owner_zone"], row["owner_email"]),
        place=Place(row["platform"], row["channel"], private=row["direct"]),
        place_name=row["place_name"],
        question=row["question"],
        question_zone=row["question_zone"],
        title=row["title"],
        recurrence=Recurrence(row["cron"], row["zone"], row["phrase"]),
        created_at=row["created_at"],
        failures=row["failures"],
        paused_at=row["paused_at"],
        paused_why=row["paused_why"],
        deleted_at=row["deleted_at"],
    )
