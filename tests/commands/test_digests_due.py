"""Digests that are due: each slot posted once, what fails tried again or told, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from commands.attempt import ATTEMPTS, GRACE, PAUSE_AFTER
from commands.due import fire_due
from commands.ports import Place
from commands.posting import MaybeSent, NotSent
from commands.recurrence import monthly
from commands.state import deliveries, schedules
from commands.state.asked import recall
from commands.state.deliveries import LEASE, Delivery, Status
from commands.state.schedules import delete
from commands.tell import KEEP_TELLING
from queries.core.errors import LogUnreadable, NotAnswerable, TookTooLong
from tests.commands.digest_fakes import (
    ANA,
    CATALOG,
    DAY,
    MONDAY_9,
    TEXT,
    FakeAsk,
    FakeChat,
    SetClock,
    digest,
    services,
)

MINUTE = timedelta(minutes=1)
BUSY = NotSent("Slack is busy.", passing=True)
LOST = MaybeSent("Slack did not answer.")


@dataclass
class Bot:
    """One process: a clock, an ask and a chat on a state that others may share."""

    state: sa.Engine
    clock: SetClock = field(default_factory=SetClock)
    ask: FakeAsk = field(default_factory=FakeAsk)
    chat: FakeChat = field(default_factory=FakeChat)
    name: str = "run"

    def __post_init__(self) -> None:
        self.services = services(self.state, self.clock, self.name)

    def fire(self, after: timedelta = timedelta()) -> int:
        """Move the clock on and do what is due."""
        self.clock.now += after
        return fire_due(self.clock.now, self.services, self.ask, {"slack": self.chat})

    def minutes(self, n: int) -> None:
        """Do what is due, once a minute."""
        for _ in range(n):
            self.fire(MINUTE)

    def ledger(self) -> tuple[Delivery, ...]:
        """The only schedule's slots so far."""
        return deliveries.ledger(self.state, "s1")

    def statuses(self) -> list[Status]:
        """What became of them."""
        return [each.status for each in self.ledger()]


class Killed(BaseException):
    """The process ends at once: nothing after it is done."""


def _die() -> None:
    raise Killed


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """Keep what is logged from the screen, and give it."""
    with capture_logs() as events:
        yield events


@pytest.fixture
def bot(state: sa.Engine) -> Bot:
    """Give a bot, and a digest every weekday at 09:00 that was set up on Sunday."""
    digest(state)
    return Bot(state)


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


def test_what_passes_is_tried_again_with_growing_waits(bot: Bot) -> None:
    """Four refusals that pass delay a digest by 1, 2, 4 and 8 minutes, and it is posted once."""
    bot.chat.errors = [BUSY] * 4
    tried = []
    for minute in range(31):
        before = len(bot.ask.runs)
        bot.fire(MINUTE if minute else timedelta())
        tried += [minute] * (len(bot.ask.runs) - before)
    assert tried == [0, 1, 3, 7, 15]
    assert set(bot.ask.runs) == {"run1"}
    assert bot.chat.runs == ["run1"]
    assert bot.statuses() == [Status.SENT]
    assert bot.chat.told == []


def test_trying_again_has_a_bound(bot: Bot) -> None:
    """After five attempts the slot has failed, its owner is told why, and tomorrow is tried."""
    bot.chat.errors = [BUSY] * ATTEMPTS
    bot.minutes(59)
    assert len(bot.ask.runs) == ATTEMPTS
    assert bot.statuses() == [Status.FAILED]
    ((_, note),) = bot.chat.told
    assert "Mon 23 Nov 09:00: Slack is busy." in note.text
    assert "try again at its next time" in note.text
    assert bot.fire(DAY - 59 * MINUTE) == 1


def test_a_wait_that_the_platform_asks_for_is_kept(bot: Bot) -> None:
    """A rate limit of three minutes is waited for, not one minute."""
    bot.chat.errors = [NotSent("Too fast.", passing=True, wait=3 * MINUTE)]
    bot.fire()
    bot.minutes(2)
    assert len(bot.ask.runs) == 1
    bot.minutes(1)
    assert bot.statuses() == [Status.SENT]


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (TookTooLong("It took longer than 60 s."), True),
        (LogUnreadable("lending/2026.parquet is cut short."), True),
        (NotAnswerable("“lending” has no time."), False),
    ],
)
def test_a_question_that_fails_is_tried_again_where_that_may_help(
    bot: Bot, error: Exception, *, again: bool
) -> None:
    """Only what may pass is asked again; either way the owner hears the plain reason."""
    bot.ask.error = error
    bot.minutes(59)
    assert len(bot.ask.runs) == (ATTEMPTS if again else 1)
    assert bot.statuses() == [Status.FAILED]
    assert str(error) in bot.chat.told[0][1].text


def test_a_place_that_closed_is_told_at_once(bot: Bot) -> None:
    """What trying again can't mend fails at the first attempt."""
    bot.chat.errors = [NotSent("I was removed from #ml. Invite me again.", passing=False)]
    bot.minutes(3)
    assert bot.statuses() == [Status.FAILED]
    assert "Invite me again" in bot.chat.told[0][1].text


def test_a_model_that_is_gone_fails_in_words(bot: Bot) -> None:
    """A stored question that no longer parses is a failure that its owner is told of."""
    bot.services = replace(bot.services, catalog=lambda: replace(CATALOG, sources={}))
    bot.fire()
    assert bot.statuses() == [Status.FAILED]
    assert "lending" in bot.chat.told[0][1].text


def test_one_digests_defect_leaves_the_others(bot: Bot) -> None:
    """A defect of ours fails its own slot with an incident id; the digest after it is posted."""
    digest(bot.state, "s2")
    broken = ValueError("secret detail")
    failing = bot.ask

    def only_the_first() -> None:
        failing.error = broken if len(failing.runs) == 1 else None

    failing.before = only_the_first
    assert bot.fire() == 1
    assert bot.statuses() == [Status.FAILED]
    assert [each.status for each in deliveries.ledger(bot.state, "s2")] == [Status.SENT]
    said = bot.chat.told[0][1].text
    assert "incident" in said
    assert "secret" not in said


def test_an_unreadable_schedule_leaves_the_others(
    bot: Bot, logged: list[MutableMapping[str, Any]]
) -> None:
    """A schedule whose zone no longer exists is logged, and the next one is posted."""
    with bot.state.begin() as connection:
        connection.execute(sa.text("UPDATE schedules SET zone = 'Mars/Base' WHERE id = 's1'"))
    digest(bot.state, "s2")
    assert bot.fire() == 1
    (failed,) = (event for event in logged if event["log_level"] == "error")
    assert failed["schedule"] == "s1"


def test_five_failures_in_a_row_pause_and_say_so(bot: Bot) -> None:
    """The fifth failed day pauses the digest, its message says so, and no sixth is tried."""
    bot.ask.error = NotAnswerable("“lending” has no errors.")
    for _ in range(PAUSE_AFTER):
        bot.fire()
        bot.clock.now += DAY
    assert len(bot.chat.told) == PAUSE_AFTER
    assert ["paused" in note.text for _, note in bot.chat.told] == [False] * 4 + [True]
    assert "5 failures in a row" in bot.chat.told[-1][1].text
    bot.minutes(3 * 24 * 60 // 20)
    bot.fire(7 * DAY)
    assert len(bot.ask.runs) == PAUSE_AFTER


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
    bot.ask.before = _die
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
    bot.ask.before = _die
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


def _miss(bot: Bot) -> None:
    bot.fire(2 * GRACE)


def _break(bot: Bot) -> None:
    bot.ask.error = NotAnswerable("“lending” has no time.")
    bot.fire()


@pytest.mark.parametrize("trouble", [_miss, _break])
def test_an_owner_who_cannot_be_reached_is_told_later(
    bot: Bot, trouble: Callable[[Bot], None]
) -> None:
    """When the direct message fails it is tried again after a lease, until it is said once."""
    bot.chat.tell_errors = [LOST, LOST]
    trouble(bot)
    assert bot.chat.told == []
    bot.minutes(60)
    assert len(bot.chat.told) == 1


def test_telling_ends_some_day(state: sa.Engine) -> None:
    """An owner who can't be reached is tried again for two days, and no longer."""
    digest(state, recurrence=monthly("23", 9, 0, "Europe/Berlin"))
    bot = Bot(state)
    bot.chat.tell_errors = [LOST] * 4
    for wait in (2 * GRACE, KEEP_TELLING / 2, KEEP_TELLING / 2 - MINUTE):
        bot.fire(wait)
    assert len(bot.chat.tell_errors) == 1
    bot.fire(MINUTE)
    assert len(bot.chat.tell_errors) == 1
