"""How files and tables hold a column: its type part by part, what can't be read, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from queries.core.doors.rows import Dataset, Stored
from queries.core.errors import NotAnswerable
from queries.core.times.spans import Span
from tests.asking import NOW, asking

START = datetime(2026, 11, 1, tzinfo=UTC)


def stored(folder: Path, name: str = "x", **declared: Any) -> list[Stored]:
    """Tell how the parts of a declared log hold a column."""
    source = {"roles": {"time": "ts", "features": ["x"]}} | declared
    with asking({"log": source}, folder) as house:
        log = house.services.logs(now=NOW, zone=ZoneInfo("UTC")).of("log")
        return list(log.stored(name))


def day(folder: Path, number: int, x: str, count: int = 10, suffix: str = "parquet") -> None:
    """Write a file of one day, a row a minute."""
    folder.mkdir(exist_ok=True)
    stamp = f"TIMESTAMP '{START:%Y-%m-%d}' + INTERVAL ({number}) DAY + INTERVAL (i) MINUTE"
    listed = f", {x} AS x" if x else ""
    with duckdb.connect() as duck:
        # Files are named against the order of their times.
        path = folder / f"{9 - number}.{suffix}"
        duck.execute(f"COPY (SELECT {stamp} AS ts{listed} FROM range({count}) t(i)) TO '{path}'")


@pytest.mark.parametrize(("suffix", "empty"), [("parquet", "number"), ("csv", None)])
def test_each_file_in_the_order_of_time(tmp_path: Path, suffix: str, empty: str | None) -> None:
    """Numbers, then text, then nothing, then no such column: one part a file, oldest first.

    A text file's empty column is of no type; Parquet's has one all the same.
    """
    for number, x in enumerate(("i * 1.5", "'a' || i", "NULL::DOUBLE", "")):
        day(tmp_path / "log", number, x, 10 if number else 1000, suffix)
    found = stored(tmp_path, files=f"log/*.{suffix}")
    assert [each.kind for each in found] == ["number", "text", empty, None]
    assert [each.there for each in found] == [True, True, True, False]
    assert [each.rows for each in found] == [1000, 10, 10, 10]
    spans = [each.span for each in found]
    assert spans[1] == Span(
        START + timedelta(days=1), START + timedelta(days=1, minutes=9, microseconds=1)
    )


def test_naive_times_are_those_of_the_source(tmp_path: Path) -> None:
    """A part's span is told in the zone in which the log's own times are."""
    day(tmp_path / "log", 0, "i")
    (found,) = stored(tmp_path, files="log/*.parquet", zone="Europe/Berlin")
    assert found.span is not None
    assert found.span.start == START - timedelta(hours=1)


def test_a_reference_and_what_is_not_declared(tmp_path: Path) -> None:
    """The reference's parts are told apart; without one there are none; unknown names are named."""
    day(tmp_path / "log", 0, "i")
    day(tmp_path / "before", 0, "'a'", 20)
    source = {"files": "log/*.parquet", "roles": {"time": "ts", "features": ["x"]}}
    both = {"log": source, "whole": source | {"reference": {"files": "before/*.parquet"}}}
    with asking(both, tmp_path) as house:
        logs = house.services.logs(now=NOW, zone=ZoneInfo("UTC"))
        (reference,) = logs.of("whole").stored("x", Dataset.REFERENCE)
        assert (reference.kind, reference.rows) == ("text", 20)
        assert list(logs.of("log").stored("x", Dataset.REFERENCE)) == []
        with pytest.raises(NotAnswerable, match="no column “y”"):
            logs.of("log").stored("y")
