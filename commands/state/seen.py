"""Requests already taken, so that one that a platform delivers again is answered once."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from commands.state.tables import seen as table


def first_time(state: sa.Engine, key: str, now: datetime) -> bool:
    """Say whether a request is new, and remember it. Of several at once exactly one is new.

    ``key`` is the platform's own identity of the request, at most 255 characters.
    """
    # Tried and not looked up first: between looking and writing another could come.
    try:
        with state.begin() as connection:
            connection.execute(table.insert().values(key=key, at=now))
    except sa.exc.IntegrityError:
        return False
    return True


def prune(state: sa.Engine, before: datetime) -> int:
    """Forget requests older than ``before``; give how many."""
    with state.begin() as connection:
        return connection.execute(table.delete().where(table.c.at < before)).rowcount
