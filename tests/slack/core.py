"""Commands for a bot under test: understanding is the real one, what it leads to is recorded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackApiError

from bot.slack.ports import Core
from commands.digests.posting import Venue
from commands.digests.schedule import CannotSchedule
from commands.form import question_form
from commands.ports import Person, Place, Progress
from commands.refuse import refused
from commands.replies import (
    Action,
    Answered,
    Button,
    Choice,
    Field,
    Form,
    Link,
    Note,
    Refused,
    Verb,
)
from commands.submit import submit
from commands.understand import Ask, Understood, understand
from queries.core.charts import Chart
from queries.core.errors import Cancelled
from queries.core.kinds.kind import Option
from queries.core.question import Question, Raw, raw
from tests.slack.sources import CATALOG, PNG, answer_to


@dataclass
class FakeCore:
    """Answers at once, or when told to; remembers what it was asked for."""

    asks: list[tuple[Question, Person, Place, bool]] = field(default_factory=list)
    digests: list[tuple[str, Raw, Person, Place, str]] = field(default_factory=list)
    runs: dict[str, tuple[Question, Person, Place]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    deleted: list[str] = field(default_factory=list)
    let_answer: threading.Event = field(default_factory=threading.Event)
    deaf: bool = False
    says: tuple[tuple[str, float | None], ...] = ()
    # Ten seconds pass at each look, so that every word of progress is shown.
    seconds: Callable[[], float] = field(default_factory=lambda: count(0, 10).__next__)
    error: Exception | None = None
    submit_error: Exception | None = None
    drawing_error: Exception | None = None
    link: Link = field(
        default_factory=lambda: Link("All rows.", "Open", file_name="e.xlsx", content=b"PK" * 30)
    )
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.let_answer.set()

    def core(self) -> Core:
        """Bind everything, as the wiring does."""
        return Core(
            understand=self.understand,
            question_form=self.question_form,
            submit=self.submit,
            ask=self.ask,
            change=self.change,
            explain=self.explain,
            export=self.export,
            share=self.share,
            schedule_form=self.schedule_form,
            echo=self.echo,
            create_digest=self.create_digest,
            list_digests=self.list_digests,
            delete_digest=self.delete_digest,
            refused=self.refused,
            first_time=self.first_time,
            draw=self.draw,
            seconds=self.seconds,
        )

    def understand(self, text: str, zone: ZoneInfo) -> Understood:
        """The real one, over two sources."""
        return understand(text, CATALOG, zone)

    def question_form(
        self,
        name: str,
        values: Raw,
        zone: ZoneInfo,
        *,
        problems: Mapping[str | None, str],
        audience: str,
    ) -> Form:
        """The real one, over two sources."""
        return question_form(name, values, CATALOG, zone, problems, audience)

    def submit(self, name: str, values: Raw, zone: ZoneInfo) -> Ask | Refused:
        """The real one, over two sources, or what goes wrong."""
        if self.submit_error:
            raise self.submit_error
        return submit(name, values, CATALOG, zone)

    def ask(
        self,
        question: Question,
        asker: Person,
        place: Place,
        *,
        private: bool,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> Answered:
        """Answer as the design's example does, when it is let."""
        with self.lock:
            self.asks.append((question, asker, place, private))
            run = f"run{len(self.asks)}"
            self.runs[run] = (question, asker, place)
        for what, share in self.says:
            progress(what, share)
        # In short steps, as the engine looks whether it is cancelled.
        while not self.let_answer.wait(0.01):
            if cancelled() and not self.deaf:
                raise Cancelled("Cancelled.")
        if self.error:
            raise self.error
        return answer_to(run, question, asker, private=private or question.private)

    def change(self, run: str, person: Person) -> Form:
        """The form of a run."""
        asked = self.runs[run][0]
        return question_form(asked.name, raw(asked), CATALOG, person.tz)

    def explain(self, run: str, viewer: Person) -> Note:
        """What was asked, and some SQL."""
        return Note(f"*Asked:* `{self.runs[run][0]}`", "How was this computed?", "select 1")

    def export(self, run: str, person: Person) -> Link:
        """The spreadsheet that the test put there."""
        self.let_answer.wait(10)
        return self.link

    def share(self, run: str, person: Person) -> tuple[Answered, Place]:
        """The answer for everyone."""
        question, asker, place = self.runs[run]
        return answer_to(run, question, asker, private=False), place

    def schedule_form(self, run: str, person: Person) -> Form:
        """Time, days and zone."""
        days = tuple(Option(day, day) for day in ("every day", "weekdays", "Monday"))
        zones = (Option("Europe/Berlin", "Europe/Berlin"), Option("UTC", "UTC"))
        fields = (
            Field("time", "At what time", "clock", values=("09:00",)),
            Field("days", "On which days", "days", days, ("every day",)),
            Field("zone", "Time zone", "zone", zones, (person.zone,)),
        )
        return Form(Verb.SCHEDULE, run, "Every morning…", "Schedule", fields)

    def echo(self, values: Raw, person: Person) -> str | Refused:
        """Say it back, or want days."""
        if not values.get("days"):
            return Refused("Look.", problems={"days": "Please choose a day."})
        return f"At {values['time'][0]} {values['zone'][0]}. Next: tomorrow."

    def create_digest(
        self, run: str, values: Raw, person: Person, place: Place, venue: Venue
    ) -> Note:
        """Remember a digest."""
        if why := venue.refusal(place):
            raise CannotSchedule(why)
        self.digests.append((run, values, person, place, venue.called(place)))
        return Note(f"It will be posted in {venue.called(place)}.")

    def list_digests(self, person: Person) -> Choice | Note:
        """Two digests until one is deleted."""
        if self.deleted:
            return Note("Nothing arrives by itself yet.", "Your digests")
        delete = Button("Delete no. 1", Action(Verb.UNSCHEDULE, "d1"), "danger", "Delete it?")
        return Choice("", (delete,), {"Delete no. 1": "errors lending, every day"}, "Your digests")

    def delete_digest(self, digest: str, person: Person) -> Note:
        """Remember a deletion."""
        self.deleted.append(digest)
        return Note("Deleted.")

    def refused(self, error: Exception) -> Refused:
        """The real one, with a known incident."""
        return refused(error, lambda: "incident1")

    def first_time(self, key: str) -> bool:
        """Remember in memory."""
        with self.lock:
            new = key not in self.taken
            self.taken.add(key)
        return new

    def draw(self, chart: Chart) -> bytes:
        """One pixel, or what goes wrong."""
        if self.drawing_error:
            raise self.drawing_error
        return PNG


def refusal(response: Any) -> SlackApiError:
    """What the SDK raises for an answer of Slack's."""
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]  # the SDK's own
