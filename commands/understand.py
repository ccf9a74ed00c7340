"""Understand what a person typed: a question to ask, or the reply that helps them on.

Pure and quick: no log and no table is touched, so that it fits inside an acknowledgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from commands.form import EVERYONE, ONLY_ME, question_form
from commands.help import help_note
from commands.menu import menu
from commands.replies import Action, Button, Choice, Form, Note, Refused, Verb
from queries.core.catalog import Catalog
from queries.core.errors import BadQuestion, Problem
from queries.core.grammar import understand as read_words
from queries.core.question import Question, Raw, bind, parameters
from queries.core.words import shortened

_PRIVATE = "only me"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that can be asked as it is. ``private`` is the asker's own wish."""

    question: Question
    private: bool = False


@dataclass(frozen=True, slots=True)
class ListDigests:
    """The person wants to see what arrives by itself."""


Understood = Ask | ListDigests | Form | Choice | Note | Refused


def understand(text: str, catalog: Catalog, zone: ZoneInfo) -> Understood:
    """Give what the text asks for.

    A missing parameter gives the form with what was understood filled in; a misspelling gives
    the nearest whole texts as buttons; no text gives the menu.
    """
    text, private = _without_privacy(" ".join(text.split()))
    lower = text.lower()
    if not text:
        return menu(catalog)
    if lower in ("digests", "digest", "list digests"):
        return ListDigests()
    if lower.split()[0] in ("help", "?", "-h", "--help"):
        return help_note(text.partition(" ")[2], catalog)
    try:
        understood = read_words(text, catalog, zone)
    except BadQuestion as bad:
        return _suggestion(bad.problems[0])
    try:
        return Ask(bind(understood.question, understood.raw, catalog, zone), private)
    except BadQuestion as bad:
        corrected = _corrected(text, bad, understood.raw)
        if corrected:
            return _suggestion(corrected)
        known = {each.name for each in parameters(understood.question)}
        problems = {
            each.parameter: each.message for each in bad.problems if each.parameter in known
        }
        audience = ONLY_ME if private else EVERYONE
        name = understood.question.name
        return question_form(name, understood.raw, catalog, zone, problems, audience)


def _without_privacy(text: str) -> tuple[str, bool]:
    if text.lower() == _PRIVATE or text.lower().endswith(f" {_PRIVATE}"):
        return text[: -len(_PRIVATE)].rstrip(), True
    return text, False


def _suggestion(problem: Problem) -> Choice | Refused:
    if not problem.corrected:
        return Refused(problem.message, buttons=(Button("Show me what I can ask", _MENU),))
    buttons = tuple(
        Button(shortened(text, 75), Action(Verb.ASK, text)) for text in problem.corrected
    )
    return Choice(problem.message, (*buttons, Button("Something else", _MENU)))


_MENU = Action(Verb.MENU)


def _corrected(text: str, bad: BadQuestion, raw: Raw) -> Problem | None:
    """Whole texts with the one misspelt value put right, where it can be found in the text."""
    only = bad.problems[0]
    wrong = raw.get(only.parameter or "", ("",))[0]
    if len(bad.problems) > 1 or not only.nearest or not wrong or wrong not in text:
        return None
    texts = tuple(text.replace(wrong, near, 1) for near in only.nearest)
    return Problem(only.parameter, only.message, only.nearest, texts)
