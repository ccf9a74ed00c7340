"""A question is declared once, as a frozen class; everything else is derived from it."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, TypeVar, dataclass_transform
from zoneinfo import ZoneInfo

import queries
from queries.core.answer import Answer
from queries.core.catalog import Catalog, SourceCard
from queries.core.errors import BadQuestion, Problem
from queries.core.filters import BadCondition
from queries.core.kinds.kind import BadValue, Kind, Scope
from queries.core.logs import Logs
from queries.core.nearest import nearest
from queries.core.times.when import Window
from queries.core.topics import Topic

T = TypeVar("T")
Raw = Mapping[str, tuple[str, ...]]
"""What was typed or chosen: a parameter's name to one or more values."""


class _Required:
    """The default of a parameter that must be given."""


REQUIRED = _Required()


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question declares about one of its parameters."""

    name: str
    kind: Kind[Any]
    label: str
    default: tuple[str, ...] | None
    required: bool
    aliases: tuple[str, ...]
    hint: str


def param(
    kind: Kind[T],
    label: str,
    *,
    default: str | _Required | None = REQUIRED,
    aliases: tuple[str, ...] = (),
    hint: str = "",
) -> T:
    """Declare a parameter. ``default`` is written as it would be typed; None means absent.

    ``aliases`` are former names, so that texts stored under them still parse.
    """
    spec = (kind, label, default, aliases, hint)
    return field(metadata={"param": spec})  # type: ignore[no-any-return]  # dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(param,))
class Question:
    """What can be asked. A subclass is ``queries/NAME.py`` or ``queries/NAME/question.py``."""

    name: ClassVar[str]
    title: ClassVar[str]
    examples: ClassVar[tuple[str, ...]]
    about: ClassVar[str]
    """One or two sentences: what it answers, for a person who wonders which question to ask."""
    asked_as: ClassVar[tuple[str, ...]]
    """Everyday words for what it answers, in small letters, besides its name: what people type
    who don't know its name."""
    topic: ClassVar[Topic] = Topic.CLOSER
    """The need that it answers to; menus are ordered by it."""
    rank: ClassVar[int] = 100
    """Where it stands among those of its topic."""
    needs: ClassVar[tuple[str, ...]] = ()
    """Canonical columns without which it can't be answered; forms offer only models with them."""
    terms: ClassVar[tuple[str, ...]] = ()
    """The technical words that its answers may use; the glossary explains each."""
    private: ClassVar[bool] = False
    """True when the answer holds records of single people and goes to the asker alone."""
    one_page: ClassVar[bool] = False
    """True when its Excel file is one page that can be printed and filed."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)

    def answer(self, logs: Logs) -> Answer:
        """Compute the answer. Raises PlainError with words for the person who asked."""
        raise NotImplementedError

    def __str__(self) -> str:
        written = [
            parameter.kind.write(parameter.name, value)
            for parameter in parameters(type(self))
            if (value := getattr(self, parameter.name)) is not None
        ]
        return " ".join([self.name, *filter(None, written)])


def raw(question: Question) -> Raw:
    """Give the raw values that bind back to an equal question; what its form is filled with."""
    return {
        parameter.name: parameter.kind.raw(value)
        for parameter in parameters(type(question))
        if (value := getattr(question, parameter.name)) not in (None, ())
    }


def parameters(question: type[Question]) -> tuple[Parameter, ...]:
    """The parameters that a question declares, in order."""
    found = []
    for each in fields(question):  # type: ignore[arg-type]  # __init_subclass__ makes it one
        kind, label, default, aliases, hint = each.metadata["param"]
        required = default is REQUIRED
        value = (default,) if isinstance(default, str) and default else None
        found.append(
            Parameter(
                name=each.name,
                kind=kind,
                label=label,
                default=value,
                required=required,
                aliases=aliases,
                hint=hint,
            )
        )
    return tuple(found)


def window_of(question: Question) -> Window | None:
    """Give the time that a question asks about, where it has one."""
    values = (getattr(question, each.name) for each in parameters(type(question)))
    return next((value for value in values if isinstance(value, Window)), None)


def suited(question: type[Question], catalog: Catalog) -> tuple[SourceCard, ...]:
    """The sources that have what a question needs, the one that logs most first.

    So examples and forms of several questions begin with one model, and none with a log that
    couldn't be read. All sources where none fits.
    """
    ranked = sorted(catalog.sources.values(), key=lambda card: (card.unread, -len(card.roles)))
    fitting = [card for card in ranked if card.roles.issuperset(question.needs)]
    return tuple(fitting or ranked)


def bind(question: type[Question], values: Raw, catalog: Catalog, zone: ZoneInfo) -> Question:
    """Turn raw values into a question: the only way in. Does no I/O.

    Raises:
        BadQuestion: one problem for each parameter that is missing, unknown or does not fit.
    """
    problems: list[Problem] = []
    given = _renamed(question, values, problems)
    scope = Scope(catalog, zone)
    bound: dict[str, Any] = {}
    for parameter in parameters(question):
        try:
            bound[parameter.name] = _read(parameter, given, scope)
        except BadValue as bad:
            problems.append(Problem(parameter.name, bad.message, bad.nearest, wrong=bad.wrong))
            continue
        except BadCondition as bad:
            problems.append(Problem(parameter.name, str(bad)))
            continue
        # What is declared after it is read against the model's own columns and values.
        if parameter.name == "model":
            scope = Scope(catalog, zone, catalog.source(bound["model"]))
    if problems:
        raise BadQuestion(*problems)
    return question(**bound)


def _read(parameter: Parameter, given: Raw, scope: Scope) -> Any:
    value = tuple(text for text in given.get(parameter.name, ()) if text.strip())
    if not value and parameter.required:
        raise BadValue(f"{parameter.label}? Please choose one.")
    value = value or parameter.default or ()
    if not value and parameter.kind.control != "conditions":
        return None
    return parameter.kind.read(value, scope)


def _renamed(question: type[Question], values: Raw, problems: list[Problem]) -> Raw:
    known = {
        name: parameter.name
        for parameter in parameters(question)
        for name in (parameter.name, *parameter.aliases)
    }
    given: dict[str, tuple[str, ...]] = {}
    for name, value in values.items():
        if name not in known:
            close = nearest(name, list(known))
            problems.append(Problem(None, f"“{question.name}” has no “{name}”.", close))
            continue
        given[known[name]] = given.get(known[name], ()) + tuple(value)
    return given


@cache
def names() -> tuple[str, ...]:
    """Give the names of all questions: ``queries/NAME.py``, or ``queries/NAME/question.py``."""
    found = (module.name for module in pkgutil.iter_modules(queries.__path__) if _holds(module))
    return tuple(sorted(found))


def _holds(module: pkgutil.ModuleInfo) -> bool:
    """Whether a module of ``queries`` is a question, or the folder of one."""
    if not module.ispkg:
        return True
    # In the core this file has the same name: what questions are made of is none itself.
    name = f"queries.{module.name}.question"
    return name != __name__ and importlib.util.find_spec(name) is not None


def ordered() -> list[type[Question]]:
    """Give all questions as a menu shows them: by topic, then by rank."""
    topics = list(Topic)
    return sorted(
        map(question, names()), key=lambda each: (topics.index(each.topic), each.rank, each.name)
    )


@cache
def question(name: str) -> type[Question]:
    """Import a question by name on first use. Raises KeyError where there is none."""
    if name not in names():
        raise KeyError(name)
    module = importlib.import_module(f"queries.{name}")
    if hasattr(module, "__path__"):
        module = importlib.import_module(f"queries.{name}.question")
    classes = [
        each
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, Question)
        and each.__module__ == module.__name__
    ]
    if len(classes) != 1 or classes[0].name != name:
        file = module.__name__.replace(".", "/")
        raise TypeError(f"{file}.py must hold one Question named {name!r}")
    return classes[0]
