"""Statements are bounded in number and in time, and stop when they are told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from queries.core.errors import Cancelled, NotAnswerable, TookTooLong
from queries.core.log import Log
from queries.sources.opening import EngineSettings, OpenLogs
from tests.conftest_postgres import load_table
from tests.sources.written import REQUESTS, ROLES, write

Opening = Callable[..., OpenLogs]


def endless(log: Log) -> object:
    """Ask for what takes minutes: every pair of 20,000 rows, with work for each."""
    one = log.relation({"x": log.column("score")})
    two = one.alias("two")
    pairs = one.join(two, sa.func.sin(one.c.x * two.c.x) > 2)
    return log.run(sa.select(sa.func.count().label("n")).select_from(pairs))


@pytest.fixture(params=["files", "postgresql"])
def declared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, object]]:
    """Give the declaration of the same log, in files and in PostgreSQL."""
    query = REQUESTS.format(rows=20_000)
    if request.param == "files":
        write(tmp_path / "log" / "a.parquet", query)
        yield {"files": "log/*.parquet", "roles": ROLES}
        return
    url = request.getfixturevalue("postgres_url")
    load_table(url, "running", query)
    yield {"url": url, "table": "running", "roles": ROLES}


def test_the_deadline_cancels(declared: dict[str, object], opening: Opening) -> None:
    """A statement over its deadline is stopped in the engine, and the next one runs."""
    logs = opening(EngineSettings(deadline_seconds=0.3, concurrent=1), log=declared)
    log = logs.logs().of("log")
    start = time.monotonic()
    with pytest.raises(TookTooLong, match=r"longer than 0\.3 seconds"):
        endless(log)
    assert time.monotonic() - start < 3
    assert log.aggregate({"n": sa.func.count()}) == [{"n": 20_000}]


def test_another_thread_cancels(declared: dict[str, object], opening: Opening) -> None:
    """Cancelling from another thread stops a running statement, and only that ask's."""
    logs = opening(log=declared)
    stopped = threading.Event()
    begun = threading.Event()
    told: list[str] = []

    def progress(text: str, _share: float | None) -> None:
        told.append(text)
        begun.set()

    def stop() -> None:
        begun.wait(10)
        stopped.set()

    stopper = threading.Thread(target=stop)
    stopper.start()
    asking = logs.logs(progress=progress, cancelled=stopped.is_set)
    with pytest.raises(Cancelled):
        endless(asking.of("log"))
    stopper.join()
    assert told[0] == "Reading log"
    assert logs.logs().of("log").aggregate({"n": sa.func.count()}) == [{"n": 20_000}]
    with pytest.raises(Cancelled):
        asking.of("log")


def test_who_waits_can_cancel(declared: dict[str, object], opening: Opening) -> None:
    """An ask that waits for its turn is cancelled without ever running."""
    logs = opening(EngineSettings(deadline_seconds=1.5, concurrent=1), log=declared)
    begun, stopped = threading.Event(), threading.Event()
    failures: list[type[BaseException]] = []

    def hog() -> None:
        try:
            endless(logs.logs(progress=lambda *_: begun.set()).of("log"))
        except TookTooLong:
            failures.append(TookTooLong)

    first = threading.Thread(target=hog)
    first.start()
    assert begun.wait(10)
    asking = logs.logs(cancelled=stopped.is_set).of("log")
    threading.Timer(0.1, stopped.set).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        asking.aggregate({"n": sa.func.count()})
    assert time.monotonic() - start < 1
    first.join()
    assert failures == [TookTooLong]


def test_many_ask_at_once(declared: dict[str, object], opening: Opening) -> None:
    """Twenty asks over two slots all get the same right answer."""
    logs = opening(EngineSettings(concurrent=2), log=declared)
    found: list[object] = []

    def ask() -> None:
        log = logs.logs().of("log")
        found.append(log.aggregate({"n": sa.func.count(), "m": sa.func.sum(log.column("status"))}))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[{"n": 20_000, "m": 20_000 * 200 + 1000 * 300}]] * 20


def test_rows_stream_in_batches(declared: dict[str, object], opening: Opening) -> None:
    """Every row comes out once, in order, in batches of the size asked for."""
    log = opening(log=declared).logs().of("log")
    batches = list(log.stream(["request_id"], spans=None, order=[log.column("time")], batch=7_000))
    assert [len(batch) for batch in batches] == [7_000, 7_000, 6_000]
    assert [row[0] for batch in batches for row in batch] == [f"r{i}" for i in range(20_000)]
    assert log.statements[-1].rows == 20_000


def test_a_stream_left_early_frees_its_slot(declared: dict[str, object], opening: Opening) -> None:
    """Who stops reading a stream does not keep others waiting."""
    logs = opening(EngineSettings(concurrent=1), log=declared)
    log = logs.logs().of("log")
    stream = log.stream(["request_id"], spans=None, batch=10)
    assert len(next(stream)) == 10
    stream.close()
    assert log.aggregate({"n": sa.func.count()}) == [{"n": 20_000}]


def test_too_many_groups_are_refused(declared: dict[str, object], opening: Opening) -> None:
    """A result longer than a page is an error that says how to make it shorter."""
    log = opening(EngineSettings(row_cap=100), log=declared).logs().of("log")
    with pytest.raises(NotAnswerable, match="more than 100 rows"):
        log.aggregate({"n": sa.func.count()}, by={"id": log.column("request_id")})
    with pytest.raises(ValueError, match="at most 100 rows"):
        log.records(["request_id"], spans=None, limit=101)
    assert len(log.records(["request_id"], spans=None, limit=100)) == 100


def test_memory_is_limited(tmp_path: Path, opening: Opening) -> None:
    """What needs more memory than allowed is an error that says what to do."""
    write(tmp_path / "log" / "a.parquet", REQUESTS.format(rows=1_000_000))
    settings = replace(EngineSettings(), memory_limit="40MB", threads=1)
    log = opening(settings, log={"files": "log/*.parquet", "roles": ROLES}).logs().of("log")
    rows = log.relation({"id": log.column("request_id"), "s": log.column("score")})
    place = sa.func.row_number().over(order_by=[rows.c.s, rows.c.id]).label("place")
    ranked = sa.select(rows.c.id, place).subquery()
    with pytest.raises(Exception, match="needs more memory than the program may use"):
        log.run(sa.select(sa.func.max(ranked.c.id).label("m")).where(ranked.c.place % 2 == 0))


def test_a_table_cannot_be_written(postgres_url: str, opening: Opening) -> None:
    """Through a warehouse's connections, PostgreSQL itself refuses to write."""
    load_table(postgres_url, "kept", "SELECT 1 AS a")
    logs = opening(log={"url": postgres_url, "table": "kept", "roles": {}, "undated": True})
    runner = logs._warehouse(postgres_url).runner
    with pytest.raises(Exception, match="read-only transaction"), runner.engine.begin() as link:
        link.execute(sa.text("DELETE FROM kept"))
