"""The ledger of deliveries: one row a slot of a schedule, written before anything is sent.

The row's key is what makes two processes send once. A row that is being worked on is leased:
when its process dies, the lease runs out and another takes it over under the same run id, by
which it can see whether the message had already arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from commands.state.tables import deliveries as table
from commands.state.tables import schedules

LEASE = timedelta(minutes=10)
"""Longer than a question's deadline and a platform's time-out together."""


class Status(StrEnum):
    """What has become of a slot."""

    CLAIMED = "claimed"
    """Being worked on, or waiting to be tried again when its lease runs out."""
    SENT = "sent"
    FAILED = "failed"
    MISSED = "missed"
    """Its time passed while nobody could send it."""
    DROPPED = "dropped"
    """Its schedule was deleted before it was sent."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One slot of one schedule. ``told_at`` is when its owner was told of a failure."""

    schedule: str
    slot: datetime
    status: Status
    claimed_at: datetime
    lease_until: datetime
    attempts: int
    run: str = ""
    message: str = ""
    error: str = ""
    told_at: datetime | None = None


def claim(
    state: sa.Engine, schedule: str, slot: datetime, run: str, now: datetime
) -> Delivery | None:
    """Take a slot by inserting its key; None where another process has it."""
    return _insert(
        state,
        Delivery(
            schedule=schedule,
            slot=slot,
            status=Status.CLAIMED,
            claimed_at=now,
            lease_until=now + LEASE,
            attempts=1,
            run=run,
        ),
    )


def miss(
    state: sa.Engine, schedule: str, slot: datetime, why: str, now: datetime
) -> Delivery | None:
    """Write down that a slot was not sent in time; None where another process has it."""
    return _insert(
        state,
        Delivery(
            schedule=schedule,
            slot=slot,
            status=Status.MISSED,
            claimed_at=now,
            # Not leased, so that its owner can be told at once.
            lease_until=now,
            attempts=0,
            error=why,
        ),
    )


def lapsed(state: sa.Engine, now: datetime) -> tuple[Delivery, ...]:
    """Give the claimed slots whose lease has run out, oldest first."""
    return _select(
        state,
        table.select()
        .where(table.c.status == Status.CLAIMED, table.c.lease_until <= now)
        .order_by(table.c.slot, table.c.schedule),
    )


def take_over(state: sa.Engine, delivery: Delivery, now: datetime) -> Delivery | None:
    """Lease a lapsed slot for one more attempt; None where another process was quicker."""
    taken = replace(
        delivery, attempts=delivery.attempts + 1, claimed_at=now, lease_until=now + LEASE
    )
    change = {name: getattr(taken, name) for name in ("attempts", "claimed_at", "lease_until")}
    with state.begin() as connection:
        return taken if _change(connection, delivery, change, table.c.lease_until <= now) else None


def renew(state: sa.Engine, delivery: Delivery, now: datetime) -> bool:
    """Lengthen the lease just before sending; False where the slot is no longer ours to send.

    It isn't where another process has taken it over, or where its schedule was deleted.
    """
    # In the same statement, so that no deletion can come between looking and leasing.
    living = sa.exists().where(schedules.c.id == table.c.schedule, schedules.c.deleted_at.is_(None))
    with state.begin() as connection:
        return _change(connection, delivery, {"lease_until": now + LEASE}, living)


def postpone(state: sa.Engine, delivery: Delivery, error: str, until: datetime) -> None:
    """Leave a slot to be tried again from ``until`` on, by whoever comes first."""
    with state.begin() as connection:
        _change(connection, delivery, {"error": error, "lease_until": until})


def sent(connection: sa.Connection, delivery: Delivery, message: str) -> bool:
    """Write down that a slot's message stands in the chat, whoever holds its lease now."""
    done = connection.execute(
        table.update()
        # Not by its lease: the message stands there, whoever has taken the slot over meanwhile.
        .where(_key(delivery), table.c.status == Status.CLAIMED)
        .values(status=Status.SENT, message=message, error="")
    )
    return done.rowcount == 1


def fail(
    connection: sa.Connection, delivery: Delivery, status: Status, error: str, now: datetime
) -> bool:
    """Give a slot up as failed, missed or dropped; False where it is no longer ours."""
    return _change(connection, delivery, {"status": status, "error": error, "lease_until": now})


def untold(state: sa.Engine, now: datetime, since: datetime) -> tuple[Delivery, ...]:
    """Give slots that failed or were missed after ``since`` and that nobody is telling of."""
    return _select(
        state,
        table.select()
        .where(
            table.c.status.in_((Status.FAILED, Status.MISSED)),
            table.c.told_at.is_(None),
            table.c.lease_until <= now,
            table.c.claimed_at > since,
        )
        .order_by(table.c.schedule, table.c.slot),
    )


def telling(state: sa.Engine, delivery: Delivery, now: datetime) -> bool:
    """Lease an untold slot in order to tell its owner; False where another process does."""
    with state.begin() as connection:
        done = connection.execute(
            table.update()
            .where(_key(delivery), table.c.told_at.is_(None), table.c.lease_until <= now)
            .values(lease_until=now + LEASE)
        )
        return done.rowcount == 1


def told(state: sa.Engine, delivery: Delivery, now: datetime) -> None:
    """Write down that the owner knows."""
    with state.begin() as connection:
        connection.execute(table.update().where(_key(delivery)).values(told_at=now))


def ledger(state: sa.Engine, schedule: str) -> tuple[Delivery, ...]:
    """Give every slot of a schedule so far, oldest first."""
    return _select(state, table.select().where(table.c.schedule == schedule).order_by(table.c.slot))


def _insert(state: sa.Engine, delivery: Delivery) -> Delivery | None:
    values = {name: getattr(delivery, name) for name in delivery.__slots__}
    try:
        with state.begin() as connection:
            connection.execute(table.insert().values(values))
    except sa.exc.IntegrityError:
        if not _select(state, table.select().where(_key(delivery))):
            raise  # the key is free, so it is not another process that has the slot
        return None
    return delivery


def _key(delivery: Delivery) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.schedule == delivery.schedule, table.c.slot == delivery.slot)


def _change(
    connection: sa.Connection,
    delivery: Delivery,
    values: dict[str, Any],
    *where: sa.ColumnElement[bool],
) -> bool:
    """Change a claimed slot, if the attempt that ``delivery`` is has not been overtaken."""
    done = connection.execute(
        table.update()
        .where(
            _key(delivery),
            table.c.status == Status.CLAIMED,
            # Each take-over counts one up, so that an attempt that was overtaken changes nothing.
            table.c.attempts == delivery.attempts,
            *where,
        )
        .values(values)
    )
    return done.rowcount == 1


def _select(state: sa.Engine, query: sa.Select[Any]) -> tuple[Delivery, ...]:
    with state.connect() as connection:
        return tuple(_delivery(dict(row)) for row in connection.execute(query).mappings())


def _delivery(row: dict[str, Any]) -> Delivery:
    return Delivery(**{**row, "status": Status(row["status"])})
