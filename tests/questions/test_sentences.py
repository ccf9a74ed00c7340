"""True numbers, true sentences: each of a log whose numbers once made an untrue one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from queries.core.answer import Answer, Severity
from queries.core.errors import NotAnswerable
from tests.asking import asking, rows
from tests.sources.written import write

WEEK = 7 * 144
COLUMNS = {
    "ts": "stamp",
    "id": "'r' || i",
    "status": "CASE WHEN u < 0.01 THEN 500 ELSE 200 END",
    "region": "['north', 'south', 'west'][1 + i % 3]",
    "version": "CASE WHEN i BETWEEN 3000 AND 3600 THEN '2.0' ELSE '1.0' END",
}
ROLES = {
    "time": "ts",
    "request_id": "id",
    "status": "status",
    "version": "version",
    "dimensions": ["region"],
}


def said(folder: Path, text: str, query: str, **declared: Any) -> Answer:
    """Ask of a log that a query makes."""
    write(folder / "log.parquet", query)
    with asking({"m": {"files": "log.parquet", "roles": ROLES} | declared}, folder) as house:
        return house.answer(text)


def test_versions_that_never_served_at_once(tmp_path: Path) -> None:
    """After a hard rollback the two are compared as they are, and the rollout says why it can't."""
    query = rows(5 * WEEK, COLUMNS, every=600)
    answer = said(tmp_path, "compare m last 30 days", query)
    assert "version 2.0" in answer.headline
    assert any("never served at the same time" in each for each in answer.caveats)
    with pytest.raises(NotAnswerable, match="never served at the same time"):
        said(tmp_path, "rollout m last 30 days", query)


def test_traffic_that_is_doubled_all_the_time_has_no_end(tmp_path: Path) -> None:
    """Where requests are doubled in the whole time, no moment is told at which that ended."""
    doubled = rows(5 * 7 * 1440, COLUMNS, every=60)
    every = doubled.replace("SELECT ", "SELECT i, ", 1)
    query = (
        f"WITH log AS ({every}) SELECT * EXCLUDE (i) FROM log "
        "WHERE i % 2 = 0 OR ts >= (SELECT max(ts) - INTERVAL 1 DAY FROM log)"
    )
    answer = said(tmp_path, "traffic m last 6 hours", query)
    assert answer.severity is Severity.WARNING
    assert re.match(r"m: (2\.0|1\.9|twice)", answer.headline), answer.headline
    assert " from about " not in answer.headline


def test_what_stands_out_and_what_explains_agree(tmp_path: Path) -> None:
    """An answer that names the worst slice doesn't say that no column explains the change."""
    late = f"i >= {10 * WEEK - 288}"
    status = f"CASE WHEN u < CASE WHEN {late} AND i % 3 = 1 THEN 0.2 ELSE 0.01 END THEN 500 "
    answer = said(
        tmp_path,
        "slices m last 24 hours of errors",
        rows(10 * WEEK, COLUMNS | {"status": f"{status} ELSE 200 END"}, every=300),
    )
    told = " ".join(each.text for each in answer.findings)
    assert "region south" in answer.headline
    assert "No column explains it" not in told


ARMS = {
    "ts": "stamp",
    "who": "'u' || i",
    "arm": "CASE WHEN u < 0.5 THEN 'old' ELSE 'new' END",
    "bought": "CASE WHEN u >= 0.5 AND w < {missing} THEN NULL "
    "WHEN v < 0.2 THEN 'yes' ELSE 'no' END",
}
EXPERIMENT: dict[str, Any] = {
    "roles": {"time": "ts", "entity_id": "who", "variant": "arm", "dimensions": ["bought"]},
    "experiments": {
        "prices": {
            "split": {"old": 1, "new": 1},
            "ends": "2026-11-20",
            "metrics": {"bought": {"share": "bought", "value": "yes"}},
        }
    },
}


@pytest.mark.parametrize(
    ("missing", "headline"),
    [
        (0.25, "no winner can be named; “bought” is not known for 2"),
        (0.0, "no difference shown"),
    ],
)
def test_outcomes_that_one_arm_lacks_name_no_loser(
    tmp_path: Path, missing: float, headline: str
) -> None:
    """Equal arms, of which one lacks a quarter of its outcomes: that is told, and no winner is."""
    columns = ARMS | {"bought": ARMS["bought"].format(missing=missing)}
    answer = said(tmp_path, "experiment m", rows(14_000, columns, every=60), **EXPERIMENT)
    assert headline in answer.headline
    assert "did worse" not in answer.headline


JUDGED: dict[str, Any] = {
    "task": "binary",
    "positive": 1,
    "roles": {"time": "ts", "request_id": "id", "prediction": "said", "outcome": "came"},
    "reference": {"files": "reference.parquet"},
}


@pytest.mark.parametrize(
    ("requests", "verdict", "severity"),
    [
        (120, "m: no difference to the laboratory is shown:", Severity.UNKNOWN),
        (20_000, "m: no worse than in the laboratory:", Severity.GOOD),
    ],
)
def test_no_worse_is_said_where_worse_is_ruled_out(
    tmp_path: Path, requests: int, verdict: str, severity: Severity
) -> None:
    """Of few cases nobody knows whether it is worse: no difference is shown, nor is it green."""
    columns = {
        "ts": "stamp",
        "id": "'r' || i",
        "said": "(u < 0.5)::INTEGER",
        "came": "CASE WHEN i % 5 > 0 THEN (u < 0.5)::INTEGER ELSE (u >= 0.5)::INTEGER END",
    }
    write(tmp_path / "reference.parquet", rows(20_000, columns, salt="lab"))
    answer = said(tmp_path, "gap m all", rows(requests, columns, every=60), **JUDGED)
    assert answer.headline.startswith(verdict)
    assert answer.severity is severity


def test_a_score_in_another_unit_is_named(tmp_path: Path) -> None:
    """A mean of 0.40 that is 40 now is told as both, with the factor between them."""
    columns = COLUMNS | {
        "score": f"(0.3 + 0.2 * u) * CASE WHEN i >= {5 * WEEK - 144} THEN 100 ELSE 1 END"
    }
    scored = {"roles": ROLES | {"score": "score"}}
    answer = said(tmp_path, "outputs m last 24 hours", rows(5 * WEEK, columns, every=600), **scored)
    assert "0.4" in answer.headline
    assert "(100 times as much, as if its unit were another)" in answer.headline
