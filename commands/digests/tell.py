"""Telling owners by direct message which of their digests did not come, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby

import structlog

from commands.digests.posting import Deliver
from commands.digests.recurrence import run_in_words
from commands.ports import Services
from commands.replies import Action, Button, Note, Verb
from commands.state import deliveries, schedules
from commands.state.deliveries import Delivery, Status
from commands.state.schedules import Schedule
from queries.core.words import listed

log = structlog.get_logger("plainlogs")

KEEP_TELLING = timedelta(days=2)
"""How long telling is tried again when the platform can't be reached."""
_SLOTS_NAMED = 5


def tell_owners(services: Services, deliver: Mapping[str, Deliver]) -> None:
    """Tell of every slot that failed or was missed and that its owner has not heard of."""
    now = services.clock()
    untold = deliveries.untold(services.state, now, now - KEEP_TELLING)
    for id, slots in groupby(untold, key=lambda each: each.schedule):
        schedule = schedules.get(services.state, id)
        if schedule is not None and schedule.place.platform in deliver:
            _tell(schedule, tuple(slots), services, deliver[schedule.place.platform])


def _tell(
    schedule: Schedule, slots: Sequence[Delivery], services: Services, deliver: Deliver
) -> None:
    now = services.clock()
    # Leased before it is said, so that of several processes one alone tells.
    ours = [each for each in slots if deliveries.telling(services.state, each, now)]
    if not ours:
        return
    try:
        deliver.tell(schedule.owner, notice(schedule, ours))
    except Exception as error:  # told again when the lease runs out
        log.error("owner not told", schedule=schedule.id, exc_info=error)
        return
    for each in ours:
        deliveries.told(services.state, each, now)


def notice(schedule: Schedule, slots: Sequence[Delivery]) -> Note:
    """Say which slots of a digest did not come and why, and what to do."""
    said = [
        f"Your digest “{schedule.question}” in {schedule.place_name}"
        f" ({schedule.recurrence.phrase}) was not posted."
    ]
    for why, same in groupby(slots, key=lambda each: each.error):
        said.append(f"• {_when(schedule, tuple(same))}: {why}")
    if schedule.paused_at:
        said.append(
            f"That makes {schedule.failures} failures in a row, so I have paused it. When this is"
            " mended, delete it and set it up again with “Every morning…” under a new answer."
        )
    elif any(each.status is Status.FAILED for each in slots):
        said.append("I will try again at its next time.")
    buttons = (
        Button("Ask it now", Action(Verb.ASK, schedule.question), style="primary"),
        Button("Delete this digest", Action(Verb.UNSCHEDULE, schedule.id), style="danger"),
    )
    return Note("\n".join(said), title="A digest did not come", buttons=buttons)


def _when(schedule: Schedule, slots: Sequence[Delivery]) -> str:
    named = [run_in_words(each.slot, schedule.recurrence.zone) for each in slots[-_SLOTS_NAMED:]]
    if len(slots) > _SLOTS_NAMED:
        named.insert(0, f"{len(slots) - _SLOTS_NAMED} earlier times")
    return listed(named)
