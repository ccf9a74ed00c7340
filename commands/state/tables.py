"""The tables that plainlogs remembers in. Every time is stored as UTC and read back aware."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.TypeDecorator[datetime]):
    """A point in time. SQLite keeps no zone, so it holds UTC without one."""

    impl = sa.DateTime(timezone=True)
    # Otherwise SQLAlchemy would write the SQL of each statement anew.
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn an aware time into what the database keeps. Raises ValueError on a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone can't be stored: {value.isoformat()}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """Give a stored time back, aware, in UTC."""
        if value is None:
            return None
        found: datetime = value
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


asked = sa.Table(
    "asked",
    metadata,
    sa.Column("run", sa.String(64), primary_key=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("asked_at", Moment, nullable=False, index=True),
    sa.Column("asker_id", sa.String(255), nullable=False),
    sa.Column("asker_name", sa.Text, nullable=False),
    sa.Column("asker_zone", sa.String(64), nullable=False),
    sa.Column("asker_email", sa.Text, nullable=False),
    sa.Column("platform", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(255), nullable=False),
    sa.Column("thread", sa.String(255), nullable=False),
    sa.Column("direct", sa.Boolean, nullable=False),
    sa.Column("private", sa.Boolean, nullable=False),
    sa.Column("start", Moment),
    sa.Column("end", Moment),
    sa.Column("data_through", Moment),
    sa.Column("rows_read", sa.BigInteger),
    sa.Column("fingerprint", sa.String(128), nullable=False),
    sa.Column("severity", sa.String(32), nullable=False),
    sa.Column("headline", sa.Text, nullable=False),
    sa.Column("message", sa.String(255), nullable=False),
)

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("owner_id", sa.String(255), nullable=False, index=True),
    sa.Column("owner_name", sa.Text, nullable=False),
    sa.Column("owner_zone", sa.String(64), nullable=False),
    sa.Column("owner_email", sa.Text, nullable=False),
    sa.Column("platform", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(255), nullable=False),
    sa.Column("direct", sa.Boolean, nullable=False),
    sa.Column("place_name", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("question_zone", sa.String(64), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("cron", sa.String(64), nullable=False),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("phrase", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("paused_at", Moment),
    sa.Column("paused_why", sa.Text, nullable=False),
    sa.Column("deleted_at", Moment),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("schedule", sa.ForeignKey("schedules.id"), primary_key=True),
    sa.Column("slot", Moment, primary_key=True),
    sa.Column("status", sa.String(16), nullable=False, index=True),
    sa.Column("claimed_at", Moment, nullable=False),
    sa.Column("lease_until", Moment, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("run", sa.String(64), nullable=False),
    sa.Column("message", sa.String(255), nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("told_at", Moment),
)

seen = sa.Table(
    "seen",
    metadata,
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("at", Moment, nullable=False, index=True),
)
