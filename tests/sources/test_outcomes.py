"""Outcomes that lie apart are joined one to a request; a reference set stands for itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queries.core.doors.constructs import Rate
from queries.core.doors.rows import Dataset
from queries.core.errors import LogUnreadable, NotAnswerable
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.sources.opening import OpenLogs
from tests.conftest_postgres import load_table
from tests.sources.written import write

REQUESTS = """
    SELECT i AS id, TIMESTAMP '2026-11-20' + i * INTERVAL '1 minute' AS ts, i % 2 AS guess,
        chr((65 + i % 3)::INTEGER) AS kind
    FROM range(1000) AS n(i)
"""
ONCE = """
    SELECT i AS id, (i % 5 = 0)::INTEGER AS repaid, TIMESTAMP '2026-11-25' AS told
    FROM range(0, 1000, 2) AS n(i)
"""
TWICE = f"""
    {ONCE} UNION ALL
    SELECT i, 1 - (i % 5 = 0)::INTEGER, TIMESTAMP '2026-11-26' FROM range(0, 100, 2) AS n(i)
    UNION ALL SELECT NULL, 1, TIMESTAMP '2026-11-26' FROM range(3)
"""
ROLES = {"time": "ts", "request_id": "id", "prediction": "guess", "dimensions": ["kind"]}

Make = Callable[..., dict[str, Any]]


@pytest.fixture(params=["files", "postgresql"])
def declared(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Give a way to declare the log with outcomes made by a query, on files and PostgreSQL."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""

    def place(name: str, query: str) -> dict[str, str]:
        if url:
            load_table(url, name, query)
            return {"url": url, "table": name}
        write(tmp_path / name / "a.parquet", query)
        return {"files": f"{name}/*.parquet"}

    def declare_(query: str, *, dated: bool = True) -> dict[str, Any]:
        apart = {"request_id": "id", "outcome": "repaid"} | (
            {"outcome_time": "told"} if dated else {}
        )
        log = place("log", REQUESTS) | {"roles": ROLES}
        return log | {"outcomes": place("outcomes", query) | apart}

    return declare_


def totals(log: Log) -> dict[str, Any]:
    """Count requests, outcomes, good ones, and right guesses."""
    c = log.column
    (row,) = log.aggregate(
        {
            "n": sa.func.count(),
            "known": sa.func.count(c("outcome")),
            "good": sa.func.sum(c("outcome")),
            "right": Rate(c("outcome") == c("prediction")),
            "ids": sa.func.count(c("request_id").distinct()),
        }
    )
    return row


def test_each_request_gets_its_outcome(declared: Make, opened: Callable[..., Log]) -> None:
    """Requests without an outcome stay, with none."""
    log = opened(**declared(ONCE))
    expected = {"n": 1000, "known": 500, "good": 100, "right": 0.8, "ids": 1000}
    assert totals(log) == pytest.approx(expected)
    assert log.left_out == []


def test_the_latest_of_several_outcomes_counts(declared: Make, opened: Callable[..., Log]) -> None:
    """A second outcome replaces the first, multiplies no row, and is counted and said."""
    log = opened(**declared(TWICE))
    row = totals(log)
    assert (row["n"], row["known"], row["ids"]) == (1000, 500, 1000)
    assert row["good"] == 100 - 10 + 40
    assert log.left_out == [
        "50 outcomes were reported again later; of each request the latest one by the time of "
        "asking counts."
    ]


@pytest.mark.parametrize(
    ("now", "good"),
    [(datetime(2026, 11, 25, 12, tzinfo=UTC), 100), (datetime(2026, 11, 26, tzinfo=UTC), 130)],
)
def test_a_later_correction_is_not_known_before(
    now: datetime, good: int, declared: Make, opening: Callable[..., OpenLogs]
) -> None:
    """As of a time between the two reports of an outcome, the first one counts."""
    log = opening(log=declared(TWICE)).logs(now).of("log")
    row = totals(log)
    assert (row["n"], row["known"], row["good"]) == (1000, 500, good)


def test_without_times_the_largest_counts(declared: Make, opened: Callable[..., Log]) -> None:
    """Where nothing tells which outcome is later, that is said."""
    log = opened(**declared(TWICE, dated=False))
    row = totals(log)
    assert (row["n"], row["known"], row["good"]) == (1000, 500, 90 + 50)
    assert "no outcome_time" in log.left_out[0]


@pytest.mark.parametrize("query", [ONCE, TWICE])
def test_ids_of_another_type_are_joined(
    query: str, declared: Make, opened: Callable[..., Log]
) -> None:
    """Request ids that are numbers in one place and text in the other still meet."""
    log = opened(**declared(f"SELECT * REPLACE (id::VARCHAR AS id) FROM ({query})"))
    assert totals(log)["known"] == 500


def test_outcomes_are_read_only_where_they_are_asked(
    declared: Make, opened: Callable[..., Log]
) -> None:
    """A statement that mentions no outcome does not touch their place."""
    log = opened(**declared(ONCE))
    log.aggregate({"n": sa.func.count(log.column("prediction"))})
    assert "outcomes" not in log.statements[-1].sql


def test_outcome_times_come_along(declared: Make, opened: Callable[..., Log]) -> None:
    """The time of an outcome is a column like others, listed with its request."""
    log = opened(**declared(TWICE))
    span = Span(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, 0, 3, tzinfo=UTC))
    rows = log.records(
        ["request_id", "outcome", "outcome_time"], spans=[span], order=[log.column("time")], limit=9
    )
    told = datetime(2026, 11, 26, tzinfo=UTC)
    assert [tuple(row.values()) for row in rows] == [(0, 0, told), (1, None, None), (2, 1, told)]


def test_new_outcomes_are_seen_at_the_next_question(
    tmp_path: Path, opening: Callable[..., OpenLogs]
) -> None:
    """A file of outcomes that arrives between two questions counts in the second."""
    write(tmp_path / "log" / "a.parquet", REQUESTS)
    write(tmp_path / "out" / "a.parquet", ONCE)
    outcomes = {"request_id": "id", "outcome": "repaid", "files": "out/*.parquet"}
    logs = opening(log={"files": "log/*.parquet", "roles": ROLES, "outcomes": outcomes})
    assert totals(logs.logs().of("log"))["known"] == 500
    write(tmp_path / "out" / "b.parquet", ONCE.replace("range(0,", "range(1,"))
    assert totals(logs.logs().of("log"))["known"] == 1000


def test_missing_outcomes_trouble_no_other_question(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A folder of outcomes without files is an error for what needs them, and only for that."""
    write(tmp_path / "log" / "a.parquet", REQUESTS)
    outcomes = {"files": "out/*.parquet", "request_id": "id", "outcome": "repaid"}
    log = opened(files="log/*.parquet", roles=ROLES, outcomes=outcomes)
    assert log.aggregate({"n": sa.func.count(log.column("prediction"))}) == [{"n": 1000}]
    assert log.has("outcome")
    with pytest.raises(LogUnreadable, match=r"No file matches .*out/\*\.parquet"):
        log.column("outcome")


@pytest.fixture
def referred(tmp_path: Path, opened: Callable[..., Log]) -> Log:
    """Give a log with outcomes apart and a reference set that has its own."""
    write(tmp_path / "log" / "a.parquet", REQUESTS)
    write(tmp_path / "out" / "a.parquet", ONCE)
    columns = "i AS id, 1.0 AS truth, i % 2 AS guess, 'A' AS kind, i / 2 AS extra"
    write(tmp_path / "ref" / "a.parquet", f"SELECT {columns} FROM range(50) AS n(i)")
    return opened(
        files="log/*.parquet",
        roles={**ROLES, "features": ["extra"]},
        outcomes={"files": "out/*.parquet", "request_id": "id", "outcome": "repaid"},
        reference={"files": "ref/*.parquet", "outcome": "truth"},
    )


def test_the_reference_has_its_own_rows_and_outcomes(referred: Log) -> None:
    """Asking the reference set reads it alone, with its own outcome column."""
    c = referred.column
    measures = {"n": sa.func.count(), "good": sa.func.sum(c("outcome"))}
    assert referred.aggregate(measures, dataset=Dataset.REFERENCE) == [{"n": 50, "good": 50.0}]
    assert referred.aggregate(measures) == [{"n": 1000, "good": 100}]


def test_what_only_one_set_has_is_said(referred: Log) -> None:
    """A column of the reference alone, or of the log alone, is named when the other is asked."""
    n = {"n": sa.func.count(referred.column("extra"))}
    assert referred.aggregate(n, dataset=Dataset.REFERENCE) == [{"n": 50}]
    with pytest.raises(NotAnswerable, match="The log of log has no “extra”"):
        referred.aggregate(n)
    span = Span(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))
    with pytest.raises(NotAnswerable, match="The reference set of log has no “time”"):
        referred.aggregate(n, spans=[span], dataset=Dataset.REFERENCE)


def test_chunks_number_the_whole_log(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A chunk keeps its number whatever span is asked for, and the last may be short."""
    write(tmp_path / "a.parquet", REQUESTS)
    log = opened(files="a.parquet", roles=ROLES, chunks={"rows": 300, "order": "id"})
    rows = log.aggregate({"n": sa.func.count()}, by={"chunk": log.column("chunk")})
    assert [tuple(row.values()) for row in rows] == [(0, 300), (1, 300), (2, 300), (3, 100)]
    start = datetime(2026, 11, 20, 10, tzinfo=UTC)
    rows = log.aggregate(
        {"n": sa.func.count()},
        by={"chunk": log.column("chunk")},
        spans=[Span(start, datetime(2026, 11, 21, tzinfo=UTC))],
    )
    assert [tuple(row.values()) for row in rows] == [(2, 300), (3, 100)]


def test_keys_in_the_path_are_columns(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """Path keys become columns where the files lack them."""
    for region in ("emea", "amer"):
        # Each with requests of its own, as one that is logged again would count once.
        own = f"SELECT * REPLACE ('{region}-' || id AS id) FROM ({REQUESTS})"
        write(tmp_path / "log" / f"region={region}" / "a.parquet", own)
    log = opened(files="log/**/*.parquet", roles={**ROLES, "dimensions": ["region", "kind"]})
    rows = log.aggregate({"n": sa.func.count()}, by={"region": log.column("region")})
    assert [tuple(row.values()) for row in rows] == [("amer", 1000), ("emea", 1000)]


def test_a_page_shows_its_outcomes(declared: Make, opened: Callable[..., Log]) -> None:
    """A page of records has the rows and outcomes that all records have, however they are chosen.

    Outcomes are looked up for the page alone where they don't decide what is on it.
    """
    log = opened(**declared(TWICE))
    names = ["outcome", "time", "outcome_time", "kind"]
    guess = log.column("prediction")
    chosen: dict[str, tuple[list[Any], list[Any]]] = {
        "the newest": ([], [log.column("time").desc()]),
        "some of them": ([log.equals("kind", "B")], [guess, log.column("time")]),
        "with an outcome": ([log.column("outcome") == 1], [log.column("time").desc()]),
        "by outcome": ([], [log.column("outcome").desc().nulls_last(), log.column("time")]),
    }
    for said, (where, order) in chosen.items():
        (*batches,) = log.stream(names, spans=None, where=where, order=order)
        everything = [row for batch in batches for row in batch]
        page = log.records(names, spans=None, where=where, order=order, limit=40, offset=7)
        assert [tuple(row.values()) for row in page] == everything[7:47], said
        assert any(row["outcome"] is not None for row in page), said
