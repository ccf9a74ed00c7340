"""Digests whose posting was interrupted: by a time-out, by death, by sleep, or by deletion."""

from __future__ import annotations

import pytest

from commands.digests.attempt import ATTEMPTS, GRACE
from commands.state import deliveries, schedules
from commands.state.asked import recall
from commands.state.deliveries import LEASE, Status
from commands.state.schedules import delete
from queries.core.errors import NotAnswerable
from tests.commands.digest_fakes import FakeChat, digest
from tests.commands.due.bot import LOST, MINUTE, Bot, Killed, die


def test_a_time_out_before_the_message_stood_posts_it_later(bot: Bot) -> None:
    """After an ambiguous time-out the chat is searched; nothing stands there, so it is sent."""
    bot.chat.errors = [LOST]
    bot.minutes(5)
    assert bot.chat.runs == ["run1"]
    assert bot.statuses() == [Status.SENT]


@pytest.mark.parametrize("error", [LOST, OSError("connection reset")])
def test_a_time_out_after_the_message_stood_posts_no_second(bot: Bot, error: Exception) -> None:
    """After an ambiguous end the message is found by its run, and counts as sent."""
    bot.chat.late_errors = [error]
    bot.fire()
    assert bot.statuses() == [Status.CLAIMED]
    bot.minutes(5)
    assert bot.chat.runs == ["run1"]
    assert len(bot.ask.runs) == 1
    (sent,) = bot.ledger()
    assert (sent.status, sent.message) == (Status.SENT, "m1")
    assert recall(bot.state, "run1").message == "m1"


def test_while_nobody_can_look_nothing_is_sent_again(bot: Bot) -> None:
    """If the chat can't be searched the message is never sent twice; the owner is told of doubt."""
    bot.chat.late_errors = [LOST]
    bot.chat.find_errors = [LOST] * ATTEMPTS
    bot.minutes(59)
    assert bot.chat.runs == ["run1"]
    assert bot.statuses() == [Status.FAILED]
    assert "may or may not have arrived" in bot.chat.told[0][1].text


def test_a_process_that_died_before_sending_is_taken_over(bot: Bot) -> None:
    """Killed between claim and send, the slot is posted once when the lease has run out."""
    bot.ask.before = die
    with pytest.raises(Killed):
        bot.fire()
    other = Bot(bot.state, bot.clock, chat=bot.chat, name="other")
    assert other.fire(LEASE - MINUTE) == 0
    assert other.fire(MINUTE) == 1
    assert bot.chat.runs == ["run1"]
    assert [(each.status, each.attempts) for each in bot.ledger()] == [(Status.SENT, 2)]


def test_a_process_that_died_after_sending_is_believed(bot: Bot) -> None:
    """Killed between send and the ledger, the message is found and not sent again."""

    class Dying(FakeChat):
        def post(self, *arguments: object) -> str:
            super().post(*arguments)  # type: ignore[arg-type]  # handed on as they came
            raise Killed

    bot.chat = Dying()
    with pytest.raises(Killed):
        bot.fire()
    other = Bot(bot.state, bot.clock, chat=FakeChat(posted=bot.chat.posted), name="other")
    assert other.fire(LEASE) == 1
    assert other.chat.runs == ["run1"]
    assert other.ask.runs == []
    assert bot.statuses() == [Status.SENT]


def test_what_is_taken_over_too_late_is_missed_and_told(bot: Bot) -> None:
    """A slot left by a process that died hours ago is not posted at noon, and not lost either."""
    bot.ask.before = die
    with pytest.raises(Killed):
        bot.fire()
    other = Bot(bot.state, bot.clock, name="other")
    assert other.fire(3 * GRACE) == 0
    assert bot.statuses() == [Status.MISSED]
    assert "plainlogs was stopped while posting it" in other.chat.told[0][1].text


def test_a_process_that_stalls_sends_nothing_once_overtaken(bot: Bot) -> None:
    """Asleep past its lease while another posted, a process does not post as well."""
    other = Bot(bot.state, bot.clock, chat=bot.chat, name="other")
    bot.ask.before = lambda: other.fire(LEASE)
    assert bot.fire() == 0
    assert bot.chat.runs == ["run1"]
    assert len(bot.ask.runs) == len(other.ask.runs) == 1


def test_a_digest_deleted_meanwhile_is_not_posted(bot: Bot) -> None:
    """Deleted while its question was being answered, a digest posts nothing and tells nobody."""
    bot.ask.before = lambda: delete(bot.state, "s1", bot.clock.now)
    assert bot.fire() == 0
    bot.minutes(30)
    assert bot.chat.posted == []
    assert bot.chat.told == []
    assert bot.statuses() == [Status.DROPPED]


def test_a_digest_deleted_just_before_its_claim_is_not_posted(bot: Bot) -> None:
    """Deleted after the list of digests was read, a digest is not posted, now or later."""
    digest(bot.state, "s2")

    def delete_the_second_once() -> None:
        delete(bot.state, "s2", bot.clock.now)
        bot.ask.before = lambda: None

    bot.ask.before = delete_the_second_once
    assert bot.fire() == 1
    assert bot.fire(LEASE) == 0
    assert bot.chat.runs == ["run1"]
    assert [each.status for each in deliveries.ledger(bot.state, "s2")] == [Status.DROPPED]


def test_a_failure_of_one_that_was_overtaken_does_not_count(bot: Bot) -> None:
    """Asleep past its lease while another posted, a process that then fails spoils nothing."""
    other = Bot(bot.state, bot.clock, chat=bot.chat, name="other")
    bot.ask.before = lambda: other.fire(LEASE)
    bot.ask.error = NotAnswerable("“lending” has no time.")
    bot.fire()
    assert bot.statuses() == [Status.SENT]
    found = schedules.get(bot.state, "s1")
    assert found is not None
    assert found.failures == 0
    assert bot.chat.told == []
