"""A table behind a URL: what is said when it is not there, and how odd types are read."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
import sqlalchemy as sa

from queries.core.doors.constructs import Rate
from queries.core.errors import LogUnreadable
from queries.core.filters import Filter
from queries.core.log import Log
from queries.sources.opening import OpenLogs
from tests.conftest_postgres import load_table
from tests.sources.written import REQUESTS, ROLES

N = {"n": sa.func.count()}


def run(url: str, *statements: str) -> None:
    """Run statements on the server as its owner."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("reqests", "There is no table reqests in .*Did you mean requests?"),
        ("public.nothing_like_it", r"There is no table public\.nothing_like_it"),
        ("elsewhere.requests", r"There is no table elsewhere\.requests"),
    ],
)
def test_a_missing_table_names_the_nearest(
    table: str, says: str, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """A table that is not there is an error with the nearest name and the key to correct."""
    load_table(postgres_url, "requests", REQUESTS.format(rows=10))
    with pytest.raises(LogUnreadable, match=says):
        opened(url=postgres_url, table=table, roles=ROLES).aggregate(N, where=[])


def test_a_server_that_is_not_there_is_said(opened: Callable[..., Log]) -> None:
    """A database that does not answer is an error that does not repeat the password."""
    url = "postgresql+psycopg://ana:secret@127.0.0.1:1/logs"
    log = opened(url=url, table="requests", roles=ROLES)
    with pytest.raises(LogUnreadable, match="does not answer") as caught:
        log.aggregate(N)
    assert "secret" not in str(caught.value)


def test_a_driver_that_is_missing_is_said(opened: Callable[..., Log]) -> None:
    """A url whose driver is not installed says so."""
    with pytest.raises(LogUnreadable, match="install the driver"):
        opened(url="postgresql+asyncpg://h/d", table="t", roles=ROLES).aggregate(N)


def test_another_database_is_refused_plainly(opened: Callable[..., Log]) -> None:
    """An engine for which nothing is compiled yet is refused before it is asked anything."""
    with pytest.raises(LogUnreadable, match="sqlite cannot be asked yet"):
        opened(url="sqlite:///x.db", table="t", roles=ROLES).aggregate(N)


def test_a_table_that_changed_is_looked_at_again(
    postgres_url: str, opening: Callable[..., OpenLogs]
) -> None:
    """A column dropped under a question is an error once, and missed by name after that."""
    load_table(postgres_url, "altered", REQUESTS.format(rows=10))
    logs = opening(log={"url": postgres_url, "table": "altered", "roles": ROLES})
    log = logs.logs().of("log")
    measures = {"m": sa.func.avg(log.column("income"))}
    log.aggregate(measures)
    run(postgres_url, "ALTER TABLE altered DROP COLUMN income")
    with pytest.raises(LogUnreadable, match=r"not answer as it should: column raw\.income"):
        log.aggregate(measures)
    assert not logs.logs().of("log").has("income")


def test_odd_types_are_read(postgres_url: str, opened: Callable[..., Log]) -> None:
    """Enums, uuids, JSON, exact numerics and numbers kept as text are what they stand for."""
    run(
        postgres_url,
        "DROP TABLE IF EXISTS odd",
        "DROP TYPE IF EXISTS mood",
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "CREATE TABLE odd (t timestamptz, id uuid, m mood, j jsonb, x numeric(9, 2), s text)",
        "INSERT INTO odd SELECT '2026-11-20 10:00+02', gen_random_uuid(), 'good', '{\"a\": 1}', "
        "1.25, i::text FROM generate_series(1, 9) AS i",
        "INSERT INTO odd VALUES ('2026-11-20 10:00+02', NULL, 'bad', NULL, NULL, 'high')",
    )
    roles = {
        "time": "t",
        "request_id": "id",
        "dimensions": ["m"],
        "features": ["j", "x"],
        "latency_ms": "s",
    }
    log = opened(url=postgres_url, table="odd", roles=roles)
    kinds = {name: log.kind(name) for name in ("request_id", "m", "j", "x", "latency_ms")}
    assert kinds == {
        "request_id": "text",
        "m": "text",
        "j": "text",
        "x": "number",
        "latency_ms": "number",
    }
    (row,) = log.aggregate(
        {
            "x": sa.func.avg(log.column("x")),
            "bad": Rate(log.column("m") == "bad"),
            "empty": Rate(log.missing("j")),
        }
    )
    assert row == {"x": 1.25, "bad": 0.1, "empty": 0.1}
    assert log.aggregate({"s": sa.func.avg(log.column("latency_ms"))}) == [{"s": 5.0}]
    assert log.left_out == [
        "odd: 1 of 10 values of “s” is no number, such as “high”; it counts as missing."
    ]
    page = log.records(
        ["m", "j", "x"], spans=None, where=log.matches([Filter("m", "=", ("good",))]), limit=1
    )
    assert page == [{"m": "good", "j": '{"a": 1}', "x": 1.25}]
