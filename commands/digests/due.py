"""Which digests are due: each slot is posted once, whatever restarts, and none lost in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import takewhile

import structlog

from commands.digests.attempt import GRACE, Ask, Desk, attempt
from commands.digests.posting import Deliver
from commands.digests.recurrence import runs_after
from commands.digests.tell import tell_owners
from commands.ports import Services
from commands.state import deliveries, schedules
from commands.state.deliveries import Delivery, Status
from commands.state.schedules import Schedule

log = structlog.get_logger("plainlogs")

NOT_RUNNING = "plainlogs was not running then."


def fire_due(now: datetime, services: Services, ask: Ask, deliver: Mapping[str, Deliver]) -> int:
    """Post every slot that is due at ``now``; give how many were posted.

    ``deliver`` is by platform; digests on other platforms are left to their own processes.
    Of slots that were missed the newest is posted when it is at most ``GRACE`` old; the owners
    are told of the others, as of every failure. Safe in several processes at once.
    """
    desk = Desk(services, ask, deliver)
    posted = 0
    for lapsed in deliveries.lapsed(services.state, now):
        with _apart(lapsed.schedule):
            posted += _resume(lapsed, desk)
    for schedule, through in schedules.active(services.state):
        with _apart(schedule.id):
            posted += _start(schedule, through, now, desk)
    # Last, so that what failed just now is told in the same round.
    tell_owners(services, deliver)
    return posted


def _resume(lapsed: Delivery, desk: Desk) -> bool:
    """Attempt once more what was postponed, or left by a process that died."""
    state = desk.services.state
    now = desk.services.clock()
    schedule = schedules.get(state, lapsed.schedule)
    if schedule is None:
        with state.begin() as connection:
            deliveries.fail(connection, lapsed, Status.DROPPED, "", now)
        return False
    if schedule.place.platform not in desk.deliver:
        return False
    taken = deliveries.take_over(state, lapsed, now)
    return taken is not None and attempt(taken, schedule, desk)


def _start(schedule: Schedule, through: datetime, now: datetime, desk: Desk) -> bool:
    """Write down the slots since ``through`` that are too late; claim and attempt the due one."""
    if schedule.place.platform not in desk.deliver:
        return False
    runs = runs_after(schedule.recurrence, through)
    slots = list(takewhile(lambda run: run <= now, runs))
    due = slots.pop() if slots and now - slots[-1] <= GRACE else None
    services = desk.services
    for slot in slots:
        # Before the due one is claimed: ``schedules.active`` looks on from the ledger's newest
        # slot, so that what is older and not written down by then would be lost in silence.
        deliveries.miss(services.state, schedule.id, slot, NOT_RUNNING, services.clock())
    if due is None:
        return False
    run = services.new_id()
    claimed = deliveries.claim(services.state, schedule.id, due, run, services.clock())
    return claimed is not None and attempt(claimed, schedule, desk)


@contextmanager
def _apart(schedule: str) -> Iterator[None]:
    """Keep one digest's defect from the others. Its slot stays leased and is taken up again."""
    try:
        yield
    except Exception as error:
        log.error("digest failed", schedule=schedule, exc_info=error)
