"""A request that failed for want of an input: what is said first, and of what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from queries.core.answer import Answer, Severity
from queries.core.charts import BarChart
from tests.asking import Asking, asking, rows
from tests.conftest_postgres import load_table
from tests.questions.planted import write
from tests.questions.same import differences
from tests.questions.trace.test_question import table

COUNT, EVERY = 6_000, 180
BROKEN = COUNT - 240
"""From here on, twelve hours before the end, half of the requests lack their income."""
FAILS, WORKS, QUIET = COUNT - 2, COUNT - 4, COUNT - 3

LOG: Mapping[str, str] = {
    "ts": "stamp",
    "id": "'r' || i",
    "version": "'2.3'",
    "income": f"CASE WHEN i % 300 = 0 OR (i >= {BROKEN} AND i % 2 = 0) THEN NULL ELSE v END",
    "band": f"CASE WHEN i % 300 = 0 OR (i >= {BROKEN} AND i % 2 = 0) THEN '' ELSE 'b' || i % 3 END",
    "loan": "w",
    "decision": f"CASE WHEN i < {BROKEN} OR i % 4 = 0 THEN 'approve' END",
    "error": f"CASE WHEN i >= {BROKEN} AND i % 4 = 2 THEN 'missing: Band' END",
}
ROLES: Mapping[str, Any] = {
    "time": "ts",
    "request_id": "id",
    "version": "version",
    "decision": "decision",
    "error": "error",
    "features": ["loan", "income", "band"],
}
SOURCE: Mapping[str, Any] = {"files": "log.parquet", "task": "none", "roles": ROLES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the log lies."""
    found = tmp_path_factory.mktemp("failed")
    write(found / "log.parquet", rows(COUNT, LOG, every=EVERY))
    return found


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[Asking]:
    """The log, to be asked."""
    with asking({"x": SOURCE}, folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(house: Asking) -> Answer:
    """What is told of a request that failed for want of an input."""
    return house.answer(f"trace x r{FAILS}")


def test_a_failure_is_said_to_have_failed(house: Asking, answer: Answer) -> None:
    """What failed was not answered; what has neither decision nor error only came."""
    assert answer.severity is Severity.WARNING
    assert answer.headline == f"x: r{FAILS} failed with “missing: Band”"
    assert answer.summary == "It failed at 11:54 on 23 Nov, on version 2.3."
    assert (
        house.answer(f"trace x r{WORKS}").summary
        == "It was answered at 11:48 on 23 Nov by version 2.3."
    )
    assert (
        house.answer(f"trace x r{QUIET}").summary == "It came at 11:51 on 23 Nov, on version 2.3."
    )


def test_an_empty_input_that_the_error_names_comes_first(answer: Answer) -> None:
    """It is the first finding and the first row, and the picture's title tells it too."""
    first = answer.findings[0]
    assert (first.kind, first.severity) == ("inputs empty", Severity.WARNING)
    assert first.text.startswith("“band” is missing, as in 3.")
    assert first.text.endswith("The error of this request names “band”.")
    assert table(answer, "Inputs")[0]["input"] == "band"
    assert isinstance(answer.chart, BarChart)
    assert answer.chart.title.startswith("x: band and income are empty; no number")
    usual = next(each.text for each in answer.findings if each.kind == "inputs usual")
    assert usual.startswith("No other input was unusual")


def test_how_rarely_an_input_is_empty_is_counted_until_a_day_before(
    folder: Path, house: Asking, answer: Answer
) -> None:
    """What has gone on for hours doesn't make an empty input usual; both shares are told."""
    with duckdb.connect() as duck:
        ((until, of),) = duck.sql(
            f"""WITH log AS (FROM '{folder / "log.parquet"}'),
            mine AS (SELECT ts AS asked FROM log WHERE id = 'r{FAILS}')
            SELECT count(*) FILTER (income IS NULL), count(*) FROM log, mine
            WHERE ts >= asked - INTERVAL 7 DAYS AND ts <= asked - INTERVAL 1 DAY"""
        ).fetchall()
    number = answer.findings[0].numbers["income"]
    assert number.value == pytest.approx(until / of)
    assert number.n == of
    assert "“income” is missing, as in 3.9 % of requests (0.3" in answer.findings[0].text
    works = house.answer(f"trace x r{WORKS}").findings[0]
    assert (works.kind, works.severity) == ("inputs empty", Severity.NOTE)
    assert "error" not in works.text


def test_both_engines_tell_the_same_of_a_failure(
    folder: Path, answer: Answer, postgres_url: str
) -> None:
    """Words, numbers, tables and chart are the same from a file and from a server."""
    load_table(postgres_url, "failed", f"SELECT * FROM '{folder / 'log.parquet'}'")
    place = {"url": postgres_url, "table": "failed"}
    source = {key: value for key, value in SOURCE.items() if key != "files"} | place
    with asking({"x": source}, folder) as house:
        assert differences(house.answer(f"trace x r{FAILS}"), answer) == {}
