"""Digests that fail: tried again where that may help, told, and paused in the end."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from commands.digests.attempt import ATTEMPTS, GRACE, PAUSE_AFTER
from commands.digests.posting import NotSent
from commands.digests.recurrence import monthly
from commands.digests.tell import KEEP_TELLING
from commands.state import deliveries
from commands.state.deliveries import Status
from queries.core.errors import LogUnreadable, NotAnswerable, TookTooLong
from tests.commands.digest_fakes import CATALOG, DAY, digest
from tests.commands.due.bot import BUSY, LOST, MINUTE, Bot


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
