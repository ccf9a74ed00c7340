"""Writes small logs in every format, from the same SQL."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from tests.duck import session

_OPTIONS = {
    "parquet": "FORMAT parquet",
    "csv": "FORMAT csv, HEADER true",
    "jsonl": "FORMAT json",
}

REQUESTS = """
    SELECT
        TIMESTAMP '2026-11-20 00:00:00' + i * INTERVAL '90 seconds' AS ts,
        'r' || i AS request_id,
        ['emea', 'amer', 'apac'][1 + i % 3] AS region,
        CASE WHEN i % 50 = 0 THEN 'timeout' END AS error,
        CASE WHEN i % 20 = 0 THEN 500 ELSE 200 END AS status,
        20 + (i * 7919 % 1000) / 8.0 AS latency_ms,
        (i * 104729 % 997) / 997.0::DOUBLE AS score,
        i % 2 AS prediction,
        CASE WHEN i % 11 <> 0 THEN 1000 + i * 37 % 5000 END AS income,
        i % 4 = 0 AS returning_customer
    FROM range({rows}) AS numbers(i)
"""
"""Requests of one every 90 seconds; 4 days of them are 3,840 rows."""

ROLES = {
    "time": "ts",
    "request_id": "request_id",
    "error": "error",
    "status": "status",
    "latency_ms": "latency_ms",
    "score": "score",
    "prediction": "prediction",
    "dimensions": ["region"],
    "features": ["income", "returning_customer"],
}

WITHOUT_IDS = {role: column for role, column in ROLES.items() if role != "request_id"}
"""For tests in which the same rows stand in several files, and each of them is to be counted."""


def write(path: Path, query: str) -> Path:
    """Write a query's rows to a file; its suffixes say how, ``.gz`` included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    with session() as duck:
        duck.execute("SET TimeZone = 'UTC'")
        duck.execute(f"COPY ({query}) TO '{plain}' ({_OPTIONS[plain.suffix.lstrip('.')]})")
    if plain != path:
        with plain.open("rb") as source, gzip.open(path, "wb") as target:
            shutil.copyfileobj(source, target)
        plain.unlink()
    return path
