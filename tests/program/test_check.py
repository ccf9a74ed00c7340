"""``plainlogs check``: each declared log with what is wrong with it, and none spoils another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.program.checked import Terminal
from tests.sources.written import write


def test_an_undated_log_is_fine(terminal: Terminal, tmp_path: Path) -> None:
    """A log that is declared without times is told as such."""
    (tmp_path / "a.csv").write_text("id,status\nr1,200\nr2,500\n")
    terminal.declare(
        m={
            "files": "a.csv",
            "undated": True,
            "roles": {"request_id": "id", "status": "status"},
        }
    )
    _, lines = terminal.check()
    assert lines == ["ok       log of m: undated, 3 columns"]


CAPITALS = "ID,TS,Status,MS\n" + "".join(
    f"r{i},2026-11-22 {i // 60:02d}:{i % 60:02d}:00,{500 if i % 20 == 0 else 200},{i}\n"
    for i in range(600)
)
SMALL = {"time": "ts", "request_id": "id", "status": "status", "latency_ms": "ms"}


def test_a_wrong_time_is_no_empty_log(terminal: Terminal, tmp_path: Path) -> None:
    """A time column that isn't there is named with the nearest, and the log is not called empty."""
    (tmp_path / "a.csv").write_text(CAPITALS)
    terminal.declare(m={"files": "a.csv", "roles": {"time": "ts", "request_id": "ID"}})
    said = "There is no column “ts” in the log; the nearest is “TS”."
    code, lines = terminal.check()
    assert code == 1
    assert said in lines[0]
    code, out = terminal.ask("traffic m yesterday")
    assert code == 2
    assert "no times that can be read: there is no column “ts” in the log; the" in out
    assert "empty" not in out


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (("early", "late"), "no time in “ts” can be read"),
        (("", ""), "of 2 rows none has one in “ts”"),
    ],
)
def test_times_that_are_none_are_no_empty_log(
    terminal: Terminal, tmp_path: Path, times: tuple[str, str], said: str
) -> None:
    """A column in which no time can be read is named, and the log is not called empty."""
    (tmp_path / "a.csv").write_text("id,ts\nr1,{}\nr2,{}\n".format(*times))
    terminal.declare(m={"files": "a.csv", "roles": {"time": "ts", "request_id": "id"}})
    code, lines = terminal.check()
    assert code == 1
    assert said in lines[0]
    code, out = terminal.ask("traffic m yesterday")
    assert code
    assert said in out


def test_times_to_come_are_no_empty_log(terminal: Terminal, tmp_path: Path) -> None:
    """Rows that all lie after now are told as such: the clock or the zone is wrong."""
    (tmp_path / "a.csv").write_text("id,ts\nr1,2100-01-01 00:00:00\n")
    terminal.declare(m={"files": "a.csv", "roles": {"time": "ts", "request_id": "id"}})
    code, lines = terminal.check()
    assert code == 1
    assert "Its first row is of 2100-01-01 00:00 UTC, which is still to come" in lines[0]
    code, out = terminal.ask("traffic m all time")
    assert "The first request in the log is of" in out
    assert "empty" not in out


def test_every_declared_column_is_compared(terminal: Terminal, tmp_path: Path) -> None:
    """Each declared column that no file holds is a line of its own, with the nearest there is."""
    (tmp_path / "a.csv").write_text(CAPITALS)
    roles = SMALL | {"time": "TS", "dimensions": ["regoin"], "features": ["Status"]}
    terminal.declare(m={"files": "a.csv", "roles": roles})
    code, lines = terminal.check()
    assert code == 1
    assert [line.partition(": ")[2] for line in lines[1:]] == [
        "There is no column “regoin” in the log. Correct `dimensions` under [sources.m.roles].",
        "There is no column “id” in the log; the nearest is “ID”. "
        "Correct `request_id` under [sources.m.roles].",
        "There is no column “status” in the log; the nearest is “Status”. "
        "Correct `status` under [sources.m.roles].",
        "There is no column “ms” in the log; the nearest is “MS”. "
        "Correct `latency_ms` under [sources.m.roles].",
    ]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (
            "Stauts = 200",
            "There is no column “Stauts” in the log; the nearest is “Status”. Correct",
        ),
        ("Status = 201", "m has no row that `where` under [sources.m] chooses: Status = 201."),
    ],
)
def test_rows_that_are_not_there_are_no_empty_log(
    terminal: Terminal, tmp_path: Path, where: str, said: str
) -> None:
    """Conditions that no row can meet, or none does, are named; the log is not called empty."""
    (tmp_path / "a.csv").write_text(CAPITALS)
    terminal.declare(m={"files": "a.csv", "where": where, "roles": {"time": "TS"}})
    code, lines = terminal.check()
    assert code == 1
    assert said in lines[0]
    code, out = terminal.ask("traffic m all time")
    assert code != 0
    assert said in out
    assert "empty" not in out


def test_a_question_names_the_nearest_column(terminal: Terminal, tmp_path: Path) -> None:
    """An ask that needs a column which isn't there says so, with the nearest; others answer."""
    (tmp_path / "a.csv").write_text(CAPITALS)
    terminal.declare(m={"files": "a.csv", "roles": SMALL | {"time": "TS", "request_id": "ID"}})
    code, out = terminal.ask("errors m yesterday")
    assert code == 2
    assert "no column “status”, which its declaration names for “status”" in out
    assert "The nearest it has is “Status”." in out
    code, out = terminal.ask("traffic m yesterday")
    assert code == 0
    assert "m:" in out


@pytest.mark.parametrize("key", ["Status", "outcome_of_it"])
def test_a_key_that_no_line_has(terminal: Terminal, tmp_path: Path, key: str) -> None:
    """A declared key that no JSON line has is an error and never “0 % of requests fail”."""
    lines = [
        {"id": f"r{i}", "ts": f"2026-11-22 {i // 60:02d}:{i % 60:02d}:00", key: 500, "ms": i}
        for i in range(600)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    terminal.declare(m={"files": "a.jsonl", "roles": SMALL})
    code, told = terminal.check()
    assert code == 1
    near = f"; the nearest is “{key}”" if key == "Status" else ""
    assert f"There is no column “status” in the log{near}." in told[1]
    code, out = terminal.ask("errors m yesterday")
    assert code == 2
    assert "no column “status”" in out
    assert "0 %" not in out


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("end - begin", "There is no column “begin” in the log; the nearest is “begun”."),
        ("request.tok", "There is no column “request.tok” in the log; the nearest is “request”."),
        ("request", "The column “request” in the log holds objects: name what in them is meant"),
    ],
)
@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_what_is_declared_of_a_column_may_be_wrong(
    terminal: Terminal, tmp_path: Path, role: str, said: str, suffix: str
) -> None:
    """A part of an expression, a path into an object, or the whole object is named as wrong."""
    made = "SELECT 'r' || i AS id, TIMESTAMP '2026-11-22' + i * INTERVAL '1 minute' AS ts, "
    made += "i * 2 AS \"end\", i AS begun, {'tokens': i} AS request FROM range(600) AS n(i)"
    write(tmp_path / f"a.{suffix}", made)
    roles = {"time": "ts", "request_id": "id", "latency_ms": role}
    terminal.declare(m={"files": f"a.{suffix}", "roles": roles})
    code, lines = terminal.check()
    assert code == 1
    assert said in lines[1]


def test_capitals_alone_differ_in_all_columns(terminal: Terminal, tmp_path: Path) -> None:
    """Where every declared column is written otherwise, those that there are are named."""
    (tmp_path / "a.csv").write_text(CAPITALS)
    terminal.declare(m={"files": "a.csv", "roles": SMALL})
    code, lines = terminal.check()
    assert code == 1
    assert "written otherwise there: “ID”, “TS”, “Status” and “MS”" in lines[0]
