"""How good a model is, from the same log in files and on a PostgreSQL server, for every task."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.asking import Asking, asking, rows
from tests.conftest_postgres import load_table
from tests.questions.performance.judged import LOG, OUTCOMES, ROLES
from tests.questions.planted import write
from tests.questions.same import differences

CLASSES = "['a', 'b', 'c'][1 + CAST(floor(3 * {}) AS INTEGER)]"
QUERIES = {
    "performance_log": rows(
        6000,
        LOG
        | {
            "n": "i",
            "release": "CASE WHEN i < 4000 THEN '1' ELSE '2' END",
            "kind": "CASE WHEN i % 50 = 0 THEN 'new' ELSE 'old' END",
            "decision": "CASE WHEN v < 0.8 THEN 'approve' ELSE 'decline' END",
            "class": CLASSES.format("u"),
            "number": "CASE WHEN w < 0.02 THEN NULL ELSE 1000 * u END",
            "p_a": "1 - u",
            "p_b": "1 - abs(u - 0.5)",
            "p_c": "u",
        },
        every=600,
    ),
    "performance_outcomes": rows(
        6000,
        OUTCOMES
        | {
            "came": "stamp + INTERVAL 1 HOUR * CAST(12 + floor(60 * w) AS INTEGER)",
            "was": CLASSES.format("(0.8 * u + 0.2 * v)"),
            "value": "1000 * u + 100 * (v - 0.5)",
        },
        every=600,
    ),
    "performance_reference": rows(
        2000,
        LOG
        | OUTCOMES
        | {
            "n": "i",
            "release": "'1'",
            "kind": "'old'",
            "decision": "'approve'",
            "class": CLASSES.format("u"),
            "number": "1000 * u",
            "p_a": "1 - u",
            "p_b": "0.5",
            "p_c": "u",
            "was": CLASSES.format("(0.9 * u + 0.1 * v)"),
            "value": "1000 * u + 100 * (v - 0.5)",
        },
        salt="before",
    ),
}
TASKS: dict[str, dict[str, Any]] = {
    "yes_no": {
        "task": "binary",
        "decided": ["approve"],
        "roles": ROLES | {"decision": "decision", "version": "release", "features": ["x", "kind"]},
        "outcome": "happened",
    },
    "kinds": {
        "task": "multiclass",
        "roles": {
            **{key: ROLES[key] for key in ("time", "request_id", "dimensions")},
            "prediction": "class",
            "scores": {"a": "p_a", "b": "p_b", "c": "p_c"},
        },
        "outcome": "was",
    },
    "sizes": {
        "task": "regression",
        "roles": {
            **{key: ROLES[key] for key in ("time", "request_id", "dimensions")},
            "prediction": "number",
        },
        "outcome": "value",
    },
}
ASKED = [
    *((task, when) for task in TASKS for when in ("all", "last 7 days", "last 14 days by region")),
    *((f"{task}_past", "last 7 days") for task in TASKS),
    ("yes_no", "2026-11-20..2026-11-22"),
]

FURTHER = [
    "calibration yes_no last 14 days by region",
    "calibration yes_no all",
    "calibration kinds last 14 days by region",
    "estimate yes_no last 14 days by region",
    "estimate yes_no all",
    "gap yes_no last 30 days by region",
    "gap kinds all",
    "gap sizes last 14 days by region",
]


def _sources(places: dict[str, dict[str, str]]) -> dict[str, Any]:
    sources = {}
    for name, task in TASKS.items():
        declared = {key: each for key, each in task.items() if key != "outcome"}
        outcome = {"outcome": task["outcome"]}
        apart = {"request_id": "id", "outcome_time": "came"} | outcome
        chunks = {"rows": 1000, "order": "n"}
        sources[name] = declared | places["log"] | {"outcomes": places["outcomes"] | apart}
        sources[name] |= {"chunks": chunks, "reference": places["reference"] | outcome}
        sources[f"{name}_past"] = (
            declared | places["log"] | {"outcomes": places["outcomes"] | apart}
        )
    return sources


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[Asking, Asking]]:
    """A log of 41 days, outcomes and a reference for three tasks, in files and as tables."""
    folder = tmp_path_factory.mktemp("both")
    files, tables = {}, {}
    for name, query in QUERIES.items():
        write(folder / f"{name}.parquet", query)
        load_table(postgres_url, name, f"SELECT * FROM '{folder / name}.parquet'")
        short = name.removeprefix("performance_")
        files[short], tables[short] = (
            {"files": f"{name}.parquet"},
            {"url": postgres_url, "table": name},
        )
    with (
        asking(_sources(files), folder) as over_files,
        asking(_sources(tables), folder) as over_tables,
    ):
        yield over_files, over_tables


@pytest.mark.parametrize(("task", "when"), ASKED)
def test_both_engines_give_the_same_answer(
    both: tuple[Asking, Asking], task: str, when: str
) -> None:
    """Words, numbers, days, chunks and the chart are the same from files and from a server."""
    files, tables = (house.answer(f"performance {task} {when}") for house in both)
    assert differences(files, tables) == {}


@pytest.mark.parametrize("text", FURTHER)
def test_further_questions_are_the_same_too(both: tuple[Asking, Asking], text: str) -> None:
    """So are calibration, estimates and the gap to the reference, with all their tables."""
    files, tables = (house.answer(text) for house in both)
    assert differences(files, tables) == {}
    assert len(tables.tables) >= 2


def test_the_answers_compared_say_something(both: tuple[Asking, Asking]) -> None:
    """What both engines agree on isn't nothing: metrics against before, days and chunks."""
    for task in TASKS:
        answer = both[1].answer(f"performance {task} last 14 days")
        assert "in the reference set" in answer.headline
        assert {"By day", "By chunk"} <= {table.title for table in answer.tables}
    past = both[1].answer("performance yes_no_past last 7 days")
    assert "in the weeks before" in past.headline
