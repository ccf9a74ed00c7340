"""What the Slack platform calls: the commands, bound to their services by the wiring."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from commands.digests.posting import Venue
from commands.ports import Person, Place, Progress
from commands.replies import Answered, Choice, Form, Link, Note, Refused
from commands.understand import Ask, Understood
from queries.core.charts import Chart
from queries.core.question import Question, Raw


class Asks(Protocol):
    """``commands.ask.ask``."""

    def __call__(
        self,
        question: Question,
        asker: Person,
        place: Place,
        /,
        *,
        private: bool,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> Answered:
        """Give the answer, recorded. Raises PlainError."""
        ...


class Forms(Protocol):
    """``commands.form.question_form``."""

    def __call__(
        self,
        name: str,
        raw: Raw,
        zone: ZoneInfo,
        /,
        *,
        problems: Mapping[str | None, str],
        audience: str,
    ) -> Form:
        """Give a question's form, filled."""
        ...


@dataclass(frozen=True)
class Core:
    """The commands, with catalog, services and clock already given.

    ``understand``, ``question_form``, ``submit`` and ``echo`` are pure and quick, and are called
    on the event loop; everything else is called in worker threads. ``refused`` turns any error
    into words, and logs what is a defect of ours. ``first_time`` says whether a request is new;
    ``seconds`` gives the seconds that pass, for how often progress is shown.
    """

    understand: Callable[[str, ZoneInfo], Understood]
    question_form: Forms
    submit: Callable[[str, Raw, ZoneInfo], Ask | Refused]
    ask: Asks
    change: Callable[[str, Person], Form]
    explain: Callable[[str, Person], Note]
    export: Callable[[str, Person], Link]
    share: Callable[[str, Person], tuple[Answered, Place]]
    schedule_form: Callable[[str, Person], Form]
    echo: Callable[[Raw, Person], str | Refused]
    create_digest: Callable[[str, Raw, Person, Place, Venue], Note]
    list_digests: Callable[[Person], Choice | Note]
    delete_digest: Callable[[str, Person], Note]
    refused: Callable[[Exception], Refused]
    first_time: Callable[[str], bool]
    draw: Callable[[Chart], bytes]
    seconds: Callable[[], float] = time.monotonic
