"""The same log gives the same numbers whatever it is kept in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queries.core.doors.constructs import Bin, BinEdges, Quantile, Rate
from queries.core.log import Log
from queries.core.times.spans import Span
from tests.conftest_postgres import load_table
from tests.sources.written import REQUESTS, ROLES, write

DAY = Span(datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))
FORMATS = ("parquet", "csv", "csv.gz", "jsonl", "jsonl.gz")


def numbers(log: Log) -> list[dict[str, Any]]:
    """Ask a log for one of everything."""
    c = log.column
    income = c("income")
    return log.aggregate(
        {
            "n": sa.func.count(),
            "failed": Rate(c("failed")),
            "median": Quantile(c("latency_ms"), 0.5),
            "slow": Quantile(c("latency_ms"), 0.95),
            "mean": sa.func.avg(income),
            "spread": sa.func.var_samp(income),
            "squares": sa.func.sum(income * income),
            "share": sa.func.sum(c("prediction")) / sa.func.count(),
            "missing": Rate(log.missing("income")),
            "last": sa.func.max(c("time")),
        },
        by={
            "hour": log.bucket(DAY.start, 6 * 3600),
            "region": c("region"),
            "bin": Bin(income, 1000.0, 1250.0, 4),
            "edge": BinEdges(c("score"), [0.25, 0.5]),
            "back": c("returning_customer"),
        },
        spans=[DAY],
    )


@pytest.fixture
def expected(tmp_path: Path, opened: Callable[..., Log]) -> list[dict[str, Any]]:
    """Give the numbers of the log kept as Parquet."""
    write(tmp_path / "expected" / "a.parquet", REQUESTS.format(rows=3840))
    return numbers(opened(files="expected/*.parquet", roles=ROLES))


def assert_same(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    """Compare two results cell by cell, numbers to 1e-9."""
    assert len(found) == len(expected) > 100
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.keys() == theirs.keys()
        for name, value in theirs.items():
            close = pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
            assert mine[name] == close, name


@pytest.mark.parametrize("suffix", FORMATS[1:])
def test_formats_agree(
    suffix: str, tmp_path: Path, opened: Callable[..., Log], expected: list[dict[str, Any]]
) -> None:
    """CSV and JSON lines, gzipped or not, give what Parquet gives."""
    write(tmp_path / "log" / f"a.{suffix}", REQUESTS.format(rows=3840))
    log = opened(files="log", format=suffix.split(".", maxsplit=1)[0], roles=ROLES)
    assert_same(numbers(log), expected)
    assert log.left_out == []


def test_postgresql_agrees(
    postgres_url: str, opened: Callable[..., Log], expected: list[dict[str, Any]]
) -> None:
    """A table in PostgreSQL gives what the files give."""
    load_table(postgres_url, "formats", REQUESTS.format(rows=3840))
    log = opened(url=postgres_url, table="public.formats", roles=ROLES)
    assert_same(numbers(log), expected)


def test_types_come_out_alike(
    postgres_url: str, tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A listed row has the same values and Python types from every format and from PostgreSQL."""
    columns = ["time", "request_id", "error", "status", "latency_ms", "income", "failed"]
    found = []
    for suffix in FORMATS:
        write(tmp_path / suffix / f"a.{suffix}", REQUESTS.format(rows=100))
        found.append(opened(files=f"{suffix}/*", format=suffix.split(".")[0], roles=ROLES))
    load_table(postgres_url, "listed", REQUESTS.format(rows=100))
    found.append(opened(url=postgres_url, table="listed", roles=ROLES))
    rows = [log.records(columns, spans=None, order=[log.column("time")], limit=3) for log in found]
    assert all(each == rows[0] for each in rows)
    types = [type(value) for value in rows[0][0].values()]
    assert types == [datetime, str, str, int, float, type(None), bool]
    assert rows[0][0]["time"] == datetime(2026, 11, 20, tzinfo=UTC)
    assert [[type(v) for row in each for v in row.values()] for each in rows] == [
        [type(v) for row in rows[0] for v in row.values()]
    ] * len(rows)
