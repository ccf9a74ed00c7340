"""The first tables: what was asked, schedules, their deliveries, and requests seen."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


# The tables are written out, not taken from ``commands.state.tables``: those go on changing, and a
# step has to stay what it was.
def upgrade() -> None:
    """Make the tables."""
    _asked()
    _schedules()
    _deliveries()
    op.create_table(
        "seen",
        sa.Column("key", sa.String(255), nullable=False),
        _time("at"),
        sa.PrimaryKeyConstraint("key", name="pk_seen"),
    )
    op.create_index("ix_seen_at", "seen", ["at"])


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _asked() -> None:
    op.create_table(
        "asked",
        _text("run", 64),
        _text("question"),
        _text("zone", 64),
        _time("asked_at"),
        _text("asker_id", 255),
        _text("asker_name"),
        _text("asker_zone", 64),
        _text("asker_email"),
        _text("platform", 64),
        _text("channel", 255),
        _text("thread", 255),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        _time("start", nullable=True),
        _time("end", nullable=True),
        _time("data_through", nullable=True),
        sa.Column("rows_read", sa.BigInteger(), nullable=True),
        _text("fingerprint", 128),
        _text("severity", 32),
        _text("headline"),
        _text("message", 255),
        sa.PrimaryKeyConstraint("run", name="pk_asked"),
    )
    op.create_index("ix_asked_asked_at", "asked", ["asked_at"])


def _schedules() -> None:
    op.create_table(
        "schedules",
        _text("id", 64),
        _text("owner_id", 255),
        _text("owner_name"),
        _text("owner_zone", 64),
        _text("owner_email"),
        _text("platform", 64),
        _text("channel", 255),
        sa.Column("direct", sa.Boolean(), nullable=False),
        _text("place_name"),
        _text("question"),
        _text("question_zone", 64),
        _text("title"),
        _text("cron", 64),
        _text("zone", 64),
        _text("phrase"),
        _time("created_at"),
        sa.Column("failures", sa.Integer(), nullable=False),
        _time("paused_at", nullable=True),
        _text("paused_why"),
        _time("deleted_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
    )
    op.create_index("ix_schedules_owner_id", "schedules", ["owner_id"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        _text("schedule", 64),
        _time("slot"),
        _text("status", 16),
        _time("claimed_at"),
        _time("lease_until"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _text("run", 64),
        _text("message", 255),
        _text("error"),
        _time("told_at", nullable=True),
        sa.PrimaryKeyConstraint("schedule", "slot", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["schedule"], ["schedules.id"], name="fk_deliveries_schedule"),
    )
    op.create_index("ix_deliveries_status", "deliveries", ["status"])
