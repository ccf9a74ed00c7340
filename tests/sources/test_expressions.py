"""Roles that are computed, labels, words for missing values, and rows that are chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queries.core.errors import LogUnreadable
from queries.core.log import Log
from queries.core.source import Visibility
from queries.sources.cells.expressions import formula_of
from queries.sources.declaration.declare import BadDeclaration, declare
from tests.sources.records import FORMATS, place

RECORDS = [
    {
        "start": f"2026-11-20 10:{i:02}:00.000",
        "end": f"2026-11-20 10:{i:02}:00.{i:03}",
        "took s": i / 1000,
        "env": "prod" if i < 40 else "dev",
        "usage": {"in": i, "out": 2 * i},
        "out": i % 2,
        "truth": i % 2,
        "region": ("emea", "None", "?", "apac")[i % 4],
    }
    for i in range(50)
]
ROLES: Mapping[str, Any] = {"time": "start"}


@pytest.fixture
def read(tmp_path: Path, postgres_url: str, opened: Callable[..., Log]) -> Callable[..., Log]:
    """Open the records in a format with some roles."""

    def log(kind: str, declared: Mapping[str, Any], **roles: Any) -> Log:
        where = place(kind, tmp_path, postgres_url, RECORDS)
        return opened(**where, **declared, roles={**ROLES, **roles})

    return log


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    "latency",
    [
        "end - start",
        '"took s" * 1000',
        {"column": "took s", "unit": "s"},
        {"column": '"took s" * 1000000', "unit": "us"},
        "usage.in",
        "(usage.in + usage.out) / 3",
    ],
)
def test_a_duration_may_be_computed(kind: str, latency: Any, read: Callable[..., Log]) -> None:
    """A difference of times, a unit and arithmetic over parts of columns give milliseconds."""
    log = read(kind, {}, latency_ms=latency)
    (row,) = log.aggregate(
        {"n": sa.func.count(), "sum": sa.func.sum(log.column("latency_ms"))},
    )
    assert row["n"] == 50
    assert row["sum"] == pytest.approx(sum(range(50)))


@pytest.mark.parametrize("kind", FORMATS)
def test_labels_are_told_for_what_is_logged(kind: str, read: Callable[..., Log]) -> None:
    """0 and 1 are told as they are called, of what was predicted and of what happened."""
    labels = {"0": "declined", "1": "approved"}
    log = read(
        kind,
        {"task": "binary", "positive": 1},
        prediction={"column": "out", "labels": labels},
        outcome="truth",
    )
    assert log.source.positive == "approved"
    by = {"said": log.column("prediction"), "was": log.column("outcome")}
    rows = log.aggregate({"n": sa.func.count()}, by=by)
    assert rows == [
        {"said": "approved", "was": "approved", "n": 25},
        {"said": "declined", "was": "declined", "n": 25},
    ]


@pytest.mark.parametrize("kind", FORMATS)
def test_only_some_rows_may_be_meant(kind: str, read: Callable[..., Log]) -> None:
    """Of a log that several models share, where takes one's; its last row is the log's last."""
    log = read(kind, {"where": "env = 'prod' and usage.in >= 10"})
    assert log.aggregate({"n": sa.func.count()}) == [{"n": 30}]
    extent = log.extent()
    assert extent is not None
    assert (extent.start.minute, extent.end.minute) == (10, 39)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("envv = 'prod'", "There is no column “envv” in the log; the nearest is “env”."),
        ("out = 1 and usage.inn > 2", "There is no column “usage.inn” in the log"),
    ],
)
def test_rows_are_chosen_by_what_is_there(
    kind: str, where: str, said: str, read: Callable[..., Log]
) -> None:
    """A mistyped column in where is named, with the nearest, and nothing else is told."""
    log = read(kind, {"where": where}, dimensions=["region"])
    for ask in (log.extent, lambda: log.aggregate({"n": sa.func.count()})):
        with pytest.raises(LogUnreadable, match=re.escape(said)) as caught:
            ask()
        assert "Correct `where` under [sources.log] in plainlogs.toml." in str(caught.value)


@pytest.mark.parametrize("kind", FORMATS)
def test_words_for_nothing_are_missing(kind: str, read: Callable[..., Log]) -> None:
    """None is no region, nor is what a source says that it writes for one that it lacks."""
    log = read(kind, {"missing": ["?"]}, dimensions=["region"])
    rows = log.aggregate({"n": sa.func.count()}, by={"region": log.column("region")})
    assert [row["region"] for row in rows] == ["apac", "emea", None]
    assert log.left_out == []


@pytest.mark.parametrize("kind", FORMATS)
def test_a_path_is_asked_for_by_its_last_key_or_by_a_name(
    kind: str, read: Callable[..., Log]
) -> None:
    """Listed columns are called as people would, and may be called otherwise."""
    log = read(kind, {}, features={"tokens": "usage.in + usage.out"}, metrics=["usage.out"])
    (row,) = log.aggregate(
        {"tokens": sa.func.max(log.column("tokens")), "out": sa.func.max(log.column("out"))}
    )
    assert row == {"tokens": 147.0, "out": 98.0}


def test_a_column_called_like_an_expression_is_itself(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """“income-band” is a column and no difference where there is such a column."""
    (tmp_path / "a.csv").write_text("t,income-band\n2026-11-20T10:00:00Z,low\n")
    log = opened(files="a.csv", roles={"time": "t", "dimensions": ["income-band"]})
    by = {"band": log.column("income-band")}
    assert log.aggregate({"n": sa.func.count()}, by=by) == [{"band": "low", "n": 1}]


@pytest.mark.parametrize("text", ["latency", "a.b", "age group", '"x"', "12", "a +", "f(x)"])
def test_what_computes_nothing_names_a_column(text: str) -> None:
    """A name, a path, and what can't be read as an expression are taken for columns."""
    assert formula_of(text) is None


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"where": "env is prod"}, "sources.log.where"),
        ({"where": "env = "}, "sources.log.where"),
        ({"roles": {"latency_ms": {"column": "x", "unit": "fortnight"}}}, "'fortnight' is none of"),
        ({"roles": {"latency_ms": {"unit": "s"}}}, "latency_ms.column: is missing"),
        ({"roles": {"score": {"column": "x", "unit": "s"}}}, "is only known of latency_ms"),
        ({"roles": {"score": {"column": "x", "lables": {}}}}, "nearest: labels"),
    ],
)
def test_a_mistake_is_named(
    declared: Mapping[str, Any], says: str, opened: Callable[..., Log]
) -> None:
    """What can't be read in a declaration is said with its key and the nearest right thing."""
    roles = {**ROLES, **declared.get("roles", {})}
    with pytest.raises(BadDeclaration) as caught:
        opened(files="a.csv", **{**declared, "roles": roles})
    assert says in str(caught.value)


def test_what_an_expression_can_not_read_is_told(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A duration in seconds that is none is counted, with an example."""
    rows = "".join(f"2026-11-20 10:{i:02}:00,{'timeout' if i == 7 else i}\n" for i in range(30))
    (tmp_path / "a.csv").write_text("t,took\n" + rows)
    log = opened(files="a.csv", roles={"time": "t", "metrics": {"ms": "took * 1000"}})
    assert log.aggregate({"n": sa.func.count(log.column("ms"))}) == [{"n": 29}]
    assert log.left_out == [
        "a.csv: 1 of 30 values of “took” is no number, such as “timeout”; it counts as missing."
    ]


HIDDEN, GROUPED, OPEN = Visibility.HIDDEN, Visibility.GROUPED, Visibility.OPEN


@pytest.mark.parametrize(
    ("roles", "visibility", "name", "kind"),
    [
        ({"features": ["person.age"]}, {"person": "hidden"}, "age", HIDDEN),
        ({"features": ["a.person.age"]}, {"a.person": "hidden"}, "age", HIDDEN),
        ({"features": {"years": "person.age"}}, {"years": "hidden"}, "years", HIDDEN),
        ({"features": {"years": "person.age"}}, {"person.age": "grouped"}, "years", GROUPED),
        ({"metrics": {"half": "salary / 2"}}, {"salary": "hidden"}, "half", HIDDEN),
        ({"metrics": {"half": "person.salary / 2"}}, {"person": "hidden"}, "half", HIDDEN),
        ({"latency_ms": "end - start"}, {"start": "hidden"}, "latency_ms", HIDDEN),
        ({"latency_ms": {"column": "took", "unit": "s"}}, {"took": "hidden"}, "latency_ms", HIDDEN),
        ({"protected": ["person.sex"]}, {}, "sex", GROUPED),
        (
            {"protected": ["sex"], "metrics": {"woman": "if(sex = 'f', 1, 0)"}},
            {},
            "woman",
            GROUPED,
        ),
        ({"features": ["person.age"]}, {"person": "hidden", "person.age": "open"}, "age", OPEN),
        ({"features": ["person.age"]}, {}, "age", OPEN),
    ],
)
def test_what_is_hidden_stays_so_by_any_way(
    roles: Mapping[str, Any], visibility: Mapping[str, str], name: str, kind: Visibility
) -> None:
    """A path into a hidden column, and what is computed from one, show no more than it does."""
    declared = {"files": "a.jsonl", "roles": {**ROLES, **roles}, "visibility": visibility}
    (source,) = declare({"log": declared}, Path())
    assert source.visible(source.columns[name]) is kind
