"""Simulated histories: a full one to be looked at by SQL, a small one to be continued."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bot.samples.lending.history import write_lending
from bot.samples.lending.plan import Plan
from tests.once import written_once

AT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
PLAN = Plan(seed=8, at=AT, rows_per_day=900, days=12)


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Give the time that it was set to."""
        return self.now


def silent(_said: str, _share: float | None) -> None:
    """Show no progress."""


def one_row(engine: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    """Give the only row of a query's result."""
    (row,) = engine.sql(sql).fetchall()
    return tuple(row)


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder above a simulated history of 36 days."""

    plan = Plan(seed=11, at=AT, rows_per_day=25_000, days=36)
    return written_once(
        tmp_path_factory, "history", lambda folder: write_lending(folder / "lending", plan, silent)
    )


@pytest.fixture(scope="session")
def lending(history: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the history as views: log, outcomes, reference; and its times."""
    folder = history / "lending"
    with duckdb.connect() as engine:
        for name in ("log", "outcomes", "reference"):
            engine.read_parquet(str(folder / name / "*.parquet")).create_view(name)
        engine.execute("SET VARIABLE until = $1::TIMESTAMP", [AT.replace(tzinfo=None)])
        engine.execute("SET VARIABLE failure = getvariable('until') - INTERVAL 6 HOURS")
        yield engine


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a small history."""
    folder = tmp_path_factory.mktemp("written")
    write_lending(folder / "lending", PLAN, silent)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """Give a copy of the small history, to be continued."""
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    return tmp_path
