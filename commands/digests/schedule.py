"""“Every morning…”: ask a question again by itself, at a time, in a zone, on some days."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from commands.digests.lasting import as_of_each_time, each_time, is_fixed
from commands.digests.posting import Venue
from commands.digests.recurrence import WEEKDAYS, Recurrence, in_words, next_runs, run_in_words
from commands.digests.recurrence_text import from_form
from commands.ports import Person, Place, Services
from commands.replies import Field, Form, Note, Refused, Verb
from commands.state import schedules
from commands.state.asked import Asked, recall
from commands.state.schedules import Schedule
from commands.zones import zone_options
from queries.core.errors import BadQuestion, PlainError
from queries.core.grammar import parse
from queries.core.kinds.kind import Option
from queries.core.question import Raw
from queries.core.words import listed


class CannotSchedule(PlainError):
    """A digest can't be set up; the text says why and what would help."""


def schedule_form(run: str, person: Person, services: Services) -> Form:
    """Ask for time, zone and days, filled with 09:00 every day in the person's zone.

    Raises:
        PlainError: the answer is not on record, was for somebody else, or can't be asked again.
    """
    ask = _recall(run, person, services)
    question = parse(ask.question, services.catalog(), ZoneInfo(ask.zone))
    fields: tuple[Field, ...] = (
        Field("time", "At what time", "clock", values=("09:00",)),
        Field(
            "days",
            "On which days",
            "days",
            options=tuple(Option(day, day) for day in WEEKDAYS),
            values=WEEKDAYS,
        ),
        Field("zone", "Time zone", "zone", zone_options(person.zone), (person.zone,)),
    )
    intro = f"“{ask.question}” will be asked and answered anew each time."
    now, zone = services.clock(), ZoneInfo(ask.zone)
    if is_fixed(question, now, zone):
        intro += " Its time is fixed: say about which one it is each time."
        fields = (each_time(question, now, zone), *fields)
    return Form(
        verb=Verb.SCHEDULE,
        subject=run,
        title="Every morning…",
        submit="Schedule",
        fields=fields,
        intro=intro,
    )


def echo(raw: Raw, person: Person, now: datetime) -> str | Refused:
    """Say a submitted form back with the next three runs; or each problem on its field."""
    try:
        return _echoed(_recurrence(raw, person), now)
    except BadQuestion as bad:
        problems = {each.parameter: each.message for each in bad.problems if each.parameter}
        return Refused("Please look at the marked fields.", problems=problems)


def create(
    run: str, raw: Raw, person: Person, place: Place, services: Services, venue: Venue
) -> Note:
    """Store a digest of the question that ``run`` answered, to be posted where it was asked.

    An answer that was for its asker alone goes to the asker's direct message.

    Raises:
        CannotSchedule: the place can't be posted to; the text says what would mend it.
        PlainError: a field is not right, or the answer can't be asked again.
    """
    ask = _recall(run, person, services)
    recurrence = _recurrence(raw, person)
    asked = parse(ask.question, services.catalog(), ZoneInfo(ask.zone))
    question = as_of_each_time(asked, raw)
    alone = place.private or ask.private
    target = Place(place.platform, person.id if alone else place.channel, private=alone)
    if not alone and (why := venue.refusal(target)):
        raise CannotSchedule(why)
    schedule = Schedule(
        id=services.new_id(),
        owner=person,
        place=target,
        place_name="your direct messages" if alone else venue.called(target),
        question=str(question),
        question_zone=ask.zone,
        title=question.title,
        recurrence=recurrence,
        created_at=services.clock(),
    )
    if _exists(schedule, services):
        return Note(f"You have this digest already. {_echoed(recurrence, services.clock())}")
    schedules.add(services.state, schedule)
    return Note(
        f"“{question}” will be posted in {schedule.place_name}. "
        f"{_echoed(recurrence, services.clock())} `/ml digests` lists and deletes."
    )


def _recall(run: str, person: Person, services: Services) -> Asked:
    ask = recall(services.state, run)
    if ask.private and ask.asker.id != person.id:
        raise CannotSchedule(f"That answer was for {ask.asker.name} alone. Please ask it yourself.")
    return ask


def _recurrence(raw: Raw, person: Person) -> Recurrence:
    return from_form({**raw, "zone": raw.get("zone") or (person.zone,)})


def _echoed(recurrence: Recurrence, now: datetime) -> str:
    runs = [run_in_words(run, recurrence.zone) for run in next_runs(recurrence, now, 3)]
    return f"{in_words(recurrence)}. Next: {listed(runs)} ({recurrence.zone})."


def _exists(schedule: Schedule, services: Services) -> bool:
    """Whether the same is set up already, as after a second click."""
    same = ("place", "question", "question_zone", "recurrence", "paused_at")
    return any(
        all(getattr(other, name) == getattr(schedule, name) for name in same)
        for other in schedules.owned(services.state, schedule.owner.id)
    )
