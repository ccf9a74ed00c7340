"""Digests that are due: each slot posted once, late ones as of their time, missed ones told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from commands.digests.attempt import GRACE
from commands.digests.due import fire_due
from commands.ports import Place
from commands.state import schedules
from commands.state.asked import recall
from commands.state.deliveries import Status
from tests.commands.digest_fakes import ANA, DAY, MONDAY_9, TEXT, FakeChat, digest
from tests.commands.due.bot import MINUTE, Bot


def test_a_slot_is_posted_once_when_it_comes(bot: Bot) -> None:
    """Nothing is posted a second before 09:00, one message at 09:00, none after it that day."""
    assert bot.fire(-timedelta(seconds=1)) == 0
    assert bot.fire(timedelta(seconds=1)) == 1
    bot.minutes(70)
    assert len(bot.chat.posted) == 1
    assert bot.fire(DAY - 70 * MINUTE) == 1
    assert bot.statuses() == [Status.SENT, Status.SENT]
    assert bot.chat.told == []


def test_what_is_posted_says_what_it_is(bot: Bot) -> None:
    """The answer goes to the digest's place, under its words, and its message is on record."""
    bot.fire()
    ((place, answered),) = bot.chat.posted
    assert place == Place("slack", "C1")
    assert answered.intro == ("What fails? · every weekday at 09:00 Europe/Berlin · set up by ana")
    (sent,) = bot.ledger()
    assert (sent.run, sent.message, sent.error) == ("run1", "m1", "")
    asked = recall(bot.state, "run1")
    assert (asked.question, asked.zone, asked.message) == (TEXT, "Europe/Berlin", "m1")
    assert (asked.asker.id, asked.asked_at) == (ANA.id, MONDAY_9)


def test_a_late_answer_is_that_of_its_slot(bot: Bot) -> None:
    """Posted forty minutes late, the question is still asked as of 09:00."""
    bot.fire(40 * MINUTE)
    assert bot.chat.posted[0][1].answer.headline == f"{TEXT} at 23 Nov 08:00"


def test_a_restart_posts_nothing_again(bot: Bot) -> None:
    """A new process on the same state finds the slot posted."""
    bot.fire()
    other = Bot(bot.state, bot.clock)
    assert other.fire(MINUTE) == 0
    assert other.ask.runs == []


@pytest.mark.parametrize(("late", "posted"), [(GRACE, 1), (GRACE + timedelta(seconds=1), 0)])
def test_within_the_grace_a_slot_is_still_posted(bot: Bot, late: timedelta, posted: int) -> None:
    """Up to an hour late a slot is posted; later it is written down as missed, and told."""
    assert bot.fire(late) == posted
    assert bot.statuses() == [Status.SENT if posted else Status.MISSED]
    assert len(bot.chat.told) == 1 - posted


def test_downtime_posts_the_newest_and_tells_of_the_rest(bot: Bot) -> None:
    """Back on Thursday at 09:20, that day's slot is posted and the three before it are told."""
    bot.fire(3 * DAY + 20 * MINUTE)
    missed = [Status.MISSED] * 3
    assert bot.statuses() == [*missed, Status.SENT]
    ((person, note),) = bot.chat.told
    assert person == ANA.id
    assert (
        "• Mon 23 Nov 09:00, Tue 24 Nov 09:00 and Wed 25 Nov 09:00: plainlogs was not running then."
        in note.text
    )
    assert [each.action.value for each in note.buttons] == [TEXT, "s1"]
    bot.minutes(30)
    assert len(bot.chat.told) == len(bot.chat.posted) == 1
    found = schedules.get(bot.state, "s1")
    assert found is not None
    assert found.failures == 0


def test_a_long_downtime_is_told_shortly(bot: Bot) -> None:
    """After ninety days every missed slot is in the ledger, and the message names the last five."""
    bot.fire(90 * DAY + 5 * timedelta(hours=1))
    assert bot.statuses() == [Status.MISSED] * 65
    ((_, note),) = bot.chat.told
    assert "60 earlier times, Mon 15 Feb 09:00" in note.text


def test_other_platforms_are_left_to_their_own_process(state: sa.Engine) -> None:
    """A process without Teams neither posts nor spoils a digest for Teams."""
    digest(state, place=Place("teams", "19:abc"))
    bot = Bot(state)
    assert bot.fire() == 0
    assert bot.ledger() == ()
    chat = FakeChat()
    assert fire_due(bot.clock.now, bot.services, bot.ask, {"teams": chat}) == 1


def test_a_private_digest_is_asked_privately(state: sa.Engine) -> None:
    """A digest for direct messages gives a private answer in a private place."""
    digest(state, place=Place("slack", ANA.id, private=True))
    bot = Bot(state)
    bot.fire()
    ((place, answered),) = bot.chat.posted
    assert place.private
    assert answered.private
