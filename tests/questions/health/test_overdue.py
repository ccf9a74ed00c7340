"""Outcomes that stop coming: the overview says so, and waits for those that take time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Severity
from tests.asking import NOW, asking, rows
from tests.sources.written import write

ROLES = {"time": "ts", "request_id": "id", "prediction": "said", "outcome": "happened"}


def health(folder: Path, days: int, task: str = "binary", delay: str = "0 days") -> Answer:
    """Ask of five weeks of requests whose outcomes stand there but of the last so many days."""
    since = f"TIMESTAMP '{NOW - timedelta(days=days):%Y-%m-%d %H:%M}'"
    columns = {
        "ts": "stamp",
        "id": "'r' || i",
        "said": "CASE WHEN u < 0.4 THEN 1 ELSE 0 END",
        "happened": f"CASE WHEN stamp < {since} THEN CASE WHEN v < 0.4 THEN 1 ELSE 0 END END",
    }
    write(folder / "log.parquet", rows(5 * 7 * 144, columns, every=600))
    declared: dict[str, Any] = {
        "files": "log.parquet",
        "task": task,
        "roles": ROLES,
        "outcome_delay": delay,
    }
    declared |= {"classes": [0, 1]} if task == "multiclass" else {}
    with asking({"m": declared}, folder) as house:
        return house.answer("health")


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_outcomes_that_stopped_are_no_health(tmp_path: Path, task: str) -> None:
    """Where no outcome has come for a week, the model needs a look, and since when is said."""
    answer = health(tmp_path, 7, task)
    assert answer.severity is Severity.WARNING
    assert answer.headline.startswith("m needs a look: it lacks outcomes since 16 Nov: ")
    assert [each.kind for each in answer.findings] == ["outcomes"]
    assert answer.follow_ups[0].text.startswith("performance m 2026-10-24")


def test_outcomes_that_take_so_long_are_not_missed(tmp_path: Path) -> None:
    """Where outcomes take a week as declared, those of the last week are still to come."""
    assert health(tmp_path, 7, delay="7 days").severity is Severity.GOOD


def test_outcomes_that_come_are_not_missed(tmp_path: Path) -> None:
    """Where outcomes stand beside their requests, all is as usual."""
    assert health(tmp_path, 0).severity is Severity.GOOD


def test_outcomes_that_never_came_are_not_called_missing(tmp_path: Path) -> None:
    """Of a log without a single outcome nobody knows when they come: that isn't told as a stop."""
    assert not health(tmp_path, 100).findings
