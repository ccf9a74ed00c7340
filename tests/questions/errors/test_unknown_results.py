"""Requests without a status: nobody knows whether they failed, and no answer says that none did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from queries.core.answer import Answer, Severity
from tests.asking import NOW, asking, rows
from tests.sources.written import write

GONE = f"stamp >= TIMESTAMP '{NOW - timedelta(hours=36):%Y-%m-%d %H:%M}'"
COLUMNS = {
    "ts": "stamp",
    "id": "'r' || i",
    "region": "['EU', 'US'][1 + i // 2 % 2]",
    "ms": "20 + 100 * u",
    "version": "CASE WHEN i % 2 = 0 THEN '1.0' ELSE '2.0' END",
}
ROLES = {
    "time": "ts",
    "request_id": "id",
    "status": "status",
    "latency_ms": "ms",
    "version": "version",
    "dimensions": ["region"],
}
Said = Callable[..., Answer]


def said(
    folder: Path, status: str, question: str, *, suffix: str = "parquet", **roles: str
) -> Answer:
    """Ask of five weeks of a request every ten minutes, with a status as SQL of its draws."""
    query = rows(5 * 7 * 144, COLUMNS | {"status": status}, every=600)
    write(folder / f"log.{suffix}", query)
    declared = {"files": f"log.{suffix}", "roles": ROLES | roles}
    with asking({"m": declared}, folder) as house:
        return house.answer(question)


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize(
    "none", ["NULL", "'-'", "'None'", "' NaN '", "''"], ids=["null", "dash", "None", "NaN", "empty"]
)
def test_a_status_that_vanished_is_no_health(tmp_path: Path, none: str, suffix: str) -> None:
    """Where no request has a status any more, it isn't known whether they failed, since when."""
    status = f"CASE WHEN {GONE} THEN {none} WHEN u < 0.02 THEN 'failed' ELSE 'ok' END"
    answer = said(tmp_path, status, "errors m last 24 hours", suffix=suffix)
    assert answer.severity is Severity.WARNING
    assert answer.headline == (
        "m: it isn't known whether requests failed in the last 24 hours, as “status” is empty"
    )
    assert "Of 144 requests not one has a value in “status”" in answer.summary
    assert "the last that has one is of 23:50 on 21 Nov." in answer.summary


@pytest.mark.parametrize("none", ["NULL", "'NaN'::DOUBLE"], ids=["null", "NaN"])
def test_a_number_that_is_none_is_no_failure(tmp_path: Path, none: str) -> None:
    """Of numbers, too, one that is missing says nothing: neither 0 nor 100 % fail."""
    status = f"CASE WHEN {GONE} THEN {none} WHEN u < 0.02 THEN 500.0 ELSE 200.0 END"
    answer = said(tmp_path, status, "errors m last 24 hours")
    assert "it isn't known whether requests failed" in answer.headline


def test_it_never_had_a_value(tmp_path: Path) -> None:
    """A status that is always empty is told as never filled in."""
    answer = said(tmp_path, "NULL::VARCHAR", "errors m last 24 hours")
    assert answer.severity is Severity.UNKNOWN
    assert answer.summary == (
        "Of 144 requests not one has a value in “status”, nor had any before."
    )


def test_some_that_vanished_may_hide_failures(tmp_path: Path) -> None:
    """Where clearly more results are unknown than usual, the others are told, and nothing good."""
    status = f"CASE WHEN {GONE} AND v < 0.4 THEN NULL WHEN u < 0.02 THEN 'failed' ELSE 'ok' END"
    answer = said(tmp_path, status, "errors m last 24 hours")
    assert answer.severity is Severity.UNKNOWN
    assert "of requests it isn't known whether they failed; of the others" in answer.headline
    assert "every share of failures is of the others." in answer.caveats[0]


def test_few_that_never_have_one_change_nothing(tmp_path: Path) -> None:
    """Where as many as ever have no status, failures are those of the others, and as usual."""
    status = "CASE WHEN v < 0.1 THEN NULL WHEN u < 0.02 THEN 'failed' ELSE 'ok' END"
    answer = said(tmp_path, status, "errors m last 24 hours")
    assert answer.severity is Severity.GOOD
    assert "failures are as usual" in answer.headline
    assert "it isn't known whether they failed" in answer.caveats[0]


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
def test_a_number_that_http_does_not_have(tmp_path: Path, suffix: str) -> None:
    """Beside 200 and 500 a 0 is neither: it is counted apart, and the answer isn't green."""
    status = f"CASE WHEN {GONE} AND v < 0.4 THEN 0 WHEN u < 0.02 THEN 500 ELSE 200 END"
    answer = said(tmp_path, status, "errors m last 24 hours", suffix=suffix)
    assert answer.severity is Severity.UNKNOWN
    assert "of requests it isn't known whether they failed; of the others" in answer.headline
    assert "or says neither that it went well nor that it failed" in answer.caveats[0]


def test_an_error_is_a_failure_without_a_status(tmp_path: Path) -> None:
    """A request that names an error failed, whatever its status; a good one is still needed."""
    status = "CASE WHEN u < 0.02 THEN NULL ELSE 'ok' END"
    query = rows(
        5 * 7 * 144,
        COLUMNS | {"status": status, "error": "CASE WHEN u < 0.02 THEN 'timeout' END"},
        every=600,
    )
    write(tmp_path / "log.parquet", query)
    declared = {"files": "log.parquet", "roles": ROLES | {"error": "error"}}
    with asking({"m": declared}, tmp_path) as house:
        answer = house.answer("errors m last 24 hours")
    assert answer.severity is Severity.GOOD
    assert not [each for each in answer.caveats if "isn't known" in each]


STATUS = f"CASE WHEN {GONE} THEN NULL WHEN u < 0.02 THEN 'failed' ELSE 'ok' END"


def test_health_is_not_green_about_it(tmp_path: Path) -> None:
    """The overview names the model, and since when its status is empty."""
    answer = said(tmp_path, STATUS, "health")
    assert answer.severity is Severity.WARNING
    assert answer.headline == (
        "m needs a look: it doesn't tell whether its requests fail: “status” is empty in 100 % "
        "of them since 23:50 on 21 Nov"
    )


@pytest.mark.parametrize(
    "question", ["slices m last 24 hours of errors", "rollout m last 24 hours"]
)
def test_no_question_takes_it_for_good(tmp_path: Path, question: str) -> None:
    """Neither the slices nor a rollout tells of failures that nobody can know."""
    answer = said(tmp_path, STATUS, question)
    assert answer.severity is not Severity.GOOD
    told = " ".join([answer.headline, answer.summary, *(each.text for each in answer.findings)])
    assert "0 % of" not in told
    assert "fewer fail" not in told
