"""Share a private answer: computed again as of its own time, for everyone where it was asked."""

from __future__ import annotations

from dataclasses import replace

from commands.ask import answered
from commands.ports import Person, Place, Services
from commands.replay import replay
from commands.replies import Answered
from commands.state.asked import record
from queries.core.errors import NotAnswerable


def share(run: str, person: Person, services: Services) -> tuple[Answered, Place]:
    """Give a private answer for everyone, and the place where it was asked.

    Only the asker may. Raises PlainError.
    """
    replayed = replay(run, services)
    if person.id != replayed.asked.asker.id:
        raise NotAnswerable("Only the person who asked can share this.")
    # The shared answer has the same run: its buttons now work for everyone who sees it.
    record(services.state, replace(replayed.asked, private=False))
    reply = answered(replayed.question, replayed.computed, private=False)
    return replace(reply, intro=f"Shared by {person.name}"), replayed.asked.place
