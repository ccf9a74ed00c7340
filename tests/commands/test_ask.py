"""Asking: the answer, what it was computed from, and a record of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from commands.ask import ask
from commands.replies import Action, Verb
from commands.state.asked import recall
from commands.state.tables import asked as table
from queries.core.errors import BadQuestion, Cancelled, NotAnswerable
from queries.core.grammar import parse
from tests.questions.planted import ANA, BEN, CHANNEL, NOW, Trip, small

TEXT = "errors lending last 24 hours by region"


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trip]:
    """A plainlogs over a small log."""
    with small(tmp_path_factory.mktemp("small")) as found:
        yield found


def recorded(trip: Trip) -> int:
    """How many asks are on record."""
    with trip.house.services.state.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_an_ask_is_recorded_with_what_it_meant(trip: Trip) -> None:
    """What was asked, by whom, where and when, and which absolute range it meant, is on record."""
    reply = trip.ask(TEXT, BEN)
    found = recall(trip.house.services.state, reply.provenance.run)
    assert (found.question, found.zone, found.asker, found.place) == (
        TEXT,
        "America/New_York",
        BEN,
        CHANNEL,
    )
    assert found.asked_at == NOW
    assert found.start == NOW - timedelta(days=1)
    assert found.end == NOW - timedelta(minutes=2) + timedelta(microseconds=1)
    assert found.data_through == NOW - timedelta(minutes=2)
    assert found.headline == reply.answer.headline
    assert found.severity == reply.answer.severity
    assert found.fingerprint
    assert found.rows_read == reply.provenance.rows_read
    assert not found.private


def test_a_time_before_the_log_is_not_passed_over(trip: Trip) -> None:
    """Where a log begins only within the time that was asked for, the answer says so."""
    told = "The log of lending begins at 09:30 on 13 Nov; what was before isn't known."
    assert trip.ask("traffic lending last 30 days", BEN).answer.caveats[-1] == told
    week = trip.ask("traffic lending last 7 days", BEN).answer
    assert not any("begins" in each for each in week.caveats)


def test_records_of_people_are_recorded_as_private(trip: Trip) -> None:
    """An answer with records of people is private whether asked so or not; others if asked so."""
    state = trip.house.services.state
    for text, wish, private in (
        ("find lending", False, True),
        (TEXT, True, True),
        (TEXT, False, False),
    ):
        reply = trip.ask(text, private=wish)
        assert reply.private is private
        assert recall(state, reply.provenance.run).private is private


def test_buttons_on_an_answer_carry_its_run_alone(trip: Trip) -> None:
    """What can be done with an answer is named by its run; a private one can be shared instead."""
    for reply, verbs in (
        (trip.ask(TEXT), [Verb.EXPORT, Verb.CHANGE, Verb.EXPLAIN, Verb.SCHEDULE]),
        (trip.ask("find lending"), [Verb.EXPORT, Verb.CHANGE, Verb.EXPLAIN, Verb.SHARE]),
    ):
        run = reply.provenance.run
        assert [each.action for each in reply.buttons] == [Action(verb, run) for verb in verbs]
        assert bool(reply.buttons[-1].confirm) == reply.private


def test_a_run_that_is_tried_again_is_recorded_once(trip: Trip) -> None:
    """A digest tried again keeps its run, and there is one record of it."""
    services = trip.house.services
    question = parse(TEXT, services.catalog(), ANA.tz)
    before = recorded(trip)
    for person in (ANA, BEN):
        assert ask(question, person, CHANNEL, services, run="slot").provenance.run == "slot"
    assert recorded(trip) == before + 1
    assert recall(services.state, "slot").asker == BEN


def test_what_could_not_be_answered_is_not_recorded(trip: Trip) -> None:
    """A refused question leaves no record."""
    before = recorded(trip)
    with pytest.raises(BadQuestion, match="future"):
        trip.ask("errors lending tomorrow")
    with pytest.raises(NotAnswerable, match="comparable"):
        trip.ask("inputs lending last 10 days against usual")
    assert recorded(trip) == before


def test_a_cancelled_ask_stops_and_leaves_no_record(trip: Trip) -> None:
    """An asker who cancels is answered so, and nothing is kept."""
    services = trip.house.services
    question = parse(TEXT, services.catalog(), ANA.tz)
    before = recorded(trip)
    with pytest.raises(Cancelled):
        ask(question, ANA, CHANNEL, services, cancelled=lambda: True)
    assert recorded(trip) == before


def test_progress_is_told_while_it_works(trip: Trip) -> None:
    """Whoever waits is told what is being done."""
    services = trip.house.services
    told: list[str] = []
    question = parse("find lending", services.catalog(), ANA.tz)
    ask(question, ANA, CHANNEL, services, progress=lambda what, _share: told.append(what))
    assert "Looking for the records" in told


def test_a_question_is_asked_at_the_time_of_the_clock(trip: Trip) -> None:
    """The same words an hour earlier mean an earlier range."""
    services = replace(trip.house.services, clock=lambda: NOW - timedelta(hours=1))
    question = parse("errors lending last hour", services.catalog(), ANA.tz)
    origin = ask(question, ANA, CHANNEL, services).provenance
    assert origin.start == NOW - timedelta(hours=2)
    assert origin.asked_at == NOW - timedelta(hours=1)
