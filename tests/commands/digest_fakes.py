"""A clock that is set, a chat that keeps what it is told, and an ask that answers at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import NoReturn

import sqlalchemy as sa

from commands.digests.recurrence import Recurrence, weekly
from commands.ports import Person, Place, Services
from commands.replies import Answered, Note
from commands.state.asked import Asked, record
from commands.state.schedules import Schedule, add
from queries.core.answer import Answer, Severity
from queries.core.catalog import Catalog, SourceCard
from queries.core.provenance import Provenance
from queries.core.question import Question

ANA = Person("U1", "ana", "Europe/Berlin", "ana@example.com")
BO = Person("U2", "bo", "America/New_York")
CHANNEL = Place("slack", "C1")
TEXT = "errors lending last 24 hours"
MONDAY_9 = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""Monday 23 November 2026, 09:00 in Berlin."""
DAY = timedelta(days=1)
WEEKDAYS_9 = weekly(frozenset(range(5)), 9, 0, "Europe/Berlin")
CATALOG = Catalog(
    {
        "lending": SourceCard(
            name="lending",
            title="Lending decisions",
            task="binary",
            simulated=True,
            undated=False,
            roles=frozenset({"time"}),
            columns={"region": "text"},
            dimensions={"region": ("emea", "apac")},
        )
    }
)


@dataclass
class SetClock:
    """A clock that stands until somebody moves it."""

    now: datetime = MONDAY_9

    def __call__(self) -> datetime:
        """The moment that it was set to."""
        return self.now


def _not_here(*_: object, **__: object) -> NoReturn:
    raise AssertionError("digests read no log and write no spreadsheet themselves")


def services(state: sa.Engine, clock: Callable[[], datetime], prefix: str = "id") -> Services:
    """Give services with a state and a clock; ids are counted, so that they can be foretold."""
    numbers = count(1)
    return Services(
        clock=clock,
        catalog=lambda: CATALOG,
        logs=_not_here,
        state=state,
        spreadsheet=_not_here,
        new_id=lambda: f"{prefix}{next(numbers)}",
    )


@dataclass
class FakeAsk:
    """Answers every question and records it, as the real one does, or fails as it is told to."""

    error: Exception | None = None
    before: Callable[[], object] = lambda: None
    runs: list[str] = field(default_factory=list)

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
        """Give an answer whose headline is the question's text."""
        # Before anything fails, so that a test sees also the attempts that came to nothing.
        self.runs.append(run)
        self.before()
        if self.error is not None:
            raise self.error
        text, now = str(question), services.clock()
        record(services.state, Asked(run, text, asker.zone, now, asker, place, private))
        origin = Provenance(
            run, text, "lending", True, asker.name, now, asker.zone, None, None, None, 0, ()
        )
        answer = Answer(Severity.GOOD, f"{text} at {now:%d %b %H:%M}")
        return Answered(question.title, answer, origin, (), private=private)


@dataclass
class FakeChat:
    """A platform: what was posted where, what people were told, and the errors it is to raise.

    ``errors`` are raised one a post, before the message stands; ``late_errors`` after it does.
    """

    posted: list[tuple[Place, Answered]] = field(default_factory=list)
    told: list[tuple[str, Note]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    late_errors: list[Exception] = field(default_factory=list)
    find_errors: list[Exception] = field(default_factory=list)
    tell_errors: list[Exception] = field(default_factory=list)
    closed: str = ""

    def refusal(self, place: Place) -> str:
        """The reason why nothing can be posted, which is the same everywhere."""
        return self.closed

    def called(self, place: Place) -> str:
        """The channel with a hash."""
        return f"#{place.channel}"

    def post(self, place: Place, owner: Person, answered: Answered) -> str:
        """Keep the message, or raise what was planned."""
        if self.errors:
            raise self.errors.pop(0)
        self.posted.append((place, answered))
        if self.late_errors:
            raise self.late_errors.pop(0)
        return f"m{len(self.posted)}"

    def find(self, place: Place, owner: Person, run: str) -> str | None:
        """The number of the message of a run, among those of the place."""
        if self.find_errors:
            raise self.find_errors.pop(0)
        for number, (where, answered) in enumerate(self.posted, 1):
            if where == place and answered.provenance.run == run:
                return f"m{number}"
        return None

    def tell(self, person: Person, note: Note) -> None:
        """Keep what was said to whom."""
        if self.tell_errors:
            raise self.tell_errors.pop(0)
        self.told.append((person.id, note))

    @property
    def runs(self) -> list[str]:
        """The run ids of the messages, in order."""
        return [answered.provenance.run for _, answered in self.posted]


def digest(
    state: sa.Engine,
    id: str = "s1",
    *,
    recurrence: Recurrence = WEEKDAYS_9,
    created_at: datetime = MONDAY_9 - DAY,
    owner: Person = ANA,
    place: Place = CHANNEL,
) -> Schedule:
    """Store a digest of ana's in her channel, set up on Sunday."""
    schedule = Schedule(
        id, owner, place, "#ml", TEXT, owner.zone, "What fails?", recurrence, created_at
    )
    add(state, schedule)
    return schedule


def answered_once(state: sa.Engine, run: str = "7f3a", *, private: bool = False) -> Asked:
    """Record an answer of ana's in her channel."""
    asked = Asked(run, TEXT, ANA.zone, MONDAY_9, ANA, CHANNEL, private)
    record(state, asked)
    return asked


def moved(clock: SetClock, by: timedelta) -> datetime:
    """Move a clock on, and give the time that it then shows."""
    clock.now += by
    return clock.now
