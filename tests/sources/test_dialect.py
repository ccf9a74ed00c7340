"""DuckDB through SQLAlchemy: what differs from PostgreSQL, and what is locked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from queries.sources.files.embedded import engine_over, locked_root
from tests.sources.written import write


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    """Give an engine that may read the folder ``in`` of the test's folder, and a file outside."""
    write(tmp_path / "in" / "a.parquet", 'SELECT i, i % 3 AS "group" FROM range(10) AS n(i)')
    write(tmp_path / "out" / "b.parquet", "SELECT 1 AS i")
    root = locked_root({"threads": 1}, [str(tmp_path / "in")])
    engine = engine_over(root, 2)
    yield engine
    engine.dispose()
    root.close()


def rows(engine: sa.Engine, select: sa.Executable) -> list[tuple[object, ...]]:
    """Run a select and give its rows as tuples."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select)]


def test_reserved_names_are_quoted(tmp_path: Path, engine: sa.Engine) -> None:
    """A column called ``group`` or ``a"b`` is read like any other."""
    write(tmp_path / "in" / "b.parquet", 'SELECT 1 AS "a""b", 2 AS "select"')
    source = sa.func.read_parquet(str(tmp_path / "in" / "b.parquet"))
    table = source.table_valued(sa.column('a"b'), sa.column("select"), name="raw")
    assert rows(engine, sa.select(table.c['a"b'], table.c["select"])) == [(1, 2)]


def test_a_bound_expression_is_one_to_group_by(tmp_path: Path, engine: sa.Engine) -> None:
    """An expression with a parameter stands in SELECT and GROUP BY as the same one."""
    table = sa.func.read_parquet(str(tmp_path / "in" / "a.parquet")).table_valued("i", name="raw")
    bucket = sa.func.floor(table.c.i / sa.literal(5))
    select = sa.select(bucket, sa.func.count()).group_by(bucket).order_by(bucket)
    assert rows(engine, select) == [(0, 5), (1, 5)]


def test_division_is_exact(engine: sa.Engine) -> None:
    """Whole numbers divide to a double, and ``//`` to a whole number."""
    seven, two = sa.literal(7, sa.BigInteger), sa.literal(2, sa.BigInteger)
    found = rows(engine, sa.select(seven / two, seven // two, sa.literal(1) / sa.literal(3)))
    assert found == [(3.5, 3, 1 / 3)]
    assert [type(value) for value in found[0]] == [float, int, float]


def test_values_in_a_list_are_bound(tmp_path: Path, engine: sa.Engine) -> None:
    """An IN list of any length binds each of its values."""
    table = sa.func.read_parquet(str(tmp_path / "in" / "a.parquet")).table_valued("i", name="raw")
    for values in ([1], [1, 2, 77], []):
        select = sa.select(sa.func.count()).select_from(table).where(table.c.i.in_(values))
        assert rows(engine, select) == [(len([v for v in values if v < 10]),)]


@pytest.mark.parametrize(
    ("select", "error"),
    [
        (lambda folder: sa.text(f"SELECT * FROM '{folder}/out/b.parquet'"), "Permission|disabled"),
        (lambda _: sa.text("SELECT * FROM read_csv('/etc/hostname')"), "Permission|disabled"),
        (lambda folder: sa.text(f"SELECT * FROM glob('{folder}/*')"), "Permission|disabled"),
        (lambda folder: sa.text(f"COPY (SELECT 1) TO '{folder}/in/c.parquet'"), "only one SELECT"),
        (lambda folder: sa.text(f"ATTACH '{folder}/in/x.db'"), "only one SELECT"),
        (lambda _: sa.text("SELECT 1; SELECT 2"), "only one SELECT"),
        (lambda _: sa.text("SET threads = 8"), "only one SELECT"),
        (lambda _: sa.text("INSTALL httpfs"), "only one SELECT"),
    ],
)
def test_what_is_not_reading_declared_files_is_refused(
    select: object, error: str, tmp_path: Path, engine: sa.Engine
) -> None:
    """Other files, writing, attaching, several statements and settings are all refused."""
    assert callable(select)
    with engine.connect() as connection, pytest.raises(DBAPIError, match=error):
        connection.execute(select(tmp_path)).fetchall()
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["a.parquet"]


@pytest.mark.parametrize(
    "statement",
    [
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET memory_limit = '100GB'",
        "RESET lock_configuration",
        "LOAD httpfs",
    ],
)
def test_the_lock_holds_below_the_dialect(statement: str, tmp_path: Path) -> None:
    """Even a bare cursor cannot open what was locked."""
    root = locked_root({"threads": 1}, [str(tmp_path)])
    with root.cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement)
    root.close()


def test_two_threads_share_one_database(engine: sa.Engine) -> None:
    """Connections are cursors of one root, so that limits and caches are the process's."""
    with engine.connect() as one, engine.connect() as two:
        query = sa.text("SELECT current_setting('threads')")
        assert one.execute(query).scalar() == two.execute(query).scalar() == 1
