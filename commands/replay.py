"""Replay a recorded ask at its own time, so that what opens later covers the same range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from commands.ask import Computed, compute
from commands.ports import Person, Progress, Services, never, silent
from commands.state.asked import Asked, recall
from queries.core.errors import NotAnswerable
from queries.core.grammar import parse
from queries.core.logs import Logs
from queries.core.question import Question


@dataclass(frozen=True)
class Replayed:
    """A recorded ask, computed again as of the moment it was asked.

    ``changed`` is true where the log now gives other numbers for the recorded range: rows or
    outcomes that arrived late, or files that were replaced.
    """

    asked: Asked
    question: Question
    computed: Computed
    logs: Logs
    changed: bool


def recorded_question(run: str, services: Services) -> tuple[Asked, Question]:
    """Give what was asked, bound to today's catalog. Raises PlainError where it is not possible."""
    asked = recall(services.state, run)
    return asked, parse(asked.question, services.catalog(), ZoneInfo(asked.zone))


def check_reader(run: str, person: Person, services: Services, what: str) -> None:
    """Refuse what only the asker of a private answer may do, before anything is computed."""
    asked = recall(services.state, run)
    if asked.private and person.id != asked.asker.id:
        raise NotAnswerable(f"Only the person who asked can {what}.")


def replay(
    run: str,
    services: Services,
    *,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> Replayed:
    """Compute a recorded ask again. Raises PlainError."""
    asked, question = recorded_question(run, services)
    logs = services.logs(
        now=asked.asked_at, zone=ZoneInfo(asked.zone), progress=progress, cancelled=cancelled
    )
    computed = compute(question, logs, run=run, asker=asked.asker.name)
    # Without a fingerprint nothing is known of the numbers then, and nothing is claimed.
    changed = bool(asked.fingerprint) and computed.fingerprint != asked.fingerprint
    return Replayed(asked, question, computed, logs, changed)
