"""Declarations: what is read from them, and that every mistake is listed at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from queries.core.formulas.order import transformations
from queries.sources.declaration.declare import BadDeclaration, Matters, Source, Visibility, declare

BASE = Path("/base")
GOOD: dict[str, Any] = {
    "title": "Lending decisions",
    "files": "logs/**/*.parquet",
    "zone": "Europe/Berlin",
    "task": "binary",
    "positive": 1,
    "favourable": "approve",
    "decided": ["approve"],
    "outcome_delay": "7 days",
    "ok_status": [200, 204],
    "chunks": {"rows": 5000, "order": "id"},
    "matters": {"latency": 0.2},
    "roles": {
        "time": "ts",
        "request_id": "id",
        "version": "model_version",
        "dimensions": ["region"],
        "protected": ["sex"],
        "features": "income",
        "transformed": {"income_log": "ln(income + 1)"},
        "scores": {"prepaid": "p_prepaid"},
    },
    "visibility": {"id": "grouped", "repaid": "hidden"},
    "outcomes": {"files": "out/*.csv.gz", "request_id": "id", "outcome": "repaid"},
    "reference": {"files": "ref", "format": "parquet", "outcome": "repaid"},
}


def one(**changes: Any) -> Source:
    """Declare one good source with some keys changed; None takes a key away."""
    raw = {key: value for key, value in (GOOD | changes).items() if value is not None}
    (source,) = declare({"lending": raw}, BASE)
    return source


def test_a_declaration_is_read_whole() -> None:
    """Every part of a declaration arrives in the source, with absolute patterns and formats."""
    source = one()
    assert (source.name, source.title, source.task) == ("lending", "Lending decisions", "binary")
    assert source.place.files == ("/base/logs/**/*.parquet",)
    assert source.place.format == "parquet"
    assert str(source.zone) == "Europe/Berlin"
    assert source.outcome_delay == timedelta(days=7)
    assert source.matters == Matters(latency=0.2)
    assert source.outcomes is not None
    assert source.outcomes.place.format == "csv"
    assert source.reference is not None
    assert source.reference.outcome == "repaid"
    assert source.columns == {
        "time": "ts",
        "request_id": "id",
        "version": "model_version",
        "region": "region",
        "sex": "sex",
        "income": "income",
        "income_log": "income_log",
        "score:prepaid": "p_prepaid",
    }


def test_visibility_defaults() -> None:
    """Columns are open, protected attributes grouped, and what is declared wins."""
    source = one()
    columns = ("region", "sex", "id", "repaid")
    assert [source.visible(column).value for column in columns] == [
        "open",
        "grouped",
        "grouped",
        "hidden",
    ]
    assert one(visibility={"sex": "open"}).visible("sex") is Visibility.OPEN


ROLES = GOOD["roles"]


def _made(**transformed: str) -> dict[str, Any]:
    return {"roles": ROLES | {"transformed": transformed}}


@pytest.mark.parametrize(
    ("changes", "key", "says"),
    [
        ({"tsak": "binary"}, "tsak", "is not known here; nearest: task"),
        ({"task": "binray"}, "task", "'binray' is none of .*; nearest: binary"),
        ({"zone": "Europe/Berln"}, "zone", "nearest: Europe/Berlin"),
        ({"positive": [1]}, "positive", "must be a text, a number, true or false"),
        ({"outcome_delay": "a week"}, "outcome_delay", 'write it like "7 days"'),
        ({"simulated": "yes"}, "simulated", "must be true or false"),
        ({"files": None}, None, "needs either files, or url and table"),
        ({"url": "sqlite://", "table": "x"}, None, "needs either files, or url and table"),
        ({"files": "logs"}, "format", "is needed"),
        ({"files": "s3://bucket/logs/*.parquet"}, "files", "names s3://bucket.*not in a folder"),
        ({"files": ["a.csv", "https://me:secret@host/x.csv"]}, "files", "names https://…@host"),
        ({"files": "abfss://logs@company/x/*.parquet"}, "files", "mount the store as a folder"),
        ({"files": "dbfs:/logs/*.parquet"}, "files", "copied into one, or name the table"),
        ({"files": "file:///logs/*.parquet"}, "files", "write the folder itself"),
        ({"format": "parket"}, "format", "nearest: parquet"),
        ({"roles": ROLES | {"tiem": "x"}}, "roles.tiem", "nearest: time"),
        ({"roles": ROLES | {"features": [1]}}, "roles.features", "list of names"),
        ({"roles": {"request_id": "id"}}, "roles.time", "undated = true"),
        ({"roles": {"time": "ts"}}, "roles.request_id", "outcomes are joined on it"),
        ({"roles": ROLES | {"outcome": "y"}}, "roles.outcome", "keep one of the two"),
        ({"roles": ROLES | {"features": ["time"]}}, "roles.time", "rename the column"),
        ({"roles": ROLES | {"features": ["failed"]}}, "roles.failed", "rename the column"),
        ({"visibility": {"regoin": "grouped"}}, "visibility.regoin", "nearest: region"),
        ({"visibility": {"region": "hiden"}}, "visibility.region", "nearest: hidden"),
        ({"matters": {"latency": -1}}, "matters.latency", "must not be negative"),
        ({"matters": {"error": 1}}, "matters.error", "nearest: error_rate"),
        ({"chunks": {"rows": 0, "order": "id"}}, "chunks.rows", "at least 1"),
        ({"chunks": {"rows": 5}}, "chunks.order", "is missing"),
        ({"outcomes": {"files": "x.csv", "outcome": "y"}}, "outcomes.request_id", "is missing"),
        ({"reference": {"outcome": "y"}}, "reference", "needs either files, or url"),
        ({"reference": {"url": "postgresql://", "table": "r"}}, None, "share one url"),
        ({"files": None, "url": "nonsense", "table": "x"}, "url", "is no database url"),
        ({"files": None, "url": "postgrs://h/d", "table": "x"}, "url", "is not known"),
        ({"files": None, "url": "postgresql://h/d"}, "table", "is missing"),
        ({"task": "multiclass", "roles": {"time": "ts", "request_id": "i"}}, "classes", "names"),
        ({"roles": "ts"}, "roles", "must be a table of its own"),
        (_made(x="ln(income +"), "roles.transformed.x", "ends at character 12, where a number"),
        (_made(x="lnn(income)"), "roles.transformed.x", "is no function.*; nearest: ln"),
        (_made(x="ln(incme)"), "roles.transformed.x", "names 'incme', .*; nearest: income"),
        (_made(x="x + 1"), "roles.transformed.x", "is made of itself: x → x"),
        (_made(x="y + 1", y="z", z="x * 2"), "roles.transformed.x", "itself: x → y → z → x"),
    ],
)
def test_a_mistake_is_named_with_its_key(
    changes: Mapping[str, Any], key: str | None, says: str
) -> None:
    """A wrong declaration names the key, what is wrong, and the nearest right thing."""
    with pytest.raises(BadDeclaration) as caught:
        one(**changes)
    where = "sources.lending" + (f".{key}" if key else "")
    found = [problem for problem in caught.value.problems if problem.parameter == where]
    assert found, caught.value
    assert re.search(says, found[0].message)


EXPERIMENT: dict[str, Any] = {
    "split": {"old": 2, "new": 1},
    "window": "10 days",
    "ends": "2026-11-20",
    "metrics": {
        "guarded": {"mean": "income", "guardrail": True, "better": "lower"},
        "repaid": {"share": "outcome", "value": 1, "matters": 0.01},
        "rate": {"ratio": "income", "per": "income_log"},
    },
}
TESTED = {"roles": GOOD["roles"] | {"variant": "arm", "entity_id": "who"}, "visibility": None}


UNIT = {"unit": "entity_id"}


def test_whom_an_arm_was_given_to_may_be_any_column() -> None:
    """A column that only an experiment names is read, and never listed one by one."""
    source = one(**TESTED, experiments={"a": EXPERIMENT | {"unit": "session"}})
    assert source.columns["session"] == "session"
    assert source.visible("session") is Visibility.GROUPED
    assert source.visible("who") is Visibility.OPEN


def test_an_experiment_is_read_whole() -> None:
    """Arms with the control first, the metric that decides, window and end arrive as declared."""
    source = one(**TESTED, experiments={"prices": EXPERIMENT | {"control": "new"}})
    found = source.experiments["prices"]
    assert (found.title, found.arms, found.main) == ("prices", ("new", "old"), "repaid")
    assert found.shares == (1 / 3, 2 / 3)
    assert found.window == timedelta(days=10)
    assert found.ends is not None
    assert found.ends.isoformat() == "2026-11-20T00:00:00+01:00"
    assert [each.kind for each in found.metrics.values()] == ["mean", "share", "ratio"]
    assert found.metrics["guarded"].better == "lower"


@pytest.mark.parametrize(
    ("changes", "key", "says"),
    [
        ({"split": None}, ".split", "is missing"),
        ({"split": {"old": 1}}, ".split", "at least two arms"),
        ({"split": {"old": 1, "new": 0}}, ".split", "must be a table of arms"),
        ({"control": "olt"}, ".control", "is no arm of the split; nearest: old"),
        ({"window": "soon"}, ".window", "is no length of time"),
        ({"window": "2 days"}, ".window", "is shorter than outcome_delay"),
        ({"window": None}, ".window", "is missing; a metric reads the outcome"),
        ({"ends": "20.11.2026"}, ".ends", "is no day; write it like"),
        ({"users": 0}, ".users", "whole number of at least 1"),
        ({"main": "repayed"}, ".main", "is no metric of it; nearest: repaid"),
        ({"metrics": None}, ".metrics", "is missing: say what is measured"),
        ({"metrics": {"x": {"mean": "income", "guardrail": True}}}, ".main", "all are guardrails"),
        ({"metrics": {"x": {}}}, ".metrics.x", "needs one of share, mean and ratio"),
        ({"metrics": {"x": {"mean": "incme"}}}, ".metrics.x.mean", "nearest: income"),
        ({"metrics": {"x": {"share": "outcome"}}}, ".metrics.x.value", "is missing"),
        ({"metrics": {"x": {"ratio": "income"}}}, ".metrics.x.per", "is missing"),
        ({"metrics": {"x": {"mean": "income", "per": "income"}}}, ".metrics.x", "goes with ratio"),
        ({"metrics": {"x": {"mean": "income", "value": 1}}}, ".metrics.x", "goes with share"),
        ({"metrics": {"x": {"mean": "income", "better": "more"}}}, ".metrics.x.better", "none of"),
        ({"metrics": {"a b": {"mean": "income"}}}, ".metrics.a b", "letters, digits"),
        ({"arms": 2}, ".arms", "is not known here"),
    ],
)
def test_a_mistake_in_an_experiment_is_named(
    changes: Mapping[str, Any], key: str, says: str
) -> None:
    """A wrong experiment names the key, what is wrong, and the nearest right thing."""
    raw = {key: each for key, each in (EXPERIMENT | dict(changes)).items() if each is not None}
    with pytest.raises(BadDeclaration) as caught:
        one(**TESTED, experiments={"prices": raw})
    found = {each.parameter: each.message for each in caught.value.problems}
    assert re.search(says, found[f"sources.lending.experiments.prices{key}"]), found


@pytest.mark.parametrize(
    ("changes", "key", "says"),
    [
        ({"roles": GOOD["roles"]}, "roles.variant", "an experiment needs the column with the arm"),
        ({"visibility": {"who": "hidden"}}, "experiments.a.unit", "is hidden"),
        ({"visibility": {"income": "hidden"}}, "experiments.a.metrics.guarded.mean", "is hidden"),
        ({"undated": True}, "experiments.a.window", "can't be told in a log without times"),
        ({}, "roles.experiment", "tells several experiments apart"),
    ],
)
def test_experiments_fit_their_source(changes: Mapping[str, Any], key: str, says: str) -> None:
    """Experiments need their roles, columns that may be asked for, and times for a window."""
    with pytest.raises(BadDeclaration) as caught:
        one(**TESTED | dict(changes), experiments={"a": EXPERIMENT | UNIT, "b": EXPERIMENT})
    found = {each.parameter: each.message for each in caught.value.problems}
    assert re.search(says, found[f"sources.lending.{key}"]), found


def test_every_mistake_in_expressions_is_listed() -> None:
    """Expressions are checked one by one: each mistake stands under its own key."""
    with pytest.raises(BadDeclaration) as caught:
        one(**_made(a="ln(", b="incme + regoin", c="income"))
    found = [(each.parameter, each.nearest) for each in caught.value.problems]
    key = "sources.lending.roles.transformed"
    assert found == [(f"{key}.a", ()), (f"{key}.b", ("income",)), (f"{key}.b", ("region",))]


def test_transformations_come_after_what_they_are_made_of() -> None:
    """Whatever the order in which they are declared, each is made of what stands before it."""
    source = one(**_made(late="early * 2", early="ln(income)", alone="income"))
    assert [*transformations(source.transformed)] == ["early", "alone", "late"]


def test_every_mistake_is_listed_at_once() -> None:
    """Mistakes in several sources and places come back together, in the order written."""
    raw = {"a b": {"files": 3}, "good": GOOD, "c": GOOD | {"task": "x", "owner": 5}}
    with pytest.raises(BadDeclaration) as caught:
        declare(raw, BASE)
    keys = [problem.parameter for problem in caught.value.problems]
    assert keys == [
        "sources.a b",
        "sources.a b.files",
        "sources.a b",
        "sources.a b.roles.time",
        "sources.c.task",
        "sources.c.owner",
    ]
    assert str(caught.value).count("\n") == len(keys) - 1


def test_a_password_is_never_repeated() -> None:
    """A wrong url is described without what stands in it."""
    with pytest.raises(BadDeclaration) as caught:
        one(files=None, url="postgrs://ana:secret@h/d", table="x")
    assert "secret" not in str(caught.value)
