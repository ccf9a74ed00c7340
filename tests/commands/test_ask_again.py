"""A recorded ask computed again: over its own range, and honest where the log has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from commands.explain import explain
from commands.export import export
from commands.replay import recorded_question, replay
from commands.state.asked import NotRecorded
from queries.core.errors import BadQuestion
from tests.questions.planted import ANA, NOW, Trip, declared, living, requests, small, write

CHANGED = "The log has changed since"


@pytest.fixture
def trip(tmp_path: Path) -> Iterator[Trip]:
    """A plainlogs over a small log that a test may change."""
    with small(tmp_path) as found:
        yield found


def add(trip: Trip, name: str, hours_ago: float, hours: float = 1.0) -> None:
    """Add a file of failed requests from so many hours ago on."""
    start = NOW - timedelta(hours=hours_ago)
    until = start + timedelta(hours=hours)
    write(trip.folder / "lending" / name, requests(start=start, until=until, failed="true"))


@pytest.mark.parametrize("text", ["errors lending last 24 hours", "find lending today"])
def test_a_replay_covers_the_recorded_range(trip: Trip, text: str) -> None:
    """Hours later, with newer rows in the log, the same range gives the same answer."""
    reply = trip.ask(text)
    add(trip, "newer.parquet", hours_ago=-1)
    trip.clock.now = NOW + timedelta(hours=3)
    again = replay(reply.provenance.run, trip.house.services)
    assert not again.changed
    assert again.computed.answer.headline == reply.answer.headline
    assert again.computed.provenance.start == reply.provenance.start
    assert again.computed.provenance.end == reply.provenance.end
    assert again.computed.provenance.asked_at == NOW
    assert CHANGED not in export(reply.provenance.run, ANA, trip.house.services).text


def test_rows_that_arrive_late_are_told_of(trip: Trip) -> None:
    """Where rows of the recorded range have arrived since, everything computed again says so."""
    run = trip.ask("errors lending last 24 hours").provenance.run
    add(trip, "late.parquet", hours_ago=3)
    services = trip.house.services
    assert replay(run, services).changed
    assert CHANGED in export(run, ANA, services).text
    assert "the log has changed since this was asked" in explain(run, ANA, services).text


def test_what_was_never_asked_is_not_on_record(trip: Trip) -> None:
    """A run that nobody asked is refused with what to do."""
    with pytest.raises(NotRecorded, match="Please ask it again"):
        replay("nothing", trip.house.services)


def test_a_model_that_is_gone_is_named(trip: Trip) -> None:
    """A question whose model is no longer declared says which are."""
    run = trip.ask("errors lending").provenance.run
    with (
        living(trip.folder, declared("loans", 'files = "lending/*.parquet"')) as later,
        pytest.raises(BadQuestion, match="lending"),
    ):
        recorded_question(run, later.house.services)
