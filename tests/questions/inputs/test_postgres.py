"""Changed and broken inputs of one log in files and on a PostgreSQL server, chunks too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.asking import Asking, asking, rows
from tests.conftest_postgres import load_table
from tests.questions.inputs.test_question import INFINITY, LOG, NAN, ROLES
from tests.questions.planted import write
from tests.questions.same import differences

ODD = {
    "n": "i",
    "income": f"CASE WHEN u < 0.01 THEN {INFINITY} WHEN u < 0.02 THEN {NAN} "
    "WHEN u < 0.04 THEN NULL ELSE 1000 + 4000 * v END",
    "age": "CASE WHEN i >= 3000 THEN 30 ELSE 18 END + floor(50 * v)",
    "channel": "CASE WHEN w < 0.02 THEN '' WHEN w < 0.6 THEN 'Web' WHEN w < 0.9 THEN 'ärzte' "
    "WHEN i >= 3000 THEN 'zürich' ELSE 'web' END",
}
SAID = {"prediction": "channel", "score": "income"}
DECLARED: dict[str, Any] = {"roles": ROLES | SAID, "chunks": {"rows": 500, "order": "n"}}


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[Asking, Asking]]:
    """A log of 28 days with odd values and its reference, in files and as tables."""
    folder = tmp_path_factory.mktemp("both")
    queries = {
        "inputs_log": rows(4032, LOG | ODD, every=600),
        "inputs_reference": rows(2000, LOG | ODD | {"n": "i"}, salt="before"),
    }
    for name, query in queries.items():
        write(folder / f"{name}.parquet", query)
        load_table(postgres_url, name, f"SELECT * FROM '{folder / name}.parquet'")
    with (
        asking({"x": _over_files()}, folder) as files,
        asking({"x": _over_tables(postgres_url)}, folder) as tables,
    ):
        yield files, tables


def _over_files() -> dict[str, Any]:
    places = {"files": "inputs_log.parquet", "reference": {"files": "inputs_reference.parquet"}}
    return DECLARED | places


def _over_tables(url: str) -> dict[str, Any]:
    reference = {"url": url, "table": "inputs_reference"}
    return DECLARED | {"url": url, "table": "inputs_log", "reference": reference}


@pytest.mark.parametrize(
    "text",
    [
        "inputs x all",
        "inputs x last 24 hours",
        "inputs x last 2 days against usual",
        "inputs x last 7 days where region in emea, apac and age >= 30",
        "inputs x last 7 days where region = mars",
        "quality x all",
        "quality x last 24 hours",
        "quality x last 2 days against usual",
        "quality x last 7 days where region in emea, apac and age >= 30",
        "outputs x last 7 days against reference",
        "outputs x last 2 days by region",
        "outputs x last 2 days where region in emea, apac",
    ],
)
def test_both_engines_give_the_same_answer(both: tuple[Asking, Asking], text: str) -> None:
    """Words, numbers, every chunk and the chart are the same from files and from a server."""
    files, tables = (house.answer(text) for house in both)
    assert differences(files, tables) == {}


def test_the_answers_compared_say_something(both: tuple[Asking, Asking]) -> None:
    """What both engines agree on isn't nothing: inputs that shifted and hold new values."""
    answer = both[1].answer("inputs x last 7 days")
    verdicts = {str(row[0]): str(row[1]) for row in answer.tables[0].rows}
    assert verdicts["age"].startswith("shifted")
    assert verdicts["channel"] == "shifted, new values and values gone"
    assert len(answer.tables[1].rows) == 28
