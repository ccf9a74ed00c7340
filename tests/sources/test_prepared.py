"""What is found out about logs before anybody asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.known import Known
from queries.measures.outcomes.counts import binary_outcomes
from queries.sources.declaration.declare import declare
from queries.sources.opening import EngineSettings, open_logs
from tests.asking import NOW, rows
from tests.questions.planted import write

SOURCES = {
    "loans": {
        "files": "log.parquet",
        "task": "binary",
        "positive": 1,
        "roles": {"time": "at", "request_id": "id", "prediction": "said"},
        "outcomes": {"files": "outcomes.parquet", "request_id": "id", "outcome": "was"},
    }
}


@pytest.mark.parametrize(("prepared", "taken"), [(True, [1, 1]), (False, [3, 1])])
def test_the_first_who_asks_waits_no_longer(
    tmp_path: Path, prepared: bool, taken: list[int]
) -> None:
    """What comes twice is counted before anybody asks; else the first ask does it."""
    write(tmp_path / "log.parquet", rows(200, {"at": "stamp", "id": "i", "said": "i % 2"}))
    write(tmp_path / "outcomes.parquet", rows(200, {"id": "i // 2", "was": "i % 2"}))
    declared = declare(SOURCES, tmp_path)
    opened = open_logs(declared, EngineSettings(), lambda: NOW)
    try:
        known = Known(declared, opened.logs, lambda: NOW)
        if prepared:
            known.prepare()
        for expected in taken:
            log = opened.logs(now=NOW, zone=ZoneInfo("UTC")).of("loans")
            assert log.has("outcome")
            with _statements() as run:
                (found,) = binary_outcomes(log, NOW).values()
            assert found.confusion.n == 100
            assert len(run) == expected, run
    finally:
        opened.close()


@contextmanager
def _statements() -> Iterator[list[str]]:
    """List what is sent to any engine while the block lasts."""
    run: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        run.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
