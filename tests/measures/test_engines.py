"""DuckDB and PostgreSQL give the same numbers, on real data and on the worst of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from queries.core.log import Log
from queries.core.logs import Logs
from tests.conftest_postgres import load_table
from tests.measures import everything
from tests.measures.conftest import write_parquet
from tests.measures.declared import car_loan

Opener = Callable[[dict[str, Any]], Log]

PLAIN = """
    SELECT i AS id, TIMESTAMP '2026-11-23 11:00' - to_hours(CAST(i * 7 % 240 AS INTEGER)) AS ts,
        CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS side,
        CAST(i AS DOUBLE) * 1.5 AS x, 'c' || i % 3 AS c, i % 7 AS entity,
        i % 2 AS pred, CAST(i % 10 AS DOUBLE) / 10 AS score,
        CASE WHEN i % 3 = 0 THEN 1 ELSE 0 END AS outcome,
        TIMESTAMP '2026-11-23 11:00' - to_hours(CAST(i * 7 % 240 AS INTEGER))
            + to_hours(CAST(i % 50 AS INTEGER)) AS came
    FROM range(200) t(i)
"""
NO_ROWS = f"SELECT * FROM ({PLAIN}) WHERE false"
ONE_ROW = f"SELECT * FROM ({PLAIN}) WHERE id = 3"
NULLS = f"""
    SELECT id, ts, side, CAST(NULL AS DOUBLE) AS x, CAST(NULL AS VARCHAR) AS c,
        CAST(NULL AS BIGINT) AS entity, CAST(NULL AS BIGINT) AS pred,
        CAST(NULL AS DOUBLE) AS score, CAST(NULL AS BIGINT) AS outcome,
        CAST(NULL AS TIMESTAMP) AS came
    FROM ({PLAIN})
"""
CONSTANT = f"""
    SELECT * REPLACE (7.0 AS x, 'same' AS c, 0.5 AS score, 1 AS pred, 1 AS outcome) FROM ({PLAIN})
"""
ONE_CLASS = f"SELECT * REPLACE (0 AS pred, 0 AS outcome) FROM ({PLAIN})"
INFINITE = f"""
    SELECT * REPLACE (
        CASE i % 5 WHEN 0 THEN CAST('NaN' AS DOUBLE) WHEN 1 THEN CAST('inf' AS DOUBLE)
            WHEN 2 THEN CAST('-inf' AS DOUBLE) WHEN 3 THEN 1e300 ELSE x END AS x,
        CASE i % 4 WHEN 0 THEN CAST('NaN' AS DOUBLE) WHEN 1 THEN CAST('inf' AS DOUBLE)
            WHEN 2 THEN 1e-200 ELSE score END AS score,
        CASE WHEN i % 2 = 0 THEN '' ELSE c END AS c)
    FROM (SELECT *, id AS i FROM ({PLAIN}))
"""
INFINITE = f"SELECT * EXCLUDE (i) FROM ({INFINITE})"
ALL_NEW = f"SELECT * REPLACE (x + 1e6 AS x, 'new' || id AS c, score + 2 AS score) FROM ({PLAIN})"
TINY = f"SELECT * REPLACE (x * 1e-200 AS x, score * 1e-200 AS score) FROM ({PLAIN})"

EDGES = {
    "plain": (PLAIN, PLAIN),
    "no rows": (NO_ROWS, PLAIN),
    "no reference rows": (PLAIN, NO_ROWS),
    "neither": (NO_ROWS, NO_ROWS),
    "one row": (ONE_ROW, ONE_ROW),
    "all missing": (NULLS, PLAIN),
    "reference all missing": (PLAIN, NULLS),
    "constant": (CONSTANT, CONSTANT),
    "constant reference": (PLAIN, CONSTANT),
    "one class": (ONE_CLASS, PLAIN),
    "not finite": (INFINITE, INFINITE),
    "all new": (ALL_NEW, PLAIN),
    "tiny": (TINY, TINY),
}


def declared(task: str) -> dict[str, Any]:
    """Declare the small log for one task."""
    return {
        "title": "Edges",
        "task": task,
        "positive": 1,
        "outcome_delay": "2 days",
        "roles": {
            "time": "ts",
            "request_id": "id",
            "entity_id": "entity",
            "prediction": "pred",
            "score": "score",
            "scores": {"1": "score", "0": "score"},
            "outcome": "outcome",
            "outcome_time": "came",
            "dimensions": ["side"],
            "features": ["x", "c"],
        },
    }


MEASURES = {
    "binary": (everything.inputs, everything.binary, everything.scored),
    "multiclass": (everything.multiclass,),
    "regression": (everything.regression,),
}


@pytest.fixture
def engines(
    tmp_path: Path, open_all: Callable[[dict[str, Any]], Logs], postgres_url: str
) -> Callable[[str, str], Logs]:
    """Open the same rows for each task, as files in DuckDB and as tables in PostgreSQL."""

    def open_(production: str, reference: str) -> Logs:
        for name, query in (("production", production), ("reference", reference)):
            write_parquet(query, tmp_path / f"{name}.parquet")
            load_table(postgres_url, f"edges_{name}", query)
        files = {
            "files": str(tmp_path / "production.parquet"),
            "reference": {"files": str(tmp_path / "reference.parquet")},
        }
        tables = {
            "url": postgres_url,
            "table": "edges_production",
            "reference": {"url": postgres_url, "table": "edges_reference"},
        }
        return open_all(
            {
                f"{task}_{engine}": declared(task) | place
                for task in MEASURES
                for engine, place in (("files", files), ("tables", tables))
            }
        )

    return open_


@pytest.mark.parametrize("case", EDGES)
def test_edges(case: str, engines: Callable[[str, str], Logs]) -> None:
    """However bad the rows, no measure crashes and both engines say the same."""
    logs = engines(*EDGES[case])
    for task, measures in MEASURES.items():
        for measure in measures:
            for by in ((), ("side",)):
                duck, postgres = (
                    measure(log, {name: log.column(name) for name in by})
                    for log in (logs.of(f"{task}_files"), logs.of(f"{task}_tables"))
                )
                everything.assert_same(duck, postgres, f"{case} {task}")


def test_car_loans(
    published_data: Callable[[str], Path], open_log: Opener, postgres_url: str
) -> None:
    """Every number about the published car loans is the same to 1e-9 on both engines."""
    folder = published_data("nannyml_car_loan")
    names = {"analysis": "cars", "analysis_targets": "cars_targets", "reference": "cars_reference"}
    for file, table in names.items():
        load_table(postgres_url, table, f"SELECT * FROM '{folder / file}.parquet'")
    in_files = car_loan(folder)
    in_tables = {key: value for key, value in in_files.items() if key != "files"} | {
        "url": postgres_url,
        "table": "cars",
        "outcomes": {
            "url": postgres_url,
            "table": "cars_targets",
            "request_id": "id",
            "outcome": "repaid",
        },
        "reference": {"url": postgres_url, "table": "cars_reference", "outcome": "repaid"},
    }
    logs = open_log(in_files), open_log(in_tables)
    for measure in (everything.inputs, everything.binary, everything.scored):
        duck, postgres = (measure(log, {"chunk": log.column("chunk")}) for log in logs)
        everything.assert_same(duck, postgres)
