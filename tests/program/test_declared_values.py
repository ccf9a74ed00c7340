"""Declared values that never occur: an error of ``check``, and no answer that counts them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.asking import NOW, rows
from tests.program.checked import Terminal
from tests.sources.written import write

ROLES = {
    "time": "ts",
    "request_id": "id",
    "status": "status",
    "version": "version",
    "score": "score",
    "prediction": "said",
    "decision": "decided",
    "outcome": "happened",
    "variant": "arm",
    "dimensions": ["region"],
}
COLUMNS = {
    "ts": "stamp",
    "id": "'r' || i",
    "region": "['EU', 'US'][1 + i // 2 % 2]",
    "version": "['1.0', '2.0'][1 + i % 2]",
    "score": "u",
    "said": "CASE WHEN u < 0.4 THEN 'yes' ELSE 'no' END",
    "happened": "CASE WHEN v < 0.4 THEN 'yes' ELSE 'no' END",
    "decided": "CASE WHEN u < 0.4 THEN 'approve' ELSE 'decline' END",
    "status": "CASE WHEN w < 0.02 THEN 'broke' ELSE 'fine' END",
    "arm": "['old', 'new'][1 + i % 2]",
}
RIGHT: dict[str, Any] = {
    "files": "log.parquet",
    "task": "binary",
    "positive": "yes",
    "favourable": "approve",
    "ok_status": ["fine"],
    "roles": ROLES,
}
ARMS = {
    "split": {"old": 1, "neu": 1},
    "unit": "request_id",
    "metrics": {"scored": {"mean": "score"}},
}


def log(folder: Path, requests: int = 5000, **columns: str) -> None:
    """Write requests every ten minutes."""
    write(folder / "log.parquet", rows(requests, COLUMNS | columns, every=600))


def test_a_right_declaration_has_no_doubt(terminal: Terminal, tmp_path: Path) -> None:
    """Where every declared value occurs, one line says that all is well."""
    log(tmp_path)
    terminal.declare(m=RIGHT)
    _, lines = terminal.check()
    assert [line[:12] for line in lines] == ["ok       log"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"positive": 1}, "`positive` is 1, which never occurs among the 5,000 values of"),
        ({"favourable": "accept"}, "`favourable` is “accept”, which never occurs"),
        ({"decided": ["aproved"]}, "`decided` is “aproved”, which never occurs"),
        ({"ok_status": [200, 204]}, "`ok_status` is 200 and 204, of which none occurs"),
        ({"experiments": {"e": ARMS}}, "`experiments.e.split` is “neu”, which never occurs"),
    ],
)
def test_a_value_that_never_occurs_is_an_error(
    terminal: Terminal, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    """Each declared value that never occurs is named, with those that do and what to correct."""
    log(tmp_path)
    terminal.declare(m=RIGHT | changes)
    code, lines = terminal.check()
    assert code == 1
    assert lines[1].startswith("missing ")
    assert said in lines[1]
    assert "; there " in lines[1]
    assert "under [sources.m] in plainlogs.toml." in lines[1]


@pytest.mark.parametrize(
    "question",
    ["performance m", "calibration m", "estimate m", "gap m", "slices m of performance"],
)
def test_no_number_is_told_of_a_positive_that_never_occurs(
    terminal: Terminal, tmp_path: Path, question: str
) -> None:
    """A question about right answers says what is wrong, and which values there are instead."""
    log(tmp_path)
    terminal.declare(m=RIGHT | {"positive": 1})
    code, out = terminal.ask(question)
    assert code == 2
    assert "`positive` is 1, which never occurs" in out
    assert "“no” (58" in out
    assert "“yes” (41" in out


@pytest.mark.parametrize("question", ["outputs m", "rollout m", "changes m today"])
def test_others_tell_of_everything_else(terminal: Terminal, tmp_path: Path, question: str) -> None:
    """A question that tells several things leaves out what depends on it, and says why."""
    log(tmp_path)
    terminal.declare(m=RIGHT | {"positive": 1, "favourable": "accept", "ok_status": [200]})
    code, out = terminal.ask(question)
    assert code == 0
    assert "`positive` is 1, which never occurs" in out
    assert "`favourable` is “accept”, which never occurs" in out
    assert "“1” in 0 %" not in out
    assert "100 % of requests" not in out


def test_health_is_not_green_about_it(terminal: Terminal, tmp_path: Path) -> None:
    """The overview says that the model isn't declared as its log is."""
    log(tmp_path)
    terminal.declare(m=RIGHT | {"positive": 1})
    _, out = terminal.ask("health")
    assert out.startswith("! m needs a look: it isn't declared as its log is: `positive` is 1")


def test_good_statuses_that_never_occur_fail_no_request(terminal: Terminal, tmp_path: Path) -> None:
    """Where none of the good statuses ever occurs, nobody is told that every request fails."""
    log(tmp_path)
    terminal.declare(m=RIGHT | {"ok_status": [200]})
    code, out = terminal.ask("errors m yesterday")
    assert code == 2
    assert "`ok_status` is 200, which never occurs" in out
    assert "“fine” (98" in out


def test_a_good_status_that_its_column_can_not_hold(terminal: Terminal, tmp_path: Path) -> None:
    """A word among numbers is no good status, however few requests there are to tell by."""
    log(tmp_path, 100, status="200")
    terminal.declare(m=RIGHT | {"ok_status": ["fine", 200]})
    _, out = terminal.ask("errors m yesterday")
    assert "0 of 28 requests failed" in out
    terminal.declare(m=RIGHT | {"ok_status": ["fine"]})
    code, out = terminal.ask("errors m yesterday")
    assert code == 0
    assert "100 %" in out


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(
    ("status", "there"),
    [
        ("CASE WHEN w < 0.02 THEN 1 ELSE 0 END", "there are “0” (98 %) and “1” (2"),
        ("CASE WHEN w < 0.02 THEN 999 ELSE 0 END", "there are “0” (98 %) and “999” (2"),
        ("CASE WHEN w < 0.02 THEN '-1' ELSE '0' END", "there are “0” (98 %) and “-1” (2"),
        ("CASE WHEN w < 0.02 THEN 'bad' ELSE 'fine' END", "there are “fine” (98 %) and “bad”"),
        ("CASE WHEN w < 0.02 THEN 'error' ELSE 'booked' END", "there are “booked” (98 %) and"),
    ],
)
def test_a_status_that_says_nothing_by_itself(
    terminal: Terminal, tmp_path: Path, status: str, there: str, suffix: str
) -> None:
    """Whether 0 or 1 is good, nobody tells by looking: it is asked for, and nothing told."""
    write(tmp_path / f"log.{suffix}", rows(5000, COLUMNS | {"status": status}, every=600))
    undeclared = RIGHT | {"files": f"log.{suffix}", "ok_status": []}
    terminal.declare(m=undeclared)
    code, lines = terminal.check()
    said = "`ok_status` isn't declared, and none of the 5,000 values of “status” says by itself"
    assert code == 1
    assert said in lines[1]
    assert there in lines[1]
    assert "List the good ones as `ok_status` under [sources.m] in plainlogs.toml." in lines[1]


@pytest.mark.parametrize("status", ["CASE WHEN w < 0.02 THEN 1 ELSE 0 END", "'booked'"])
def test_nothing_is_told_of_failures_then(terminal: Terminal, tmp_path: Path, status: str) -> None:
    """What asks about failures is refused with what to declare; all else leaves them out."""
    log(tmp_path, status=status)
    terminal.declare(m=RIGHT | {"ok_status": []})
    said = "`ok_status` isn't declared, and none of the 5,000 values of “status” says by itself"
    for question in ("errors m yesterday", "slices m yesterday of errors"):
        code, out = terminal.ask(question)
        assert code == 2
        assert said in out
    for question in ("health m", "changes m yesterday", "rollout m yesterday"):
        _, out = terminal.ask(question)
        assert said in out
        assert "of requests failed" not in out


@pytest.mark.parametrize("status", ["CASE WHEN w < 0.02 THEN 500 ELSE 503 END", "'timeout'"])
def test_a_log_of_failures_alone_fails(terminal: Terminal, tmp_path: Path, status: str) -> None:
    """Where every status plainly says that the request failed, that is told."""
    log(tmp_path, status=status)
    terminal.declare(m=RIGHT | {"ok_status": []})
    code, out = terminal.ask("errors m yesterday")
    assert code == 0
    assert "100 %" in out


def test_words_of_one_column_alone_are_other_words(terminal: Terminal, tmp_path: Path) -> None:
    """Predictions in words that outcomes never have can't be right: that is told, not 0 %."""
    log(tmp_path, happened="CASE WHEN v < 0.4 THEN 1 ELSE 0 END")
    terminal.declare(m=RIGHT)
    code, out = terminal.ask("performance m")
    assert code == 2
    assert "`positive` declared" not in out
    assert "“yes”" in out


CLASSES = "['basic', 'plus', 'pro'][1 + i % 3]"


@pytest.mark.parametrize(
    ("classes", "said", "code"),
    [
        (["basic", "plus", "prro"], "`classes` is “prro”, which never occurs among the 5,000", 0),
        (["b", "c"], "`classes` is “b” and “c”, of which none occurs among the 5,000 values", 2),
    ],
)
def test_a_class_that_never_occurs(
    terminal: Terminal, tmp_path: Path, classes: list[str], said: str, code: int
) -> None:
    """A misspelt class is told beside the answer; where all are, there is no answer."""
    log(tmp_path, said=CLASSES, happened=CLASSES)
    terminal.declare(m=RIGHT | {"task": "multiclass", "classes": classes})
    failed, lines = terminal.check()
    assert failed == 1
    assert any(f"`classes` is “{classes[-1]}”, which never occurs" in line for line in lines)
    asked, out = terminal.ask("performance m")
    assert asked == code
    assert said in out
    assert "there is “pro”" in out if code == 0 else "there are “basic”" in out


def test_what_is_only_rare_is_no_error(terminal: Terminal, tmp_path: Path) -> None:
    """A positive that hasn't occurred yet is told as unknown, with how rare it may be."""
    log(tmp_path, 120, said="'no'", happened="'no'")
    terminal.declare(m=RIGHT)
    _, lines = terminal.check()
    assert lines[1].startswith("optional ")
    assert "`positive` is “yes”, which hasn't occurred in 120 requests" in lines[1]
    assert "less than 2.5 % are that" in lines[1]


def test_values_that_not_everybody_may_see_are_not_listed(
    terminal: Terminal, tmp_path: Path
) -> None:
    """Of a grouped column only the declared value is named, never those that occur."""
    log(tmp_path)
    visibility = {"said": "grouped", "happened": "grouped"}
    terminal.declare(m=RIGHT | {"positive": 1, "visibility": visibility})
    _, lines = terminal.check()
    assert "`positive` is 1, which never occurs" in lines[1]
    assert "yes" not in lines[1]


def test_a_value_of_long_ago_occurs(terminal: Terminal, tmp_path: Path) -> None:
    """A value that occurred only before the newest days is a right one."""
    long_ago = f"stamp < TIMESTAMP '{NOW - timedelta(days=20):%Y-%m-%d}'"
    only = "CASE WHEN {} AND {} < 0.4 THEN 'yes' WHEN {} THEN 'no' ELSE 'none' END"
    log(tmp_path, said=only.format(long_ago, "u", "u < 0.7"), happened="'no'")
    terminal.declare(m=RIGHT)
    _, lines = terminal.check()
    assert len(lines) == 1


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("NULL::VARCHAR", "The column “status” has no value in any of 5,000 rows."),
        (
            f"CASE WHEN stamp < TIMESTAMP '{NOW - timedelta(days=15):%Y-%m-%d}' THEN 'fine' END",
            "has no value in the newest 2,016 rows, and had some before. Is it called otherwise",
        ),
    ],
    ids=["never", "no longer"],
)
def test_a_column_without_a_value_is_an_error(
    terminal: Terminal, tmp_path: Path, status: str, said: str, suffix: str
) -> None:
    """A declared column that is there and holds nothing, ever or any more, is named."""
    query = rows(5000, COLUMNS | {"status": status, "seen": "i"}, every=600)
    write(tmp_path / f"log.{suffix}", f"SELECT * FROM ({query})")
    terminal.declare(m=RIGHT | {"files": f"log.{suffix}", "ok_status": ["fine"]})
    code, lines = terminal.check()
    assert code == 1
    assert said in lines[1]


def test_errors_that_were_never_logged_are_not_known(terminal: Terminal, tmp_path: Path) -> None:
    """A log that only tells errors, and never told one, isn't as usual: nobody knows."""
    log(tmp_path, error="NULL::VARCHAR")
    roles = {**ROLES, "error": "error"}
    del roles["status"]
    terminal.declare(m=RIGHT | {"roles": roles, "ok_status": []})
    _, out = terminal.ask("errors m yesterday")
    assert "m: it isn't known whether requests failed yesterday, as “error” is empty" in out
    log(tmp_path, error="CASE WHEN i = 7 THEN 'timeout' END")
    _, out = terminal.ask("errors m yesterday")
    assert "isn't known" not in out
