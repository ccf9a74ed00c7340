"""What a command gives back to any platform. Renderers turn these into payloads, purely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from queries.core.answer import Answer
from queries.core.kinds.kind import Control, Option
from queries.core.provenance import Provenance


class Verb(StrEnum):
    """What a button or a form makes happen."""

    ASK = "ask"
    MENU = "menu"
    FORM = "form"
    CHANGE = "change"
    EXPLAIN = "explain"
    EXPORT = "export"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    CANCEL = "cancel"
    SHARE = "share"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Action:
    """What happens on a click. ``value`` is a run id, a question's name, a text or an id.

    An action on an answer carries the run id alone; ``ask`` carries canonical text.
    """

    verb: Verb
    value: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """An action and the words for it. ``confirm`` is a question asked before it happens."""

    label: str
    action: Action
    style: Literal["plain", "primary", "danger"] = "plain"
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a question, with what it was computed from and what one can do next.

    ``follow_ups`` are suggested next questions, ``buttons`` act on this answer.
    ``private`` answers go to the asker alone. ``intro`` stands above (a digest's name).
    """

    title: str
    answer: Answer
    provenance: Provenance
    buttons: tuple[Button, ...]
    follow_ups: tuple[Button, ...] = ()
    private: bool = False
    intro: str = ""

    @property
    def left_out(self) -> tuple[str, ...]:
        """What of the logs was left out, unless a finding tells it already."""
        told = tuple(each.text for each in self.answer.findings)
        return tuple(
            each
            for each in self.provenance.left_out
            if not any(text.endswith(each) for text in told)
        )


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form.

    ``values`` are the raw values it is filled with: for ``conditions`` one text a condition,
    for ``time`` a phrase. ``example`` is something that may be typed. ``reloads`` is true when
    changing it changes other fields.
    """

    name: str
    label: str
    control: Control | Literal["audience", "clock", "zone", "days"]
    options: tuple[Option, ...] = ()
    values: tuple[str, ...] = ()
    optional: bool = False
    hint: str = ""
    example: str = ""
    reloads: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A guided form. ``subject`` is what it is about: a question's name or a run id.

    ``lacking`` names the fields that are needed and weren't given, filled as a suggestion or not.
    """

    verb: Verb
    subject: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    intro: str = ""
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence and what to choose from; each choice may carry a line of description.

    ``headings`` are by the label of the button above which they stand.
    """

    text: str
    buttons: tuple[Button, ...]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """Plain words to one person: help, an explanation, a confirmation."""

    text: str
    title: str = ""
    code: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A finished spreadsheet: a web address, or a file with its name and content."""

    text: str
    label: str
    url: str = ""
    file_name: str = ""
    content: bytes = b""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Working:
    """Something that takes time has begun; it may be cancelled by its run id."""

    text: str
    run: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be done, in words, and what to do next.

    ``problems`` name a form's fields. ``incident`` is set when the fault is ours.
    """

    text: str
    hint: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    incident: str = ""


Reply = Answered | Form | Choice | Note | Link | Working | Refused
