"""Sharing a private answer with everyone where it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from commands.explain import explain
from commands.export import export
from commands.replies import Verb
from commands.share import share
from commands.state.asked import recall
from queries.core.errors import NotAnswerable
from tests.questions.planted import ANA, BEN, CHANNEL, NOW, Trip, small


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trip]:
    """A plainlogs over a small log."""
    with small(tmp_path_factory.mktemp("small")) as found:
        yield found


def test_a_shared_answer_is_the_one_that_was_seen(trip: Trip) -> None:
    """What is shared later is the answer of its own time, for where it was asked."""
    seen = trip.ask("find lending last hour where region = emea")
    trip.clock.now = NOW + timedelta(hours=3)
    try:
        reply, place = share(seen.provenance.run, ANA, trip.house.services)
    finally:
        trip.clock.now = NOW
    assert place == CHANNEL
    assert reply.intro == "Shared by ana"
    assert not reply.private
    assert reply.answer.tables == seen.answer.tables
    assert reply.provenance.run == seen.provenance.run
    assert Verb.SHARE not in {button.action.verb for button in reply.buttons}


def test_what_was_shared_opens_for_everybody(trip: Trip) -> None:
    """Before, spreadsheet and explanation are the asker's; afterwards everybody's."""
    services = trip.house.services
    run = trip.ask("find lending last hour").provenance.run
    for act in (export, explain):
        with pytest.raises(NotAnswerable):
            act(run, BEN, services)
    share(run, ANA, services)
    assert not recall(services.state, run).private
    assert export(run, BEN, services).content
    assert explain(run, BEN, services).text


def test_only_the_asker_may_share(trip: Trip) -> None:
    """Nobody can make another person's answer public, and nothing changes when they try."""
    run = trip.ask("find lending last hour").provenance.run
    with pytest.raises(NotAnswerable, match="Only the person who asked can share this"):
        share(run, BEN, trip.house.services)
    assert recall(trip.house.services.state, run).private
