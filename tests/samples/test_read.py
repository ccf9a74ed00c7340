"""The samples as questions see them: read by the engine, through their declaration."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.samples.write import write_samples
from queries.core.doors.constructs import Rate
from queries.core.doors.rows import Dataset
from queries.core.errors import NotAnswerable
from queries.core.logs import Logs
from queries.core.times.spans import Span
from queries.sources.declaration.declare import declare
from queries.sources.opening import EngineSettings, open_logs
from tests.samples.conftest import AT, silent

LAST_DAY = Span(AT - timedelta(days=1), AT)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logs]:
    """Give the samples, written small and opened by their own plainlogs.toml."""
    folder = tmp_path_factory.mktemp("read")
    write_samples(folder, AT, 3, silent, rows_per_day=2_000, days=15)
    raw = tomllib.loads((folder / "plainlogs.toml").read_text(encoding="utf-8"))
    opened = open_logs(declare(raw["sources"], folder), EngineSettings(), lambda: AT)
    yield opened.logs(AT, ZoneInfo("Europe/Berlin"))
    opened.close()


@pytest.mark.parametrize("model", ["employment", "lending"])
def test_both_logs_are_read_whole(model: str, logs: Logs) -> None:
    """Nothing is left out; the log runs through to its end; the reference is there."""
    log = logs.of(model)
    through = log.data_through()
    assert through is not None
    assert timedelta(0) < AT - through < timedelta(minutes=5)
    outcome = Rate(log.equals("outcome", log.source.positive))
    for dataset in Dataset:
        (row,) = log.aggregate({"n": sa.func.count(), "share": outcome}, dataset=dataset)
        assert row["n"] > 1_000
        assert 0 < row["share"] < 1
    assert log.left_out == []


def test_the_planted_failure_is_seen_through_the_declaration(logs: Logs) -> None:
    """EMEA's failures and its empty input stand out by the roles and features that are declared."""
    log = logs.of("lending")
    by_region = {
        row["region"]: row
        for row in log.aggregate(
            {"failed": Rate(log.column("failed")), "empty": Rate(log.missing("income_band"))},
            by={"region": log.column("region")},
            spans=[LAST_DAY],
        )
    }
    emea = by_region.pop("EMEA")
    assert emea["failed"] > 3 * max(row["failed"] for row in by_region.values())
    assert emea["empty"] > 10 * max(row["empty"] for row in by_region.values())


def test_outcomes_are_joined_for_granted_loans_only(logs: Logs) -> None:
    """Of an older day, every granted loan has its outcome, and no declined one has any."""
    log = logs.of("lending")
    older = Span(AT - timedelta(days=12), AT - timedelta(days=11))
    rows = log.aggregate(
        {"n": sa.func.count(), "known": sa.func.count(log.column("outcome"))},
        by={"decision": log.column("decision")},
        spans=[older],
    )
    known = {row["decision"]: row["known"] / row["n"] for row in rows}
    assert known["approve"] == 1
    assert known["decline"] == 0


@pytest.mark.parametrize("column", ["applicant", "email", "sex", "age_group", "postcode_area"])
def test_what_tells_who_somebody_is_cannot_be_listed(column: str, logs: Logs) -> None:
    """Hidden and grouped columns are refused among records."""
    with pytest.raises(NotAnswerable):
        logs.of("lending").records([column], spans=[LAST_DAY], limit=1)
