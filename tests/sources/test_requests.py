"""Requests that were logged more than once are counted once, by their last row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from queries.core.log import Log
from queries.core.times.spans import Span
from tests.sources.records import FORMATS, place

RETRIED = [
    {"t": f"2026-11-20 10:{i:02}:00", "id": f"r{i}", "status": 500 if i % 5 == 0 else 200}
    for i in range(50)
] + [{"t": f"2026-11-20 11:{i:02}:00", "id": f"r{i}", "status": 200} for i in range(0, 50, 10)]
ROLES = {"time": "t", "request_id": "id", "status": "status"}


def counts(log: Log, spans: list[Span] | None = None) -> dict[str, int]:
    """Count requests and those that failed."""
    failed = sa.func.count(sa.case((log.column("failed"), 1)))
    (row,) = log.aggregate({"n": sa.func.count(), "failed": failed}, spans=spans)
    return row


@pytest.mark.parametrize("kind", FORMATS)
def test_a_request_counts_once_as_it_ended(
    kind: str, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """A failure that was tried again with success is no failure, and it is said once."""
    log = opened(**place(kind, tmp_path, postgres_url, RETRIED), roles=ROLES)
    # Ten failed; of these five came again and went well.
    assert counts(log) == {"n": 50, "failed": 5}
    assert counts(log, [extent]) == {"n": 50, "failed": 5} if (extent := log.extent()) else False
    assert log.left_out == [
        "5 rows repeat a request that has another row; of each counts the last one, as that is how "
        "it ended."
    ]


@pytest.mark.parametrize("kind", FORMATS)
def test_how_many_rows_a_request_has_is_known(
    kind: str, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]
) -> None:
    """What looks for broken data still sees that rows repeat."""
    log = opened(**place(kind, tmp_path, postgres_url, RETRIED), roles=ROLES)
    assert log.aggregate({"rows": sa.func.sum(log.copies)}) == [{"rows": 55}]
    once = opened(**place(kind, tmp_path, postgres_url, RETRIED[:50]), roles=ROLES)
    assert once.aggregate({"rows": sa.func.sum(once.copies)}) == [{"rows": 50}]
    assert once.left_out == []


def test_rows_without_an_id_are_requests_of_their_own(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """Where an id is missing nothing says that two rows are one request."""
    (tmp_path / "a.csv").write_text(
        "t,id,status\n" + "2026-11-20 10:00:00,,200\n" * 3 + "2026-11-20 10:00:00,a,200\n" * 2
    )
    log = opened(files="a.csv", roles=ROLES)
    assert counts(log) == {"n": 4, "failed": 0}


def test_a_list_has_each_request_once(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Who lists requests sees as many as were counted, each as it ended."""
    (tmp_path / "a.csv").write_text(
        "t,id,status\n2026-11-20 10:00:00,a,500\n2026-11-20 10:00:05,a,200\n"
    )
    log = opened(files="a.csv", roles=ROLES)
    (row,) = log.records(["request_id", "status"], spans=None, limit=10)
    assert row == {"request_id": "a", "status": 200}


def test_an_id_that_tells_nothing_apart_is_none(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Where a column that is the same in all rows is declared, the rows are still requests."""
    (tmp_path / "a.csv").write_text("t,id,status\n" + "2026-11-20 10:00:00,model-1,200\n" * 30)
    log = opened(files="a.csv", roles=ROLES)
    assert counts(log) == {"n": 30, "failed": 0}
    assert log.left_out == [
        "“id” has 1 value in 30 rows: it doesn't tell requests apart, so that each row counts as "
        "one."
    ]
