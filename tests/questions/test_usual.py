"""What is usual can't be taught by a fault: a holiday, a slow drift, a model that has stopped."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from queries.core.answer import Answer, Severity
from tests.asking import NOW, asking, rows
from tests.sources.written import write

WEEK = 7 * 144
COLUMNS = {"ts": "stamp", "id": "'r' || i", "status": "CASE WHEN u < 0.01 THEN 500 ELSE 200 END"}
DECLARED = {
    "files": "log.parquet",
    "roles": {"time": "ts", "request_id": "id", "status": "status"},
}


def said(folder: Path, text: str, query: str) -> Answer:
    """Ask of a log that a query makes."""
    write(folder / "log.parquet", query)
    with asking({"m": DECLARED}, folder) as house:
        return house.answer(text)


def at(days: int) -> str:
    """Give SQL for “on the day so many days ago”."""
    day = NOW - timedelta(days=days)
    return f"stamp::DATE = DATE '{day:%Y-%m-%d}'"


def test_a_holiday_a_week_ago_does_not_hide_a_missing_day(tmp_path: Path) -> None:
    """With one odd week among four, 70 % missing traffic is an alarm, and the week is named."""
    few = f"CASE WHEN {at(7)} THEN i % 10 < 4 WHEN {at(0)} THEN i % 10 < 3 ELSE TRUE END"
    every = rows(6 * 7 * 1440, COLUMNS | {"kept": few}, every=60)
    answer = said(tmp_path, "traffic m today", f"SELECT ts, id, status FROM ({every}) WHERE kept")
    assert answer.severity is Severity.ALARM
    assert "only 3" in answer.headline
    assert any("16 Nov on was unlike all the others" in each for each in answer.caveats)


def test_failures_that_grow_each_week_are_no_usual_ones(tmp_path: Path) -> None:
    """From 1 to 4 % in five weeks is said, though each week is within the spread of the others."""
    week = f"i // {10 * WEEK}"
    status = f"CASE WHEN u < 0.01 + 0.0075 * ({week}) THEN 500 ELSE 200 END"
    query = rows(5 * 10 * WEEK, COLUMNS | {"status": status}, every=60)
    answer = said(tmp_path, "errors m last 7 days", query)
    assert answer.severity is Severity.WARNING
    assert "failures have grown from each week to the next since" in answer.headline
    assert "from 1." in answer.headline


def test_failures_that_vary_have_not_grown(tmp_path: Path) -> None:
    """Five weeks of the same rate are as usual."""
    answer = said(tmp_path, "errors m last 7 days", rows(5 * 10 * WEEK, COLUMNS, every=60))
    assert answer.severity is Severity.GOOD


def test_a_model_that_stopped_a_week_ago_needs_a_look(tmp_path: Path) -> None:
    """Silence of eight days after five weeks is an alarm, though no two weeks lie before it."""
    until = NOW - timedelta(days=8)
    query = rows(5 * WEEK, COLUMNS, every=600, until=until)
    answer = said(tmp_path, "health", query)
    assert answer.severity is Severity.ALARM
    assert "m needs a look: it has no data since" in answer.headline


def test_what_runs_once_a_month_has_not_stopped(tmp_path: Path) -> None:
    """Eight days without a request are no silence where thousands come on one day a month."""
    until = NOW - timedelta(days=8)
    days = rows(150 * 144, COLUMNS, every=600, until=until)
    query = f"SELECT * FROM ({days}) WHERE date_part('day', ts) = {until.day}"
    answer = said(tmp_path, "health", query)
    assert answer.severity is Severity.UNKNOWN
