"""A card says what a log holds, without anything that is not for everyone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from queries.core.errors import LogUnreadable
from queries.core.log import Log
from queries.sources.seen import look
from tests.conftest_postgres import load_table
from tests.sources.written import write

QUERY = """
    SELECT TIMESTAMP '2026-11-01' + i * INTERVAL '30 minutes' AS ts, 'r' || i AS id,
        CASE WHEN i < 100 THEN 'gone' WHEN i % 3 = 0 THEN 'amer' ELSE 'emea' END AS region,
        CASE WHEN i < 500 THEN 2.2 ELSE 2.3 END AS version,
        i % 2 = 0 AS mobile, 'person ' || i AS name,
        CASE WHEN i % 4 = 0 THEN 'f' ELSE 'm' END AS sex,
        i * 1.5 AS income
    FROM range(1000) AS n(i)
"""
DECLARED: dict[str, Any] = {
    "title": "Requests",
    "task": "binary",
    "simulated": True,
    "roles": {
        "time": "ts",
        "request_id": "id",
        "version": "version",
        "dimensions": ["region", "mobile"],
        "protected": ["sex"],
        "features": ["income", "lost"],
        "entity_id": "name",
    },
    "visibility": {"name": "hidden"},
}


@pytest.mark.parametrize("place", ["files", "postgresql"])
def test_a_card(place: str, tmp_path: Path, postgres_url: str, opened: Callable[..., Log]) -> None:
    """A card has the roles, open columns with kinds, and recent values, commonest first."""
    where: dict[str, str] = {"files": "log/*.parquet"}
    if place == "files":
        write(tmp_path / "log" / "a.parquet", QUERY)
    else:
        load_table(postgres_url, "seen", QUERY)
        where = {"url": postgres_url, "table": "seen"}
    card = look(opened(**DECLARED, **where))
    assert (card.name, card.title, card.task, card.simulated) == ("log", "Requests", "binary", True)
    assert card.roles == {"time", "request_id", "version"}
    assert card.columns == {
        "time": "time",
        "request_id": "text",
        "version": "text",
        "region": "text",
        "mobile": "boolean",
        "income": "number",
    }
    assert {name: set(values) for name, values in card.dimensions.items()} == {
        "region": {"emea", "amer"},
        "mobile": {"yes", "no"},
        "sex": {"m", "f"},
        "version": {"2.2", "2.3"},
    }
    assert (card.dimensions["region"], card.dimensions["sex"]) == (("emea", "amer"), ("m", "f"))
    assert (card.versions, card.features) == (card.dimensions["version"], ("income",))
    assert card.first == datetime(2026, 11, 1, tzinfo=UTC)
    assert card.data_through == datetime(2026, 11, 21, 19, 30, tzinfo=UTC)


def test_many_values_are_cut(tmp_path: Path, opened: Callable[..., Log]) -> None:
    """A dimension of very many values gives its 1,000 commonest ones."""
    write(tmp_path / "a.csv", "SELECT 'v' || least(i, 5000) AS d FROM range(6000) AS n(i)")
    card = look(opened(files="a.csv", undated=True, roles={"dimensions": ["d"]}))
    assert len(card.dimensions["d"]) == 1000
    assert card.dimensions["d"][0] == "v5000"
    assert (card.first, card.data_through, card.undated) == (None, None, True)


def test_outcomes_that_cannot_be_read_leave_the_rest(
    tmp_path: Path, opened: Callable[..., Log]
) -> None:
    """A card is filled as far as the places can be read."""
    write(tmp_path / "log" / "a.parquet", QUERY)
    outcomes = {"files": "out/*.csv", "request_id": "id", "outcome": "good"}
    card = look(opened(**DECLARED, files="log/*.parquet", outcomes=outcomes))
    assert "outcome" not in card.columns
    assert card.dimensions["region"] == ("emea", "amer")


def test_a_log_that_is_not_there_is_an_error(opened: Callable[..., Log]) -> None:
    """Looking at nothing says what to do."""
    with pytest.raises(LogUnreadable, match="No file matches"):
        look(opened(**DECLARED, files="log/*.parquet"))
