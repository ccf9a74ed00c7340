"""One question over the same requests, however they lie: what reading text, paths and JSON costs.

Each kind is asked twice by a process's first eyes: the first ask looks at the files, the second
finds known what they hold.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from queries.sources.declaration.declare import declare
from queries.sources.opening import EngineSettings, open_logs

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FLAT = "flat Parquet"
_ROWS = """
    SELECT TIMESTAMP '2026-11-20' + INTERVAL (i) MILLISECOND * 200 AS t,
           'request-' || i AS id,
           CASE WHEN hash(i) % 100 < 3 THEN 500 ELSE 200 END AS status,
           (hash(i, 1) % 100000) / 100.0 AS took,
           (hash(i, 2) % 80)::INTEGER AS age,
           ['emea', 'amer', 'apac'][1 + (hash(i, 3) % 3)::INTEGER] AS region
    FROM range({rows}) AS numbers(i)
"""
_TIMED = "strftime(t, '%Y-%m-%dT%H:%M:%S.%gZ') AS t"
_INNER = "{'age': age, 'region': region, 'took': took}"
KINDS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    FLAT: ("parquet", "t, id, status, took, age, region", {}),
    "CSV": ("csv", f"{_TIMED}, id, status, took, age, region", {}),
    "JSON lines": ("jsonl", f"{_TIMED}, id, status, took, age, region", {}),
    "Parquet, paths into an object": ("parquet", f"t, id, status, {_INNER} AS p", {"p": "p."}),
    "Parquet, paths into JSON in text": (
        "parquet",
        f"t, id, status, to_json({_INNER})::VARCHAR AS p",
        {"p": "p."},
    ),
    "JSON lines, paths into an object": (
        "jsonl",
        f"{_TIMED}, id, status, {_INNER} AS p",
        {"p": "p."},
    ),
    "CSV, times day first and a comma": (
        "csv",
        "strftime(t, '%d.%m.%Y %H:%M:%S,%g') AS t, id, status, took, age, region",
        {},
    ),
}
"""What each kind is written as, and what stands before the names of what lies within another."""


@dataclass(frozen=True)
class Read:
    """One kind: the bytes of its file, and the seconds of the first and of the second ask."""

    kind: str
    bytes: int
    first: float
    again: float


def measure(folder: Path, rows: int, runs: int) -> list[Read]:
    """Write the requests in every way, and ask each the same; the numbers must be the same."""
    folder.mkdir(parents=True, exist_ok=True)
    found, told = [], []
    for at, (kind, (suffix, select, within)) in enumerate(KINDS.items()):
        path = folder / f"{at}.{suffix}"
        form = "json" if suffix == "jsonl" else suffix
        with duckdb.connect() as duck:
            duck.execute(
                f"COPY (SELECT {select} FROM ({_ROWS.format(rows=rows)})) "
                f"TO '{path}' (FORMAT {form})"
            )
        asked = [_asked(path, within.get("p", "")) for _ in range(runs)]
        told.append(asked[0][0])
        first, again = min(each[1] for each in asked), min(each[2] for each in asked)
        found.append(Read(kind, path.stat().st_size, first, again))
        path.unlink()
    assert all(each == told[0] for each in told), told
    return found


def _asked(path: Path, before: str) -> tuple[Any, float, float]:
    roles = {
        "time": "t",
        "request_id": "id",
        "status": "status",
        "latency_ms": f"{before}took",
        "features": [f"{before}age"],
        "dimensions": [f"{before}region"],
    }
    source = {"log": {"files": path.name, "roles": roles}}
    opened = open_logs(declare(source, path.parent), EngineSettings(), lambda: NOW)
    try:
        taken, rows = [], []
        for _ in range(2):
            begun = time.perf_counter()
            log = opened.logs().of("log")
            extent = log.extent()
            assert extent is not None
            rows = log.aggregate(
                {
                    "n": sa.func.count(),
                    "failed": sa.func.count(sa.case((log.column("failed"), 1))),
                    "age": sa.func.sum(log.column("age")),
                    "slowest": sa.func.max(log.column("latency_ms")),
                },
                by={"region": log.column("region")},
                spans=[extent],
            )
            taken.append(time.perf_counter() - begun)
    finally:
        opened.close()
    return rows, taken[0], taken[1]
