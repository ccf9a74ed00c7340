"""A log's two doors: what passes, what is refused, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queries.core.doors.constructs import Quantile, Rate
from queries.core.errors import BadQuestion, Cancelled, NotAnswerable
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.logs import Logs
from queries.core.times.spans import Span
from queries.sources.declaration.declare import declare
from queries.sources.opening import EngineSettings, open_logs
from tests.sources.written import write

QUERY = """
    SELECT TIMESTAMP '2026-11-20' + i * INTERVAL '1 minute' AS ts, 'r' || i AS id,
        CASE WHEN i % 10 = 0 THEN NULL WHEN i % 3 = 0 THEN 'amer' ELSE 'emea' END AS region,
        CASE WHEN i % 100 = 7 THEN 'timeout' WHEN i % 100 = 8 THEN '' END AS error,
        CASE WHEN i % 50 = 9 THEN 503 WHEN i % 50 <> 10 THEN 200 END AS status,
        i % 2 = 0 AS mobile, 'person ' || i AS name,
        CASE WHEN i % 4 = 0 THEN 'f' ELSE 'm' END AS sex,
        CASE WHEN i % 20 = 0 THEN 'NaN'::DOUBLE WHEN i % 20 <> 1 THEN i * 1.5 END AS income,
        CASE WHEN i % 2 = 0 THEN 'yes' ELSE 'no' END AS decision
    FROM range(1000) AS n(i)
"""
ROLES = {
    "time": "ts",
    "request_id": "id",
    "error": "error",
    "status": "status",
    "decision": "decision",
    "entity_id": "name",
    "dimensions": ["region", "mobile"],
    "protected": ["sex"],
    "features": ["income"],
}
DAY = Span(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))
N = {"n": sa.func.count()}

Open = Callable[..., Logs]


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Open]:
    """Open the log, declared with some keys changed, and give what an ask may touch."""
    write(tmp_path / "a.parquet", QUERY)
    opened = []

    def open_(**changes: Any) -> Logs:
        declared = {"title": "Loans", "files": "a.parquet", "roles": ROLES}
        declared |= {"visibility": {"name": "hidden"}} | changes
        now = datetime(2026, 11, 23, tzinfo=UTC)
        logs = open_logs(declare({"loans": declared}, tmp_path), EngineSettings(), lambda: now)
        opened.append(logs)
        return logs.logs()

    yield open_
    for logs in opened:
        logs.close()


@pytest.fixture
def log(opening: Open) -> Log:
    """Give the log as it is declared."""
    return opening().of("loans")


def count(log: Log, *where: sa.ColumnElement[bool]) -> int:
    """Count the rows that fulfil conditions."""
    return int(log.aggregate(N, where=where)[0]["n"])


def test_measures_without_groups_are_one_row(log: Log) -> None:
    """Even over no rows at all there is one row: a count of 0 and measures of None."""
    measures = {**N, "mean": sa.func.avg(log.column("income")), "rate": Rate(log.column("failed"))}
    assert log.aggregate(measures, where=[sa.false()]) == [{"n": 0, "mean": None, "rate": None}]
    assert log.aggregate(measures, spans=[]) == [{"n": 0, "mean": None, "rate": None}]
    assert log.aggregate(N) == [{"n": 1000}]


def test_groups_are_ordered_with_missing_last(log: Log) -> None:
    """Rows come in the order of their groups, whatever the engine does; no value comes last."""
    rows = log.aggregate(N, by={"region": log.column("region"), "mobile": log.column("mobile")})
    assert [(row["region"], row["mobile"]) for row in rows] == [
        ("amer", False), ("amer", True), ("emea", False), ("emea", True), (None, True),
    ]  # fmt: skip
    assert sum(row["n"] for row in rows) == 1000


def test_quantiles_of_one_number_share_a_pass(log: Log) -> None:
    """Several quantiles of the same expression are one list in the SQL, each under its name."""
    amount = log.column("income")
    known = sa.not_(log.missing("income"))
    measures = {
        "low": Quantile(amount, 0.1),
        "n": sa.func.count(),
        "high": Quantile(amount, 0.9),
        "other": Quantile(amount * 2, 0.9),
    }
    (row,) = log.aggregate(measures, where=[known])
    assert log.statements[-1].sql.count("quantile_cont") == 2
    assert row["other"] == pytest.approx(2 * row["high"])
    singles = [
        log.aggregate({"q": measures[name]}, where=[known])[0]["q"] for name in ("low", "high")
    ]
    assert [row["low"], row["high"]] == singles
    assert log.aggregate(measures, where=[sa.false()]) == [
        {"low": None, "n": 0, "high": None, "other": None}
    ]


def test_failed_is_an_error_or_a_bad_status(log: Log, opening: Open) -> None:
    """A request failed when it names an error or its status is 400 or more, and by nothing else."""
    failed = log.column("failed")
    assert count(log, failed) == 10 + 20
    assert count(log, sa.not_(failed)) == 950
    # Of those without any status nothing is known, while others have one.
    assert count(log, failed.is_(None)) == 20
    by_error = opening(roles={key: ROLES[key] for key in ("time", "error")}).of("loans")
    assert count(by_error, by_error.column("failed")) == 10
    strict = opening(ok_status=[503]).of("loans")
    assert count(strict, strict.column("failed")) == 960


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        (Filter("region", "=", ("emea",)), 600),
        (Filter("region", "!=", ("emea",)), 400),
        (Filter("region", "in", ("emea", "amer")), 900),
        (Filter("region", "not in", ("amer", "apac")), 700),
        (Filter("region", "is missing"), 100),
        (Filter("region", "is present"), 900),
        (Filter("error", "is missing"), 990),
        (Filter("income", "is missing"), 100),
        (Filter("income", ">=", ("750",)), 450),
        (Filter("income", "<", ("15",)), 8),
        (Filter("status", "=", ("503",)), 20),
        (Filter("mobile", "=", ("yes",)), 500),
        (Filter("mobile", "!=", ("true",)), 500),
        (Filter("time", "<", ("2026-11-20 01:00",)), 60),
        (Filter("time", ">=", ("2026-11-20T11:00:00+01:00",)), 400),
        (Filter("decision", "=", ("yes' or '1'='1",)), 0),
        (Filter("failed", "=", ("yes",)), 30),
    ],
)
def test_filters(filter_: Filter, expected: int, log: Log) -> None:
    """Each operator keeps the rows it says; negations keep rows that have no value."""
    assert count(log, *log.matches([filter_])) == expected


@pytest.mark.parametrize(
    "filter_",
    [
        Filter("income", "=", ("much",)),
        Filter("mobile", "=", ("perhaps",)),
        Filter("time", ">", ("soon",)),
        Filter("region", "<", ("emea",)),
    ],
)
def test_values_that_do_not_fit_are_refused(filter_: Filter, log: Log) -> None:
    """A value that is not of the column's kind is a problem of the filter, before any SQL."""
    with pytest.raises(BadQuestion) as caught:
        log.matches([filter_])
    assert caught.value.problems[0].parameter == "where"
    assert log.statements == []


def test_hidden_columns_pass_no_door(log: Log) -> None:
    """A hidden column is not there, and no door, expression or filter brings it out."""
    assert not log.has("entity_id")
    hidden = sa.column("entity_id", sa.String())
    for attempt in (
        lambda: log.column("entity_id"),
        lambda: log.kind("entity_id"),
        lambda: log.matches([Filter("entity_id", "=", ("person 1",))]),
        lambda: log.records(["entity_id"], spans=None, limit=1),
        lambda: next(log.stream(["entity_id"], spans=None)),
        lambda: log.records(["request_id"], spans=None, order=[hidden], limit=1),
        lambda: log.aggregate(N, by={"who": hidden}),
        lambda: log.aggregate({"who": sa.func.max(hidden)}),
        lambda: log.aggregate(N, where=[sa.func.lower(hidden) == "person 1"]),
        lambda: log.relation({"who": sa.func.lower(hidden)}),
    ):
        with pytest.raises(NotAnswerable, match="“entity_id” of Loans is hidden"):
            attempt()
    assert log.statements == []


def test_failed_hides_what_it_is_made_of(opening: Open) -> None:
    """Where the error is hidden, whether a request failed is hidden too."""
    log = opening(visibility={"error": "hidden"}).of("loans")
    assert not log.has("failed")
    with pytest.raises(NotAnswerable, match="“failed” of Loans is hidden"):
        log.column("failed")


def test_grouped_columns_are_only_split_by(log: Log) -> None:
    """A protected attribute splits and is counted, but is never listed, chosen by or picked."""
    sex = log.column("sex")
    assert log.aggregate({**N, "f": Rate(sex == "f")}, by={"sex": sex}) == [
        {"sex": "f", "n": 250, "f": 1.0},
        {"sex": "m", "n": 750, "f": 0.0},
    ]
    rows = log.relation({"sex": sex, "income": log.column("income")})
    for attempt in (
        lambda: log.records(["sex"], spans=None, limit=1),
        lambda: next(log.stream(["sex"], spans=None)),
        lambda: log.aggregate(N, where=[sex == "f"]),
        lambda: log.relation({"income": log.column("income")}, where=[sex == "f"]),
        lambda: log.aggregate({"s": sa.func.max(sex)}, by={"id": log.column("request_id")}),
        lambda: log.aggregate({"s": sa.func.string_agg(sex, ",")}),
        lambda: log.run(sa.select(rows.c.sex)),
        lambda: log.run(sa.select(rows.alias("other").c.sex)),
    ):
        with pytest.raises(NotAnswerable, match="“sex” of Loans can only be split by"):
            attempt()
    grouped = sa.select(rows.c.sex, sa.func.count().label("n")).group_by(rows.c.sex)
    assert len(log.run(grouped)) == 2


def test_missing_columns_are_explained(log: Log) -> None:
    """What a source lacks is named with the key that would make it answerable."""
    with pytest.raises(NotAnswerable, match=r"no column for “latency_ms”.*\[sources\.loans\.roles"):
        log.column("latency_ms")
    with pytest.raises(NotAnswerable, match="Did you mean “income”"):
        log.column("incme")
    with pytest.raises(NotAnswerable, match=r"\[sources\.loans\.chunks\]"):
        log.column("chunk")


def test_an_undated_log_has_no_spans(opening: Open) -> None:
    """Asking an undated log for a span names the role that it lacks."""
    log = opening(undated=True, roles={"dimensions": ["region"]}).of("loans")
    assert log.extent() is None
    assert log.data_through() is None
    assert log.aggregate(N) == [{"n": 1000}]
    with pytest.raises(NotAnswerable, match="no column for “time”"):
        log.aggregate(N, spans=[DAY])


def test_records_are_a_page(log: Log) -> None:
    """A page of rows comes in the order asked for, each a dict of the columns asked for."""
    page = log.records(
        ["time", "region", "failed", "status"],
        spans=[DAY],
        where=[log.column("failed")],
        order=[log.column("time").desc()],
        limit=2,
        offset=1,
    )
    nine = datetime(2026, 11, 20, 15, 9, tzinfo=UTC)
    seven = nine.replace(minute=7)
    assert page == [
        {"time": nine, "region": "amer", "failed": True, "status": 503},
        {"time": seven, "region": "emea", "failed": True, "status": 200},
    ]


def test_statements_are_kept(log: Log) -> None:
    """Every statement is kept with its SQL, its parameters as text, and the rows it rests on."""
    log.aggregate(N, by={"r": log.column("region")}, spans=[DAY], where=[log.column("mobile")])
    (statement,) = log.statements
    assert statement.rows == 500
    assert statement.sql.startswith("SELECT region AS r, count(*) AS n")
    assert {"2026-11-20 00:00:00", "2026-11-21 00:00:00", "a.parquet"} <= {
        *statement.parameters.values()
    }
    assert all(mark in statement.sql for mark in statement.parameters)
    assert statement.seconds > 0


def test_only_mentioned_columns_are_read(log: Log) -> None:
    """The SQL names the columns that the expressions mention, and no other."""
    log.aggregate({"m": sa.func.avg(log.column("income"))}, where=[log.column("mobile")])
    sql = log.statements[-1].sql
    assert "raw.income" in sql
    assert "raw.mobile" in sql
    assert not [name for name in ("raw.ts", "raw.region", "raw.error", "raw.id") if name in sql]


def test_windows_run_over_relations(log: Log) -> None:
    """A relation's rows can be ranked, and the result is read in one statement."""
    rows = log.relation({"x": log.column("income"), "k": log.column("region")}, spans=[DAY])
    place = sa.func.row_number().over(partition_by=rows.c.k, order_by=rows.c.x).label("place")
    ranked = (
        sa.select(rows.c.k, rows.c.x, place).where(rows.c.x < 1e9, rows.c.k.is_not(None)).subquery()
    )
    best = sa.select(ranked.c.k, ranked.c.x).where(ranked.c.place == 1).order_by(ranked.c.k)
    assert log.run(best) == [{"k": "amer", "x": 4.5}, {"k": "emea", "x": 3.0}]


@pytest.mark.parametrize(
    "select",
    [
        sa.text("SELECT 1"),
        sa.insert(sa.table("t", sa.column("a"))),
        sa.select(sa.text("1")),
        sa.select(sa.literal(1)).where(sa.text("1 = 1")),
    ],
)
def test_only_built_selects_run(select: Any, log: Log) -> None:
    """What is no SELECT, or holds SQL as text, is refused before it reaches an engine."""
    with pytest.raises(TypeError, match="a log runs"):
        log.run(select)
    assert log.statements == []


def test_declared_values_fit_the_column(log: Log) -> None:
    """A declared 503 equals a logged 503 and "503"; yes equals true."""
    assert count(log, log.equals("status", 503)) == count(log, log.equals("status", "503")) == 20
    assert count(log, log.equals("mobile", True)) == count(log, log.equals("mobile", 1)) == 500
    assert count(log, log.equals("region", "emea")) == 600


def test_overlapping_spans_count_rows_once(log: Log) -> None:
    """Rows in two spans are one row, of the first span that they lie in."""
    hours = [datetime(2026, 11, 20, hour, tzinfo=UTC) for hour in range(5)]
    spans = [Span(hours[1], hours[3]), Span(hours[2], hours[4]), Span(hours[0], hours[0])]
    rows = log.aggregate(N, by={"period": log.period(spans)}, spans=spans)
    assert [tuple(row.values()) for row in rows] == [(0, 120), (1, 60)]


def test_an_unknown_model_names_the_nearest(opening: Open) -> None:
    """A model that is not there is a problem of that parameter, with what there is."""
    with pytest.raises(BadQuestion) as caught:
        opening().of("laons")
    assert caught.value.problems[0].parameter == "model"
    assert caught.value.problems[0].nearest == ("loans",)


def test_a_cancelled_ask_reads_nothing(opening: Open) -> None:
    """Once an ask is cancelled, its logs give nothing more."""
    logs = opening()
    log = logs.of("loans")
    logs.cancelled = lambda: True
    with pytest.raises(Cancelled):
        logs.check_cancelled()
    with pytest.raises(Cancelled):
        logs.of("loans")
    assert log.statements == []
