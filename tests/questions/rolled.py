"""A log in which a version is rolled out region by region, with what is planted in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.asking import NOW, Asking, asking, rows
from tests.questions.planted import write

DAYS, EVERY = 20, 10
APAC = "region = 'apac' AND stamp >= TIMESTAMP '2026-11-13 12:00'"
EMEA = "region = 'emea' AND stamp >= TIMESTAMP '2026-11-23 05:50'"
"""Where and since when the new version serves: all of noon's ten days, and of this morning."""
BROKEN = "region = 'emea' AND stamp >= TIMESTAMP '2026-11-23 06:00'"
"""Where and since when three of ten requests fail, whichever version serves."""

PLANTED = {
    "apac": f"({APAC}) AND w < 0.7",
    "emea": f"({EMEA}) AND w < 0.3",
    "failed": f"u < CASE WHEN {BROKEN} THEN 0.3 WHEN region = 'apac' THEN 0.04 ELSE 0.01 END",
    "approved": "v < CASE WHEN newer AND sex = 'f' THEN 0.5 ELSE 0.6 END",
    "took": "100 + 100 * v",
    "sex": "['f', 'm'][1 + (i // 3) % 2]",
    "worth": "CASE WHEN region = 'apac' THEN 100 ELSE 200 END + 40 * x + newer::INTEGER * 20",
}
"""Version 2.3 is innocent of the failures, approves women less, and is worth more in each region,
but less in all: where it serves, answers are worth little."""

SILENT: dict[str, Any] = {"approved": "v < 0.6", "worth": "100 + 40 * x"}
"""The same without any difference between the versions."""

ROLES: dict[str, Any] = {
    "time": "ts",
    "version": "version",
    "request_id": "id",
    "entity_id": "customer",
    "status": "status",
    "latency_ms": "took",
    "decision": "decision",
    "value": "worth",
    "dimensions": ["region"],
    "protected": ["sex"],
}


def log(**changed: str) -> str:
    """Give the SQL of the log; ``changed`` are other expressions for what is planted."""
    sql = PLANTED | changed
    base = rows(
        DAYS * 86_400 // EVERY,
        {
            "i": "i",
            "stamp": "stamp",
            "u": "u",
            "v": "v",
            "w": "w",
            "x": "('0x' || substr(md5('x' || i), 1, 8))::BIGINT / 4294967296.0",
            "region": "['emea', 'amer', 'apac'][1 + i % 3]",
            "sex": sql["sex"],
        },
        every=EVERY,
    )
    served = f"SELECT *, ({sql['apac']}) OR ({sql['emea']}) AS newer FROM ({base})"
    return f"""
        SELECT stamp AS ts, 'r' || i AS id, 'c' || i % 60000 AS customer, region, sex,
            CASE WHEN newer THEN '2.3' ELSE '2.2' END AS version,
            CASE WHEN {sql["failed"]} THEN 500 ELSE 200 END AS status,
            {sql["took"]} AS took, {sql["worth"]} AS worth,
            CASE WHEN {sql["approved"]} THEN 'approve' ELSE 'decline' END AS decision
        FROM ({served})
    """


@contextmanager
def rolled(
    folder: Path, *, now: datetime = NOW, declared: Any = None, **changed: str
) -> Iterator[Asking]:
    """Write the log and open it as the source “loans”."""
    path = folder / "log.parquet"
    # Opened again as of another moment, the log has to be the same.
    if not path.exists():
        write(path, log(**changed))
    source = {
        "files": "log.parquet",
        "favourable": "approve",
        "ok_status": [200],
        "matters": {"error_rate": 0.02, "decision_rate": 0.06},
        "roles": ROLES,
    }
    with asking({"loans": source | (declared or {})}, folder, now=now) as house:
        yield house
