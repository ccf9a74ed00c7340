"""States to remember in: an SQLite file and a database on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from commands.state.engine import connect
from commands.state.migrate import migrate
from tests.conftest_postgres import postgres_url

__all__ = ["new_schema", "postgres_url", "state", "state_url"]


@pytest.fixture(scope="session")
def new_schema(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Give the URL of an empty PostgreSQL schema of its own at each call, all on one server."""
    url = sa.make_url(postgres_url)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    numbers = count(1)

    def make() -> str:
        name = f"state{next(numbers)}"
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        # A schema, as a database would be copied; and not on disk at once, as no crash is outlived.
        own = url.update_query_dict({"options": f"-csearch_path={name} -csynchronous_commit=off"})
        return own.render_as_string(hide_password=False)

    yield make
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty state, on each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    make: Callable[[], str] = request.getfixturevalue("new_schema")
    return make()


@pytest.fixture
def state(state_url: str) -> Iterator[sa.Engine]:
    """Give a migrated state."""
    engine = connect(state_url)
    migrate(engine)
    yield engine
    engine.dispose()
