"""Logs whose rows a declared SELECT makes: unnested, paired, joined, under the same lock."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from queries.core.errors import LogUnreadable
from queries.core.log import Log
from queries.sources.declaration.declare import BadDeclaration
from queries.sources.opening import OpenLogs
from tests.duck import session

BATCHES = [
    {
        "time": f"2026-11-20T10:{i:02}:00Z",
        "inputs": [{"age": i}, {"age": 100 + i}],
        "outputs": [0.25, 0.75],
    }
    for i in range(20)
]
UNNESTED = """
    SELECT line->>'$.time' AS t, input->>'$.age' AS age, output::DOUBLE AS score
    FROM (
        SELECT line, unnest(line->'$.inputs[*]') AS input,
               unnest(line->'$.outputs[*]') AS output
        FROM {files}
    )
"""


def write(path: Path, records: Sequence[Mapping[str, object]]) -> None:
    """Write records as JSON lines."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")


def test_one_line_may_be_several_requests(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A line that holds a batch is as many rows as it has instances, each with its answer."""
    write(tmp_path / "log" / "a.jsonl", BATCHES)
    log = opened(
        files="log/*.jsonl",
        rows=UNNESTED,
        roles={"time": "t", "score": "score", "features": ["age"]},
    )
    extent = log.extent()
    assert extent is not None
    assert extent.start == datetime(2026, 11, 20, 10, tzinfo=UTC)
    measures = {
        "n": sa.func.count(),
        "age": sa.func.sum(log.column("age")),
        "score": sa.func.sum(log.column("score")),
    }
    expected = {"n": 40, "age": float(sum(range(20)) * 2 + 2000), "score": 20.0}
    assert log.aggregate(measures, spans=[extent]) == [expected]


def test_request_and_response_are_paired(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Two lines of one id, in two files, are one request; the time between them is its latency."""
    asked = [{"id": i, "type": "in", "at": f"2026-11-20T10:00:{i:02}Z"} for i in range(20)]
    told = [{"id": i, "type": "out", "at": f"2026-11-20T10:00:{i:02}.250Z"} for i in range(20)]
    write(tmp_path / "log" / "a.jsonl", asked)
    write(tmp_path / "log" / "b.jsonl", told)
    paired = """
        SELECT a.line->>'$.id' AS id, a.line->>'$.at' AS asked, b.line->>'$.at' AS told
        FROM {files} a JOIN {files} b ON a.line->>'$.id' = b.line->>'$.id'
        WHERE a.line->>'$.type' = 'in' AND b.line->>'$.type' = 'out'
    """
    roles = {"time": "asked", "request_id": "id", "latency_ms": "told - asked"}
    log = opened(files="log/*.jsonl", rows=paired, roles=roles)
    measures = {"n": sa.func.count(), "ms": sa.func.avg(log.column("latency_ms"))}
    assert log.aggregate(measures) == [{"n": 20, "ms": 250.0}]


def test_new_files_are_seen(tmp_path: Path, opening: Callable[..., OpenLogs]) -> None:
    """A file that comes is read at the next ask, as where rows lie as they are."""
    write(tmp_path / "log" / "a.jsonl", BATCHES)
    logs = opening(log={"files": "log/*.jsonl", "rows": UNNESTED, "roles": {"time": "t"}})
    count = {"n": sa.func.count()}
    assert logs.logs().of("log").aggregate(count) == [{"n": 40}]
    write(tmp_path / "log" / "b.jsonl", BATCHES[:1])
    assert logs.logs().of("log").aggregate(count) == [{"n": 42}]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_columns_are_there_by_name(suffix: str, tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Of CSV and Parquet a SELECT sees the columns, and the name of the file."""
    path = tmp_path / "eu.csv"
    path.write_text("t,x\n2026-11-20 10:00:00,1\n2026-11-20 10:01:00,2\n")
    if suffix == "parquet":
        with session() as duck:
            duck.execute(f"COPY (FROM '{path}') TO '{path.with_suffix('.parquet')}'")
    select = "SELECT *, parse_filename(filename, true) AS region FROM {files}"
    roles = {"time": "t", "dimensions": ["region"], "metrics": ["x"]}
    log = opened(files=f"eu.{suffix}", rows=select, roles=roles)
    by = {"region": log.column("region")}
    rows = log.aggregate({"x": sa.func.sum(log.column("x"))}, by=by)
    assert rows == [{"region": "eu", "x": 3.0}]


def test_a_select_over_tables(postgres_url: str, opened: Callable[..., Log]) -> None:
    """In a database the SELECT joins what lies in several tables."""
    with psycopg.connect(postgres_url.replace("+psycopg", "", 1)) as connection:
        for statement in (
            "DROP TABLE IF EXISTS said, fed",
            "CREATE TABLE said AS SELECT i AS id, timestamptz '2026-11-20 10:00Z' + i * interval "
            "'1 minute' AS at, i / 10.0 AS score FROM generate_series(0, 9) i",
            "CREATE TABLE fed AS SELECT i AS id, 20 + i AS age FROM generate_series(0, 9) i",
        ):
            connection.execute(statement)
    log = opened(
        url=postgres_url,
        rows="SELECT * FROM said JOIN fed USING (id)",
        roles={"time": "at", "score": "score", "features": ["age"]},
    )
    measures = {"n": sa.func.count(), "age": sa.func.sum(log.column("age"))}
    extent = log.extent()
    assert extent is not None
    assert log.aggregate(measures, spans=[extent]) == [{"n": 10, "age": 245.0}]


@pytest.mark.parametrize(
    ("select", "says"),
    [
        ("SELECT 1", "reads no {files}"),
        ("SELECT * FROM {files}; DROP TABLE x", "holds several statements"),
        ("DELETE FROM {files}", "can't be read"),
        ("SELECT * FROM {files} JOIN other USING (id)", "reads “other”"),
        ("SELECT * FROM {files}, read_text('/etc/passwd')", "reads “read_text(…)”"),
        ("SELECT (SELECT content FROM read_text('x')) FROM {files}", "reads “read_text(…)”"),
        ("WITH a AS (SELECT * FROM b) SELECT * FROM {files}, a", "reads “b”"),
        ("SELECT FROM {files} WHERE", "can't be read"),
    ],
)
def test_a_select_reads_the_sources_own_files_alone(
    select: str, says: str, opened: Callable[..., Log]
) -> None:
    """Whatever else a SELECT would touch is refused when the declaration is read."""
    with pytest.raises(BadDeclaration) as caught:
        opened(files="*.jsonl", rows=select, roles={"time": "t"})
    assert says in str(caught.value)
    assert "sources.log.rows" in str(caught.value)


def test_a_select_that_fails_says_why(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A column that isn't there is told as the engine tells it, to whoever wrote the SELECT."""
    write(tmp_path / "a.jsonl", BATCHES)
    log = opened(files="a.jsonl", rows="SELECT lime FROM {files}", roles={"time": "lime"})
    with pytest.raises(LogUnreadable, match=r"The SELECT under `rows` .* can't be run: .*lime"):
        log.extent()
