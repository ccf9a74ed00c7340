"""What the tests of sources share: a way to write logs, to open them, and a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from queries.core.log import Log
from queries.sources.declaration.declare import declare
from queries.sources.opening import EngineSettings, OpenLogs, open_logs
from tests.conftest_postgres import postgres_url

__all__ = ["postgres_url"]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Callable[..., OpenLogs]]:
    """Open declared sources below the test's folder; everything is closed at the end."""
    opened: list[OpenLogs] = []

    def open_(settings: EngineSettings | None = None, /, **sources: dict[str, Any]) -> OpenLogs:
        logs = open_logs(declare(sources, tmp_path), settings or EngineSettings(), lambda: NOW)
        opened.append(logs)
        return logs

    yield open_
    for logs in opened:
        logs.close()


@pytest.fixture
def opened(opening: Callable[..., OpenLogs]) -> Callable[..., Log]:
    """Open one source named ``log``, declared by the keywords, and give its log."""

    def open_(settings: EngineSettings | None = None, /, **declared: Any) -> Log:
        return opening(settings, log=declared).logs().of("log")

    return open_
