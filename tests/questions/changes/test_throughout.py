"""What was so all the time that is asked for: no shift within it, but beyond its usual."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from queries.core.answer import Severity
from tests.asking import Asking, asking, rows
from tests.questions.planted import NOW, write

DECLARED = {
    "roles": {
        "time": "ts",
        "status": "status",
        "features": ["amount"],
        "dimensions": ["region", "channel"],
    },
}
SLICED = {
    "ts": "stamp",
    "amount": "100 + 900 * v",
    "channel": "['web', 'app', 'branch', 'phone'][1 + i % 4]",
    "region": "CASE WHEN u < 0.04 THEN 'south' WHEN u < 0.3 THEN 'east' ELSE 'west' END",
}
SINCE = f"stamp >= TIMESTAMP '{NOW - timedelta(days=3):%Y-%m-%d %H:%M}'"
RATES = {
    "quiet": "0.02",
    "everywhere": f"CASE WHEN {SINCE} THEN 0.05 ELSE 0.02 END",
    "east": f"CASE WHEN {SINCE} AND u BETWEEN 0.04 AND 0.3 THEN 0.12 ELSE 0.02 END",
    "south": f"CASE WHEN {SINCE} AND u < 0.04 THEN 0.3 ELSE 0.02 END",
}
"""How often requests fail, by log."""


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Five weeks of a request every minute; three days ago failures began that last."""
    folder = tmp_path_factory.mktemp("failing for days")
    for name, rate in RATES.items():
        status = f"CASE WHEN w < {rate} THEN 500 ELSE 200 END"
        query = rows(50_400, SLICED | {"status": status}, until=NOW.replace(tzinfo=None))
        write(folder / name / "log.parquet", query)
    sources = {name: {"title": name, "files": f"{name}/*.parquet", **DECLARED} for name in RATES}
    with asking(sources, folder, now=NOW) as services:
        yield services


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("everywhere", "failures have been high all that time"),
        ("east", "failures have been high in region east all that time"),
        ("south", "failures have been high in region south all that time"),
    ],
)
def test_failures_that_last_are_told_as_errors_tells_them(
    logs: Asking, log: str, said: str
) -> None:
    """Failing that began days ago is a change from usual, in a small region too; both alarm."""
    answer = logs.answer(f"changes {log} last 24 hours")
    assert answer.headline == f"{log}: {said}; no other change shown in the last 24 hours"
    assert answer.severity is Severity.ALARM
    assert logs.answer(f"errors {log} last 24 hours").severity is Severity.ALARM
    (failing,) = answer.tables[0].rows
    assert failing[:4] == (None, None, None, None)


def test_an_ordinary_day_has_no_such_place(logs: Asking) -> None:
    """Without more failures anywhere neither question says more than that."""
    answer = logs.answer("changes quiet last 24 hours")
    assert answer.headline == "quiet: no change shown in the last 24 hours"
    assert answer.severity is Severity.GOOD


def test_failures_that_began_in_one_small_place_have_their_onset(logs: Asking) -> None:
    """What is seen in one small region alone is told with its onset there."""
    answer = logs.answer("changes south 2026-11-18..2026-11-22")
    (failing,) = answer.tables[0].rows
    since = failing[0]
    assert isinstance(since, datetime)
    assert abs(since - (NOW - timedelta(days=3))) <= timedelta(hours=3)


@pytest.mark.parametrize("log", ["quiet", "east"])
def test_every_row_is_told_as_read_once(logs: Asking, log: str) -> None:
    """However many columns are searched, a row of the day and of four days before counts once."""
    provenance = logs.ask(f"changes {log} last 24 hours").provenance
    assert 0 < provenance.rows_read <= 5 * 24 * 60
