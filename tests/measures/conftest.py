"""What tests of measures share: opening declared logs, reading published tables, PostgreSQL."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from queries.core.log import Log
from queries.core.logs import Logs
from queries.sources.declaration.declare import declare
from queries.sources.opening import EngineSettings, OpenLogs, open_logs
from tests.conftest_postgres import postgres_url
from tests.duck import session

__all__ = ["postgres_url"]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def write_parquet(query: str, path: Path) -> None:
    """Write the rows of a DuckDB query to a file."""
    with session() as duck:
        duck.sql(query).write_parquet(str(path))


@pytest.fixture
def open_all(tmp_path: Path) -> Iterator[Callable[[dict[str, Any]], Logs]]:
    """Open sources as declared, by name; everything is closed at the end."""
    opened: list[OpenLogs] = []

    def open_(sources: dict[str, Any]) -> Logs:
        opened.append(open_logs(declare(sources, tmp_path), EngineSettings(), lambda: NOW))
        return opened[-1].logs()

    yield open_
    for logs in opened:
        logs.close()


@pytest.fixture
def open_log(open_all: Callable[[dict[str, Any]], Logs]) -> Callable[[dict[str, Any]], Log]:
    """Open one source as declared and give its log."""
    return lambda declared: open_all({"log": declared}).of("log")


@pytest.fixture(scope="session")
def published() -> Callable[..., list[dict[str, str]]]:
    """Read a published table's rows, of one period where it has both."""

    def read(path: Path, period: str | None = None) -> list[dict[str, str]]:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        return [row for row in rows if period is None or row["chunk.period"] == period]

    return read
