"""What arrives by itself: a person's digests, when each comes next, and how to end one."""

from __future__ import annotations

from datetime import datetime

from commands.digests.recurrence import next_runs, run_in_words
from commands.ports import Person, Services
from commands.replies import Action, Button, Choice, Note, Verb
from commands.state import schedules
from commands.state.schedules import Schedule
from queries.core.errors import PlainError


class NotYours(PlainError):
    """Only the owner of a digest can do that; the text says who it is."""


def list_digests(person: Person, services: Services) -> Choice | Note:
    """Give a person's digests, each with its next run and a button that deletes it."""
    owned = schedules.owned(services.state, person.id)
    if not owned:
        return Note(
            "Nothing arrives by itself yet. Ask something, then press “Every morning…” under"
            " the answer.",
            title="Your digests",
        )
    now = services.clock()
    # Numbered, as what describes a button is found by its label.
    buttons = tuple(_delete_button(number, each) for number, each in enumerate(owned, 1))
    described = {
        button.label: _described(each, now) for button, each in zip(buttons, owned, strict=True)
    }
    return Choice("", buttons, described, title="Your digests")


def delete(id: str, person: Person, services: Services) -> Note:
    """End a digest of one's own. Raises NotYours, naming the owner."""
    schedule = schedules.get(services.state, id)
    if schedule is None:
        return Note("That digest is already deleted.")
    if schedule.owner.id != person.id:
        raise NotYours(f"This digest is {schedule.owner.name}'s, who alone can delete it.")
    schedules.delete(services.state, id, services.clock())
    return Note(
        f"Deleted: “{schedule.question}” will not be posted in {schedule.place_name} any more."
    )


def _delete_button(number: int, schedule: Schedule) -> Button:
    return Button(
        f"Delete no. {number}",
        Action(Verb.UNSCHEDULE, schedule.id),
        style="danger",
        confirm=f"Delete the digest “{schedule.question}”, {schedule.recurrence.phrase}?",
    )


def _described(schedule: Schedule, now: datetime) -> str:
    what = (
        f"{schedule.title} “{schedule.question}”, {schedule.recurrence.phrase},"
        f" in {schedule.place_name}."
    )
    zone = schedule.recurrence.zone
    if schedule.paused_at:
        since = run_in_words(schedule.paused_at, zone)
        return f"{what} Paused since {since}: {schedule.paused_why}"
    (run,) = next_runs(schedule.recurrence, now, 1)
    return f"{what} Next: {run_in_words(run, zone)}."
