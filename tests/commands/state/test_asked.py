"""Every ask is on record under its run id."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from commands.ports import Person, Place
from commands.state.asked import Asked, NotRecorded, posted, recall, record

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
ASK = Asked(
    run="7f3a",
    question="errors lending last 24 hours by region",
    zone="Europe/Berlin",
    asked_at=NOW,
    asker=Person("U1", "ana", "Europe/Berlin", "ana@example.com"),
    place=Place("slack", "C1", "167.1"),
    start=NOW - timedelta(days=1),
    end=NOW,
    data_through=NOW - timedelta(minutes=1),
    rows_read=3_000_000_000,
    fingerprint="ab" * 32,
    severity="alarm",
    headline="lending: 3.4 times as many requests fail as usual",
)
BARE = Asked(
    "0", "find x", "UTC", NOW, Person("U2", "bo", "UTC"), Place("slack", "D1", private=True)
)


@pytest.mark.parametrize("ask", [ASK, replace(BARE, private=True), BARE])
def test_what_is_recorded_is_recalled(state: sa.Engine, ask: Asked) -> None:
    """A record comes back equal, with what is not known left empty."""
    record(state, ask)
    assert recall(state, ask.run) == ask


def test_a_run_asked_again_is_recorded_once(state: sa.Engine) -> None:
    """A digest's second attempt replaces the record of its first, and no other."""
    record(state, ASK)
    record(state, BARE)
    later = replace(ASK, rows_read=5, headline="lending: as usual")
    record(state, later)
    assert recall(state, ASK.run) == later
    assert recall(state, BARE.run) == BARE


def test_the_message_is_remembered(state: sa.Engine) -> None:
    """The id of the message that holds an answer is kept with its record."""
    record(state, ASK)
    posted(state, ASK.run, "1764.001")
    assert recall(state, ASK.run) == replace(ASK, message="1764.001")


def test_an_unknown_run_is_told(state: sa.Engine) -> None:
    """A run that is not on record is named, with what to do."""
    with pytest.raises(NotRecorded, match=r"run beef.*ask it again"):
        recall(state, "beef")
