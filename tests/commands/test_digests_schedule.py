"""“Every morning…”: the form, what it says back, what is stored; listing and deleting."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from commands.digests.listing import NotYours, delete, list_digests
from commands.digests.schedule import CannotSchedule, create, echo, schedule_form
from commands.ports import Place
from commands.replies import Choice, Note, Refused, Verb
from commands.state import schedules
from commands.state.asked import NotRecorded, record
from queries.core.errors import BadQuestion
from tests.commands.digest_fakes import (
    ANA,
    BO,
    CHANNEL,
    DAY,
    MONDAY_9,
    TEXT,
    WEEKDAYS_9,
    FakeChat,
    SetClock,
    answered_once,
    digest,
    services,
)

RAW = {"time": ("09:00",), "zone": ("Europe/Berlin",), "days": ("weekdays",)}
SAID = (
    "Every weekday at 09:00 Europe/Berlin. Next: Tue 24 Nov 09:00, Wed 25 Nov 09:00 and"
    " Thu 26 Nov 09:00 (Europe/Berlin)."
)


def test_the_form_begins_filled_in(state: sa.Engine) -> None:
    """The form is about the run, and submitting it untouched means 09:00 daily in one's zone."""
    answered_once(state)
    form = schedule_form("7f3a", BO, services(state, SetClock()))
    assert (form.verb, form.subject) == (Verb.SCHEDULE, "7f3a")
    assert TEXT in form.intro
    assert [each.control for each in form.fields] == ["clock", "days", "zone"]
    for each in form.fields[1:]:
        assert set(each.values) <= {option.value for option in each.options}
    raw = {each.name: each.values for each in form.fields}
    said = echo(raw, BO, MONDAY_9)
    assert isinstance(said, str)
    assert said.startswith("Every day at 09:00 America/New_York. Next: Mon 23 Nov 09:00")


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("errors lending 2026-11-01..2026-11-05", True),
        ("errors lending Q3 2026", True),
        ("errors lending last week", False),
        ("errors lending last 24 hours", False),
        ("errors lending all", False),
    ],
)
def test_a_fixed_time_is_warned_of(state: sa.Engine, text: str, *, fixed: bool) -> None:
    """A question about fixed dates would say the same every morning: the form asks for others."""
    record(state, replace(answered_once(state), question=text))
    form = schedule_form("7f3a", ANA, services(state, SetClock()))
    assert ("Its time is fixed" in form.intro) is fixed
    assert (form.fields[0].name == "window") is fixed


@pytest.mark.parametrize(
    ("window", "lasting"),
    [
        ("2026-11-23T02:50+01:00..2026-11-23T08:50+01:00", "last 6 hours"),
        ("2026-11-22T08:59+01:00..2026-11-23T08:59+01:00", "last 24 hours"),
        ("2026-11-01..2026-11-05", "last 7 days"),
        ("2026-10-01..2026-11-05", "last 30 days"),
    ],
)
def test_a_fixed_time_becomes_the_latest_as_long(
    state: sa.Engine, window: str, lasting: str
) -> None:
    """What a button asked of fixed hours is asked of the latest each morning, unless changed."""
    record(state, replace(answered_once(state), question=f"errors lending {window} by region"))
    house = services(state, SetClock())
    raw = {each.name: each.values for each in schedule_form("7f3a", BO, house).fields}
    assert isinstance(echo(raw, BO, MONDAY_9), str)
    note = create("7f3a", raw, BO, CHANNEL, house, FakeChat())
    (stored,) = schedules.owned(state, BO.id)
    assert stored.question == f"errors lending {lasting} by region"
    assert f"“{stored.question}” will be posted" in note.text
    create("7f3a", {**raw, "window": ("yesterday",)}, BO, CHANNEL, house, FakeChat())
    assert {each.question for each in schedules.owned(state, BO.id)} == {
        f"errors lending {lasting} by region",
        "errors lending yesterday by region",
    }


def test_what_was_entered_is_said_back_with_the_next_three_runs() -> None:
    """The echo has the words, the next three runs and their zone."""
    assert echo(RAW, ANA, MONDAY_9) == SAID
    assert echo({**RAW, "zone": ()}, ANA, MONDAY_9) == SAID


def test_wrong_fields_are_marked() -> None:
    """Each wrong field has its own message."""
    refused = echo({**RAW, "time": ("25:00",), "days": ()}, ANA, MONDAY_9)
    assert isinstance(refused, Refused)
    assert refused.problems.keys() == {"time", "days"}
    assert "23:00" in refused.problems["time"]


def test_a_digest_keeps_the_question_and_its_zone(state: sa.Engine) -> None:
    """The text and zone of the recorded ask are stored, whoever schedules it and from where."""
    answered_once(state)
    clock = SetClock()
    note = create("7f3a", RAW, BO, CHANNEL, services(state, clock), FakeChat())
    (stored,) = schedules.owned(state, BO.id)
    assert note.text == f"“{TEXT}” will be posted in #C1. {SAID} `/ml digests` lists and deletes."
    assert (stored.question, stored.question_zone) == (TEXT, ANA.zone)
    assert (stored.owner, stored.place, stored.place_name) == (BO, CHANNEL, "#C1")
    assert (stored.recurrence, stored.created_at) == (WEEKDAYS_9, clock.now)


def test_a_digest_is_posted_in_the_channel_itself(state: sa.Engine) -> None:
    """Asked for in a thread, a digest still goes to the channel."""
    answered_once(state)
    thread = replace(CHANNEL, thread="167.1")
    create("7f3a", RAW, ANA, thread, services(state, SetClock()), FakeChat())
    assert schedules.owned(state, ANA.id)[0].place == CHANNEL


def test_a_second_click_sets_up_no_second_digest(state: sa.Engine) -> None:
    """The same digest is kept once; another time of day is another digest."""
    answered_once(state)
    desk = services(state, SetClock())
    create("7f3a", RAW, ANA, CHANNEL, desk, FakeChat())
    again = create("7f3a", RAW, ANA, CHANNEL, desk, FakeChat())
    assert again.text == f"You have this digest already. {SAID}"
    create("7f3a", {**RAW, "time": ("10:00",)}, ANA, CHANNEL, desk, FakeChat())
    assert len(schedules.owned(state, ANA.id)) == 2


def test_a_place_that_cannot_be_posted_to_is_refused(state: sa.Engine) -> None:
    """The platform's reason is told, and nothing is stored."""
    answered_once(state)
    chat = FakeChat(closed="I am no member of #C1. Invite me with /invite @plainlogs first.")
    with pytest.raises(CannotSchedule, match="Invite me"):
        create("7f3a", RAW, ANA, CHANNEL, services(state, SetClock()), chat)
    assert schedules.owned(state, ANA.id) == ()


def test_wrong_fields_store_nothing(state: sa.Engine) -> None:
    """A form that was not checked before is checked when it is stored."""
    answered_once(state)
    with pytest.raises(BadQuestion):
        create("7f3a", {}, ANA, CHANNEL, services(state, SetClock()), FakeChat())
    assert schedules.owned(state, ANA.id) == ()


def test_a_private_answer_is_sent_to_its_asker_alone(state: sa.Engine) -> None:
    """What was for one person becomes a digest in that person's direct messages, for no other."""
    answered_once(state, private=True)
    desk = services(state, SetClock())
    chat = FakeChat(closed="not here")
    create("7f3a", RAW, ANA, CHANNEL, desk, chat)
    assert schedules.owned(state, ANA.id)[0].place == Place("slack", ANA.id, private=True)
    for attempt in (
        lambda: schedule_form("7f3a", BO, desk),
        lambda: create("7f3a", RAW, BO, CHANNEL, desk, chat),
    ):
        with pytest.raises(CannotSchedule, match="for ana alone"):
            attempt()


def test_an_unknown_run_cannot_be_scheduled(state: sa.Engine) -> None:
    """A run that is not on record is told as such."""
    with pytest.raises(NotRecorded):
        schedule_form("0000", ANA, services(state, SetClock()))


def test_no_digests_say_how_to_get_one(state: sa.Engine) -> None:
    """Without digests the list says where the button is."""
    listed = list_digests(ANA, services(state, SetClock()))
    assert isinstance(listed, Note)
    assert "Every morning…" in listed.text


def test_ones_own_digests_are_listed(state: sa.Engine) -> None:
    """Each digest of one's own has its question, words, place, next run and a delete button."""
    digest(state, "s1")
    digest(state, "s2", created_at=MONDAY_9)
    digest(state, "s3", owner=BO)
    with state.begin() as connection:
        schedules.failed(connection, "s2", "The log is gone.", MONDAY_9, bound=1)
    listed = list_digests(ANA, services(state, SetClock(MONDAY_9 + DAY)))
    assert isinstance(listed, Choice)
    assert [each.action.value for each in listed.buttons] == ["s1", "s2"]
    assert {each.action.verb for each in listed.buttons} == {Verb.UNSCHEDULE}
    assert all(each.confirm for each in listed.buttons)
    first, second = (listed.descriptions[each.label] for each in listed.buttons)
    assert first == (
        f"What fails? “{TEXT}”, every weekday at 09:00 Europe/Berlin, in #ml."
        " Next: Wed 25 Nov 09:00."
    )
    assert second.endswith("Paused since Mon 23 Nov 09:00: The log is gone.")


def test_only_its_owner_deletes_a_digest(state: sa.Engine) -> None:
    """Others are told who the owner is; the owner ends it, and a second time says so."""
    digest(state)
    desk = services(state, SetClock())
    with pytest.raises(NotYours, match="ana's"):
        delete("s1", BO, desk)
    assert len(schedules.owned(state, ANA.id)) == 1
    assert "will not be posted in #ml any more" in delete("s1", ANA, desk).text
    assert schedules.owned(state, ANA.id) == ()
    assert delete("s1", ANA, desk).text == "That digest is already deleted."
