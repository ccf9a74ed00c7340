"""Bringing a state to the tables that this version of plainlogs expects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from queries.core.errors import PlainError

_LOCK = 7_346_121_095  # any number that is nobody else's, for PostgreSQL's advisory lock


class StateTooNew(PlainError):
    """The state was written by a newer plainlogs than this one."""


def migrate(engine: sa.Engine) -> None:
    """Apply every migration that is missing. Safe when several processes start at once.

    Raises:
        StateTooNew: the state is at a revision that this version does not know.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    # Alembic warns where it is not said.
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with _alone(engine) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in known:
            raise StateTooNew(
                f"The state at {engine.url.render_as_string()} was written by a newer plainlogs "
                f"(revision {current}). Install that version, or name another state."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Begin a transaction that no other migration can run beside."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # Without it Python's driver commits before each CREATE TABLE.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            # Ends with the transaction, whatever becomes of this process.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield connection
