"""Opening the state: SQLite by default, PostgreSQL by its URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

BUSY_MS = 30_000
"""How long a writer waits for another before it gives up."""


def connect(url: str) -> sa.Engine:
    """Give an engine on the state at ``url``. Connects to nothing yet; see ``migrate``.

    A missing folder for an SQLite file is made. ``postgres://`` and ``postgresql://`` are
    reached through psycopg.
    """
    address = sa.make_url(url)
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        # A server may close connections that lie idle over a night.
        return sa.create_engine(address, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(address)
    sa.event.listen(engine, "connect", _settle)
    return engine


def _settle(connection: Any, _record: object) -> None:
    """Let readers read while one writes, wait for a lock, and hold rows to their references."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
