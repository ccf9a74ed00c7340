"""The tables: made by migrations alone, in UTC, on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from commands.state import seen
from commands.state.engine import BUSY_MS, connect
from commands.state.migrate import StateTooNew, migrate
from commands.state.tables import metadata
from commands.state.tables import seen as seen_table


def test_migrations_make_the_declared_tables(state: sa.Engine) -> None:
    """Alembic finds nothing to change between what migrations made and what the code declares."""
    with state.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_keeps_what_is_there(state: sa.Engine) -> None:
    """A second migration changes nothing and loses nothing."""
    seen.first_time(state, "kept", datetime(2026, 11, 23, tzinfo=UTC))
    migrate(state)
    assert not seen.first_time(state, "kept", datetime(2026, 11, 23, tzinfo=UTC))


def test_several_may_migrate_at_once(state_url: str) -> None:
    """Four starters on an empty state all succeed, and the tables are made once."""
    engines = [connect(state_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(migrate, engines))
    with engines[0].connect() as connection:
        (revisions,) = connection.execute(sa.text("SELECT count(*) FROM alembic_version")).one()
    for engine in engines:
        engine.dispose()
    assert revisions == 1


def test_a_state_from_the_future_is_refused(state: sa.Engine) -> None:
    """A revision that this version does not know is named, and nothing is touched."""
    with state.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StateTooNew, match=r"newer plainlogs .*revision 9999"):
        migrate(state)


def test_a_half_done_migration_leaves_nothing(state_url: str) -> None:
    """When a table stands in the way the whole migration is undone, on SQLite too."""
    engine = connect(state_url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE seen (other INTEGER)"))
    with pytest.raises(sa.exc.DBAPIError, match="seen"):
        migrate(engine)
    assert sa.inspect(engine).get_table_names() == ["seen"]
    engine.dispose()


def test_sqlite_is_set_for_several_writers(tmp_path: Path) -> None:
    """A missing folder is made; every connection has WAL, foreign keys and a busy time-out."""
    engine = connect(f"sqlite:///{tmp_path}/new/folder/state.db")
    expected = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": BUSY_MS}
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            for name, value in expected.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value
    engine.dispose()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_through_psycopg(scheme: str) -> None:
    """However a PostgreSQL URL is written, the driver is the one that is installed."""
    assert connect(f"{scheme}://me@db.example/state").driver == "psycopg"


def test_times_are_read_back_aware_and_in_utc(state: sa.Engine) -> None:
    """A time written in any zone is the same moment when read, in UTC, to the microsecond."""
    berlin = timezone(timedelta(hours=1))
    written = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=berlin)
    seen.first_time(state, "key", written)
    with state.connect() as connection:
        read = connection.execute(sa.select(seen_table.c.at)).scalar_one()
    assert read == written
    assert read.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(state: sa.Engine) -> None:
    """A naive time can't be stored: nobody could say which moment it was."""
    with pytest.raises(sa.exc.StatementError, match="without a zone"):
        seen.first_time(state, "key", datetime(2026, 11, 23))  # noqa: DTZ001 (the point)
