"""One attempt to post one digest slot that this process has claimed.

Sending is not idempotent: after an attempt whose end nobody knows, the message is looked for by
its run id before it is sent again, and the lease is renewed just before it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from commands.digests.posting import Deliver, MaybeSent, NotSent
from commands.ports import Person, Place, Services
from commands.refuse import refused
from commands.replies import Answered
from commands.state import asked, deliveries, schedules
from commands.state.deliveries import Delivery, Status
from commands.state.schedules import Schedule
from queries.core.errors import LogUnreadable, PlainError, TookTooLong
from queries.core.grammar import parse
from queries.core.question import Question

log = structlog.get_logger("plainlogs")

GRACE = timedelta(hours=1)
"""How late a slot may still be posted."""
ATTEMPTS = 5
FIRST_WAIT = timedelta(minutes=1)
"""Before the second attempt; it doubles with each further one."""
PAUSE_AFTER = 5
"""Failed slots in a row after which a digest is paused."""


class Ask(Protocol):
    """Answers a question; see ``commands.ask``."""

    def __call__(
        self,
        question: Question,
        asker: Person,
        place: Place,
        services: Services,
        *,
        private: bool = False,
        run: str = "",
    ) -> Answered:
        """Give the answer, recorded. Raises PlainError."""
        ...


@dataclass(frozen=True)
class Desk:
    """What posting needs: the services, how to ask, and how to post on each platform."""

    services: Services
    ask: Ask
    deliver: Mapping[str, Deliver]


class _Overtaken(Exception):
    """The slot is no longer ours to send."""


class _TooLate(Exception):
    """The slot lies too far back to be posted now."""


def attempt(delivery: Delivery, schedule: Schedule, desk: Desk) -> bool:
    """Post a claimed slot or write down why not; say whether its message stands in the chat."""
    try:
        message = _found(delivery, schedule, desk) or _posted(delivery, schedule, desk)
    except _Overtaken:
        return False
    except _TooLate:
        _give_up(delivery, Status.MISSED, "plainlogs was stopped while posting it.", desk)
        return False
    except Exception as error:
        _stumble(delivery, error, desk)
        return False
    state = desk.services.state
    with state.begin() as connection:
        # In one transaction: were only the slot sent, failures would count on and pause a sound
        # digest.
        deliveries.sent(connection, delivery, message)
        schedules.succeeded(connection, schedule.id)
    asked.posted(state, delivery.run, message)
    log.info("digest posted", schedule=schedule.id, slot=delivery.slot, run=delivery.run)
    return True


def _found(delivery: Delivery, schedule: Schedule, desk: Desk) -> str | None:
    """The message of an earlier attempt, if there was one and it did arrive."""
    if delivery.attempts == 1:
        return None
    deliver = desk.deliver[schedule.place.platform]
    # Looked for however late it is: the process may have died after sending.
    message = deliver.find(schedule.place, schedule.owner, delivery.run)
    if message is None and desk.services.clock() - delivery.slot > GRACE:
        raise _TooLate
    return message


def _posted(delivery: Delivery, schedule: Schedule, desk: Desk) -> str:
    answered = _answered(delivery, schedule, desk)
    # Asking may have taken longer than the lease, and another process be at the slot by now.
    if not deliveries.renew(desk.services.state, delivery, desk.services.clock()):
        raise _Overtaken
    deliver = desk.deliver[schedule.place.platform]
    try:
        return deliver.post(schedule.place, schedule.owner, answered)
    except (NotSent, MaybeSent):
        raise
    except Exception as error:
        # A defect may show after the message was sent: it is looked for before it is sent again.
        log.error("posting failed", schedule=schedule.id, run=delivery.run, exc_info=error)
        raise MaybeSent("Something went wrong on our side while it was being posted.") from error


def _answered(delivery: Delivery, schedule: Schedule, desk: Desk) -> Answered:
    """Ask as of the slot, so that a late or second attempt gives the same answer."""
    services = replace(desk.services, clock=lambda: delivery.slot)
    zone = ZoneInfo(schedule.question_zone)
    question = parse(schedule.question, services.catalog(), zone)
    owner = replace(schedule.owner, zone=schedule.question_zone)
    place = schedule.place
    answered = desk.ask(question, owner, place, services, private=place.private, run=delivery.run)
    intro = f"{schedule.title} · {schedule.recurrence.phrase} · set up by {schedule.owner.name}"
    return replace(answered, intro=intro)


def _stumble(delivery: Delivery, error: Exception, desk: Desk) -> None:
    """Try again later where that may help, up to a bound; give the slot up otherwise."""
    why = _in_words(error, desk)
    passing = isinstance(error, MaybeSent | TookTooLong | LogUnreadable)
    # Over all attempts 1 + 2 + 4 + 8 minutes, so that the last one comes within GRACE as a rule.
    wait = FIRST_WAIT * 2 ** (delivery.attempts - 1)
    if isinstance(error, NotSent):
        passing, wait = error.passing, max(wait, error.wait)
    log.warning(
        "digest not posted", schedule=delivery.schedule, slot=delivery.slot, why=why, again=passing
    )
    if passing and delivery.attempts < ATTEMPTS:
        until = desk.services.clock() + wait
        deliveries.postpone(desk.services.state, delivery, why, until)
    else:
        _give_up(delivery, Status.FAILED, why, desk)


def _in_words(error: Exception, desk: Desk) -> str:
    match error:
        case NotSent() | PlainError():
            return str(error)
        case MaybeSent():
            return f"{error} It may or may not have arrived."
    reply = refused(error, desk.services.new_id)
    return f"{reply.text} {reply.hint}"


def _give_up(delivery: Delivery, status: Status, why: str, desk: Desk) -> None:
    now = desk.services.clock()
    with desk.services.state.begin() as connection:
        ours = deliveries.fail(connection, delivery, status, why, now)
        # A slot that was missed says nothing against its digest, and does not count towards the
        # pause.
        if ours and status is Status.FAILED:
            schedules.failed(connection, delivery.schedule, why, now, PAUSE_AFTER)
