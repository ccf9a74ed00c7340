"""Numbers as people write them: read where one way fits all of a column, and counted otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from queries.core.filters import Filter
from queries.core.log import Log

ROLES = {
    "time": "t",
    "request_id": "id",
    "latency_ms": "ms",
    "score": "score",
    "dimensions": ["region"],
    "features": ["income"],
}


@pytest.fixture
def reading(tmp_path: Path, opened: Callable[..., Log]) -> Callable[..., Log]:
    """Write a column of a log with semicolons, and open it."""

    def log(column: str, *files: Sequence[str]) -> Log:
        (tmp_path / "log").mkdir()
        for at, values in enumerate(files):
            lines = [
                f"id;t;{column};region",
                *(f"r{at}-{i};2026-11-20;{v};1,5" for i, v in enumerate(values)),
            ]
            (tmp_path / "log" / f"a{at}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return opened(files="log", format="csv", roles=ROLES)

    return log


@pytest.mark.parametrize(
    ("values", "total"),
    [
        (["0,93", "0,134", "1"], 2.064),
        (["1.234,5", "0,5", "1.000"], 2235.0),
        (["1,234.5", "0.5", "1,000"], 2235.0),
        (["1 234", "1 234 567", "5"], 1_235_806.0),
        (["1'234", "12'345.5", "5"], 13_584.5),
        (["1\u202f234,5", "-1\u00a0000,5"], 234.0),
        (["-0,5", "+2,5", "1,5e1"], 17.0),
        (["0,5", "", "n/a", "1,5"], 2.0),
    ],
)
def test_one_way_of_writing_is_read(
    values: Sequence[str], total: float, reading: Callable[..., Log]
) -> None:
    """A decimal comma and signs between thousands are read where they fit all values."""
    log = reading("income", values)
    assert log.kind("income") == "number"
    assert log.aggregate({"sum": sa.func.sum(log.column("income"))})[0]["sum"] == pytest.approx(
        total
    )
    assert log.left_out == []


@pytest.mark.parametrize(
    "values",
    [["1,234", "5,678"], ["0,5", "0.5"], ["1,5", "2.500,0", "3,000.0"]],
)
def test_where_the_way_is_open_nothing_is_guessed(
    values: Sequence[str], reading: Callable[..., Log]
) -> None:
    """Numbers that may be a thousand times as much are missing, and counted with an example."""
    log = reading("ms", values)
    found = log.aggregate({"sum": sa.func.sum(log.column("latency_ms"))})[0]["sum"]
    assert found is None or found == 0.5
    assert len(log.left_out) == 1
    assert (
        "of “ms” are no number, such as “" in log.left_out[0] or "is no number" in log.left_out[0]
    )


def test_a_few_others_are_missing_and_counted(reading: Callable[..., Log]) -> None:
    """Among numbers with a comma, what is written otherwise is not read as ten times as much."""
    log = reading("ms", [*["0,5"] * 28, "1.5", "fast"])
    (row,) = log.aggregate({"n": sa.func.count(), "sum": sa.func.sum(log.column("latency_ms"))})
    assert row == {"n": 30, "sum": 14.0}
    assert log.left_out == [
        "log/a0.csv: 2 of 30 values of “ms” are no number, such as “1.5”; they count as missing."
    ]


def test_each_file_is_written_in_its_own_way(reading: Callable[..., Log]) -> None:
    """A file with commas beside one with points gives one column of numbers."""
    log = reading("score", ["0,25", "0,5"], ["0.25", "0.5"])
    assert log.aggregate({"sum": sa.func.sum(log.column("score"))}) == [{"sum": 1.5}]
    where = log.matches([Filter("score", "<", ("0.3",))])
    assert log.aggregate({"n": sa.func.count()}, where=where) == [{"n": 2}]
    assert log.left_out == []


def test_what_is_not_measured_stays_as_written(reading: Callable[..., Log]) -> None:
    """A dimension that looks like a number with a comma is the text that stands there."""
    log = reading("ms", ["0,5", "1,5"])
    found = log.aggregate({"n": sa.func.count()}, by={"region": log.column("region")})
    assert found == [{"region": "1,5", "n": 2}]
