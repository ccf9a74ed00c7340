"""A log whose outcomes arrive later in their own file, and questions on how good its model is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commands.replies import Answered
from queries.core.answer import Answer, Finding
from tests.asking import asking, rows
from tests.questions.planted import write

CONFUSION = "Confusion matrix"
DAY = 288
"""Requests a day, one every five minutes."""

LOG = {
    "ts": "stamp",
    "id": "'r' || i",
    "region": "['emea', 'amer', 'apac'][1 + i % 3]",
    "score": "u",
    "prediction": "(u > 0.5)::INTEGER",
    "x": "v",
}
"""Right in about 94 % of cases; see ``OUTCOMES``."""
OUTCOMES = {
    "id": "'r' || i",
    "happened": "(0.8 * u + 0.2 * v > 0.5)::INTEGER",
    "came": "stamp + INTERVAL 36 HOURS",
}
WRONG = "CASE WHEN v < 0.2 THEN (u < 0.5) ELSE (u > 0.5) END::INTEGER"
"""Predictions of which a fifth is turned round."""
ROLES = {
    "time": "ts",
    "request_id": "id",
    "dimensions": ["region"],
    "features": ["x"],
    "score": "score",
    "prediction": "prediction",
}
DECLARED: dict[str, Any] = {
    "files": "log.parquet",
    "task": "binary",
    "roles": ROLES,
    "outcomes": {
        "files": "outcomes.parquet",
        "request_id": "id",
        "outcome": "happened",
        "outcome_time": "came",
    },
}
TIMELESS = {"files": "outcomes.parquet", "request_id": "id", "outcome": "happened"}
REFERENCE: dict[str, Any] = {"reference": {"files": "reference.parquet", "outcome": "happened"}}
SINCE_MONDAY = "CASE WHEN stamp >= TIMESTAMP '2026-11-16 12:00' THEN {} ELSE {} END"


def ask(
    folder: Path,
    text: str = "performance x last 7 days",
    *,
    log: Mapping[str, str] | None = None,
    happened: Mapping[str, str] | None = None,
    before: Mapping[str, str] | None = None,
    days: float = 12,
    kept: str = "SELECT * FROM ({})",
    **declared: Any,
) -> Answered:
    """Write a log, its outcomes (those ``kept`` of all) and a reference, and ask one question."""
    count = round(days * DAY)
    write(folder / "log.parquet", rows(count, {**LOG, **(log or {})}, every=300))
    all_outcomes = rows(count, {**OUTCOMES, **(happened or {})}, every=300)
    write(folder / "outcomes.parquet", kept.format(all_outcomes))
    columns = {**LOG, **OUTCOMES, **(before or {})}
    write(folder / "reference.parquet", rows(3000, columns, salt="before"))
    source = {key: each for key, each in (DECLARED | declared).items() if each is not None}
    with asking({"x": source}, folder) as house:
        return house.ask(text)


def answer(folder: Path, text: str = "performance x last 7 days", **given: Any) -> Answer:
    """The same, for the answer alone."""
    return ask(folder, text, **given).answer


def only(found: Answer, kind: str) -> Finding:
    """The one finding of a kind."""
    (one,) = [each for each in found.findings if each.kind == kind]
    return one


def table(found: Answer, title: str) -> list[dict[str, Any]]:
    """The rows of a table."""
    (one,) = [each for each in found.tables if each.title == title]
    names = [column.name for column in one.columns]
    return [dict(zip(names, row, strict=True)) for row in one.rows]


def metric(found: Answer, name: str, title: str = "How often") -> dict[str, Any]:
    """One line of the table of metrics."""
    (row,) = [row for row in table(found, title) if row["metric"] == name]
    return row
