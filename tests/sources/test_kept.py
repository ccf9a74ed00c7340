"""Rows that are kept serve as the log does, and only as long as the block that asked for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from queries.core.errors import Cancelled, NotAnswerable
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.sources.opening import EngineSettings, OpenLogs
from tests.conftest_postgres import load_table
from tests.sources.written import REQUESTS, ROLES, write

Opening = Callable[..., OpenLogs]
OUTCOMES = """
    SELECT 'r' || i AS id, (i % 5 = 0)::INTEGER AS was, TIMESTAMP '2026-11-22' AS told
    FROM range(0, 3840, 2) AS numbers(i)
"""
START = datetime(2026, 11, 20, tzinfo=UTC)
FOUR_DAYS = [Span(START, START + timedelta(days=4))]
COLUMNS = ["time", "region", "outcome", "score"]


@pytest.fixture(params=["files", "postgresql"])
def declared(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """Give the declaration of the same log, in files and in PostgreSQL."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    places = {}
    for name, query in {"kept_log": REQUESTS.format(rows=3840), "kept_was": OUTCOMES}.items():
        if url:
            load_table(url, name, query)
            places[name] = {"url": url, "table": name}
        else:
            write(tmp_path / name / "a.parquet", query)
            places[name] = {"files": f"{name}/*.parquet"}
    apart = {"request_id": "id", "outcome": "was", "outcome_time": "told"}
    return places["kept_log"] | {"roles": ROLES, "outcomes": places["kept_was"] | apart}


@pytest.fixture
def log(declared: dict[str, Any], opening: Opening) -> Log:
    """Open the log."""
    return opening(log=declared).logs().of("log")


def good(log: Log) -> list[sa.ColumnElement[bool]]:
    """Give the condition under which rows are kept; made anew each time, as measures do."""
    return [sa.or_(log.equals("region", "emea"), log.equals("region", "apac"))]


def asked(log: Log) -> list[Any]:
    """Ask for what kept rows hold and for what they don't, through every door."""
    measures = {"n": sa.func.count(), "hits": sa.func.count(log.column("outcome"))}
    by = {"region": log.column("region")}
    day = [Span(START + timedelta(hours=5), START + timedelta(hours=29))]
    late = [Span(START + timedelta(days=1), START + timedelta(days=9))]
    high = log.column("score") > 0.5
    ranked = log.relation({"score": log.column("score")}, spans=FOUR_DAYS, where=good(log))
    return [
        log.aggregate(measures, by=by, spans=FOUR_DAYS, where=good(log)),
        log.aggregate(measures, by=by, spans=day, where=[high, *good(log)]),
        log.aggregate({"n": sa.func.count()}, spans=FOUR_DAYS, where=good(log)),
        log.aggregate({"n": sa.func.count()}, spans=[], where=good(log)),
        [
            round(row["sum"], 9)
            for row in log.run(sa.select(sa.func.sum(ranked.c.score).label("sum")))
        ],
        log.aggregate(measures, by=by, spans=late, where=good(log)),
        log.aggregate(measures, by=by, where=good(log)),
        log.aggregate(measures, by=by, spans=FOUR_DAYS),
        log.aggregate(measures, by={"error": log.column("error")}, spans=day, where=good(log)),
    ]


def table_of(log: Log) -> str:
    """Name the table that was kept last, as the statements say."""
    found = [re.findall(r"^CREATE TABLE (\w+) AS SELECT", each.sql) for each in log.statements]
    return str([name for names in found for name in names][-1])


def is_there(log: Log, table: str) -> bool:
    """Tell whether the engine still holds a table."""
    with suppress(DBAPIError):
        log.run(sa.select(sa.func.count().label("n")).select_from(sa.table(table)))
        return True
    return False


def test_kept_rows_give_the_same_numbers(log: Log) -> None:
    """Inside the block as outside it, whether or not what is asked for is among the kept rows."""
    before = asked(log)
    with log.kept(COLUMNS, spans=FOUR_DAYS, where=good(log)):
        inside = asked(log)
    assert inside == before
    assert asked(log) == before


def test_the_join_is_made_once(opening: Opening, declared: dict[str, Any]) -> None:
    """What the kept rows hold is read from them, anything else from the log; PostgreSQL keeps none.

    A user who may only read tables can't keep rows there.
    """
    log = opening(log=declared).logs().of("log")
    with log.kept(COLUMNS, spans=FOUR_DAYS, where=good(log)):
        asked(log)
    if "url" in declared:
        assert len(log.statements) == 9
        return
    made, *others = log.statements
    assert made.rows == 2560
    assert [table_of(log) in each.sql for each in others] == [True] * 5 + [False] * 4


@pytest.mark.parametrize("declared", ["files"], indirect=True)
def test_what_a_block_around_keeps_is_not_kept_again(log: Log) -> None:
    """A block within reads the rows of the one around it, and keeps for itself only what lacks."""
    before = asked(log)
    with log.kept(COLUMNS, spans=FOUR_DAYS, where=good(log)):
        table = table_of(log)
        with log.kept(["time", "outcome"], spans=FOUR_DAYS, where=good(log)):
            assert table_of(log) == table
            assert asked(log) == before
        assert is_there(log, table)
        with log.kept(["time", "error"], spans=FOUR_DAYS, where=good(log)):
            assert table_of(log) != table
    assert not is_there(log, table)


@pytest.mark.parametrize("declared", ["files"], indirect=True)
def test_kept_rows_go_with_the_block(log: Log) -> None:
    """The table is there inside the block alone, also where the block raises."""
    with log.kept(COLUMNS, spans=FOUR_DAYS):
        assert is_there(log, table_of(log))
    assert not is_there(log, table_of(log))
    with suppress(ZeroDivisionError), log.kept(COLUMNS):
        raise ZeroDivisionError
    assert not is_there(log, table_of(log))


@pytest.mark.parametrize("declared", ["files"], indirect=True)
def test_cancelling_leaves_nothing_kept(declared: dict[str, Any], opening: Opening) -> None:
    """Who cancels while rows are kept leaves no table behind."""
    logs, told = opening(log=declared), [False]
    log = logs.logs(cancelled=lambda: told[0]).of("log")
    with log.kept(COLUMNS):
        told[0] = True
        with pytest.raises(Cancelled):
            asked(log)
    assert not is_there(logs.logs().of("log"), table_of(log))


def test_without_room_the_log_is_read(tmp_path: Path, opening: Opening) -> None:
    """Rows that don't fit into the memory are not kept, and the numbers are the same."""
    wide = "md5('' || i) AS a, md5('a' || i) AS b"
    stamp = "TIMESTAMP '2026-11-20' + i * INTERVAL '100 milliseconds'"
    query = f"SELECT {stamp} AS ts, {wide} FROM range(1000000) AS numbers(i)"
    write(tmp_path / "log" / "a.parquet", query)
    roles = {"time": "ts", "dimensions": ["a", "b"]}
    settings = EngineSettings(memory_limit="80MB")
    log = opening(settings, log={"files": "log/*.parquet", "roles": roles}).logs().of("log")
    with log.kept(["time", "a", "b"]):
        found = log.aggregate({"n": sa.func.count(log.column("b"))})
    assert found == [{"n": 1_000_000}]
    assert len(log.statements) == 1


@pytest.mark.parametrize("declared", ["files"], indirect=True)
def test_what_is_hidden_is_not_kept(declared: dict[str, Any], opening: Opening) -> None:
    """Keeping rows asks for columns as every other door does."""
    hidden = declared | {"visibility": {"score": "hidden", "region": "grouped"}}
    log = opening(log=hidden).logs().of("log")
    with pytest.raises(NotAnswerable, match="hidden"), log.kept(["score"]):
        pass
    region = sa.column("region", sa.String())
    with pytest.raises(NotAnswerable, match="choosing"), log.kept(["time"], where=[region == "a"]):
        pass
