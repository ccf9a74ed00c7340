"""Columns that are listed by a pattern: those that the log has, as they come and go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queries.core.log import Log
from queries.core.source import Source
from queries.sources.declaration.declare import BadDeclaration, declare
from queries.sources.opening import OpenLogs
from queries.sources.patterns import fits, is_pattern
from tests.sources.records import FORMATS, place
from tests.sources.written import write

RECORDS = [
    {
        "f_b": i,
        "at": f"2026-11-20 10:{i:02}:00",
        "f_a": i / 2,
        "shap_a": 1.5,
        "dim_plan": "plus",
        "f_at": f"2026-11-20 10:{i:02}:30",
        "f_object": {"inside": i},
        "ms_queue": i,
        "f_sex": "f",
        "f_name": "Ana",
        "other": 1,
    }
    for i in range(30)
]
ROLES = {
    "time": "at",
    "exposed_at": "f_at",
    "features": ["f_*", "other"],
    "dimensions": "dim_*",
    "attributions": ["shap_*"],
    "metrics": "*queue*",
    "protected": ["f_sex"],
}


@pytest.fixture
def read(tmp_path: Path, postgres_url: str, opened: Callable[..., Log]) -> Callable[..., Log]:
    """Open the records in a format."""

    def log(kind: str, roles: dict[str, Any], **declared: Any) -> Log:
        where = place(kind, tmp_path, postgres_url, RECORDS)
        return opened(**where, **declared, roles=roles)

    return log


def lists(source: Source) -> list[tuple[str, ...]]:
    """Give what patterns were put in."""
    return [source.features, source.dimensions, source.attributions, source.metrics]


@pytest.mark.parametrize("kind", FORMATS)
def test_patterns_are_the_columns_that_there_are(kind: str, read: Callable[..., Log]) -> None:
    """In the log's order, without those that play a role, are hidden, or hold objects."""
    log = read(kind, ROLES, visibility={"f_name": "hidden"})
    # To CSV an object is text, as any other is.
    objects = ["f_object"] if kind == "csv" else []
    features = ("f_b", "f_a", *objects, "other")
    assert lists(log.source) == [features, ("dim_plan",), ("shap_a",), ("ms_queue",)]
    measures = {name: sa.func.sum(log.column(name)) for name in ("f_b", "f_a", "ms_queue")}
    by = {"plan": log.column("dim_plan")}
    (row,) = log.aggregate(measures, by=by)
    assert row == {"plan": "plus", "f_b": 435.0, "f_a": 217.5, "ms_queue": 435.0}
    assert log.left_out == []


@pytest.mark.parametrize("kind", FORMATS)
def test_a_pattern_that_nothing_fits_is_told(kind: str, read: Callable[..., Log]) -> None:
    """It is a column that is not there, with the nearest that is; everything else is read."""
    log = read(kind, {"time": "at", "features": ["g_*", "f_a"]})
    assert log.source.features == ("g_*", "f_a")
    (lacking,) = log.lacking()
    assert lacking.sentence.startswith("There is no column “g_*” in the log")
    assert log.has("f_a")


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_columns_that_come_later_are_taken(
    suffix: str, tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """A new file with a further column adds it, to asks that begin from then on."""
    made = "SELECT TIMESTAMP '2026-11-20' + i * INTERVAL '1 hour' AS at, i AS {} FROM range(9) n(i)"
    write(tmp_path / f"a.{suffix}", made.format("f_b"))
    declared = {"files": f"*.{suffix}", "roles": {"time": "at", "features": "f_*"}}
    logs = opening(log=declared)
    before = logs.logs().of("log")
    assert before.source.features == ("f_b",)
    write(tmp_path / f"b.{suffix}", made.format("f_a"))
    after = logs.logs().of("log")
    assert after.source.features == ("f_b", "f_a")
    counts = {name: sa.func.count(after.column(name)) for name in after.source.features}
    assert after.aggregate(counts) == [{"f_b": 9, "f_a": 9}]
    assert before.aggregate({"n": sa.func.count(before.column("f_b"))})[0]["n"] == 9


def test_rows_that_a_select_makes_have_patterns_too(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """The columns are those of the SELECT."""
    write(tmp_path / "a.parquet", "SELECT TIMESTAMP '2026-11-20' AS at, 1 AS x, 2 AS y")
    rows = 'SELECT "at", x AS f_x, y AS f_y FROM {files}'
    log = opened(files="a.parquet", rows=rows, roles={"time": "at", "features": "f_*"})
    assert log.source.features == ("f_x", "f_y")


def test_a_log_that_can_not_be_read_says_so_itself(
    tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """Nothing is asked of the files before they are there, and then they are read."""
    declared = {"files": "log/*.csv", "roles": {"time": "at", "features": "f_*"}}
    logs = opening(log=declared)
    assert logs.logs().of("log").source.features == ("f_*",)
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "a.csv").write_text("at,f_a\n2026-11-20 10:00:00,1\n")
    assert logs.logs().of("log").source.features == ("f_a",)


def test_what_a_pattern_may_name_may_be_declared(tmp_path: Path) -> None:
    """Visibility and transformations may speak of columns that only a pattern names."""
    source: dict[str, Any] = {
        "files": "a.csv",
        "roles": {"time": "at", "features": "f_*", "transformed": {"l": "ln(f_a)"}},
        "visibility": {"f_b": "grouped"},
    }
    declare({"log": source}, tmp_path)
    roles = source["roles"] | {"transformed": {"l": "ln(g_a)"}}
    with pytest.raises(BadDeclaration, match="names 'g_a', which is no declared"):
        declare({"log": source | {"roles": roles}}, tmp_path)


@pytest.mark.parametrize(
    ("pattern", "fit", "unfit"),
    [("f_*", "f_", "xf_a"), ("*_ms", "a_ms", "a_msx"), ("a*b*c", "a1b2c", "acb"), ("*", "x", "")],
)
def test_a_star_stands_for_any_part(pattern: str, fit: str, unfit: str) -> None:
    """What stands beside the stars must be there, and nothing else may be before or after it."""
    assert is_pattern(pattern)
    assert fits(pattern, fit)
    assert not unfit or not fits(pattern, unfit)


@pytest.mark.parametrize("text", ["a * b", "a", "x ** 2", "x**2", '"a*b"'])
def test_what_multiplies_is_no_pattern(text: str) -> None:
    """An expression stays one."""
    assert not is_pattern(text)
