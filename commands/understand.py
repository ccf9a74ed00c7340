"""Understand what a person typed: a question to ask, or the reply that helps them on.

Pure and quick: no log and no table is touched, so that it fits inside an acknowledgement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from commands.form import EVERYONE, ONLY_ME, question_form
from commands.help import help_note
from commands.menu import menu
from commands.offers import FILLING, offers
from commands.replies import Action, Button, Choice, Form, Note, Refused, Verb
from queries.core.catalog import Catalog
from queries.core.errors import BadQuestion, Problem
from queries.core.grammar import parse
from queries.core.grammar import understand as read_words
from queries.core.question import Question, bind, names, parameters
from queries.core.times.when import is_time
from queries.core.words import shortened
from queries.core.writing import quote, words

_PRIVATE = re.compile(r"(?:^|[\s,]+)only\s+me$", re.IGNORECASE)


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
    text, private = _without_privacy(text.strip())
    lower = " ".join(text.lower().split())
    if not text:
        return menu(catalog)
    if lower in ("digests", "digest", "list digests"):
        return ListDigests()
    if lower.split()[0] in ("help", "?", "-h", "--help"):
        return help_note(lower.partition(" ")[2], catalog)
    try:
        understood = read_words(text, catalog, zone)
    except BadQuestion as bad:
        return _suggestion(_offered(text, bad.problems[0], catalog, zone))
    try:
        return Ask(bind(understood.question, understood.raw, catalog, zone), private)
    except BadQuestion as bad:
        corrected = _corrected(text, bad, catalog, zone)
        if corrected:
            return _suggestion(corrected)
        known = {each.name for each in parameters(understood.question)}
        problems: dict[str | None, str] = {
            each.parameter: each.message
            for each in bad.problems
            # What is merely missing is no mistake: the form asks for it.
            if each.parameter in known and each.parameter in understood.raw
        }
        audience = ONLY_ME if private else EVERYONE
        name = understood.question.name
        return question_form(name, understood.raw, catalog, zone, problems, audience)


def _without_privacy(text: str) -> tuple[str, bool]:
    without = _PRIVATE.sub("", text)
    return without, without != text


def _suggestion(problem: Problem) -> Choice | Refused:
    if not problem.corrected:
        return Refused(problem.message, buttons=(Button("Show me what I can ask", _MENU),))
    buttons = tuple(
        Button(shortened(text, 75), Action(Verb.ASK, text)) for text in problem.corrected
    )
    return Choice(problem.message, (*buttons, Button("Something else", _MENU)))


_MENU = Action(Verb.MENU)


def _offered(text: str, problem: Problem, catalog: Catalog, zone: ZoneInfo) -> Problem:
    """Whole questions in place of a sentence; the problem itself where it is no sentence."""
    begun = words(text)
    named = bool(begun) and begun[0].text.lower() in names()
    sentence = problem.wrong.lower() in FILLING or not (named or problem.corrected)
    if not sentence:
        return problem
    found = offers(text, catalog, zone)
    message = "I can't read whole sentences yet. Do you mean one of these?"
    return replace(problem, message=message, corrected=found) if found else problem


def _corrected(text: str, bad: BadQuestion, catalog: Catalog, zone: ZoneInfo) -> Problem | None:
    """Whole texts with the one misspelt word put right, where that makes them questions."""
    only = bad.problems[0]
    found = _place(text, only.wrong)
    if len(bad.problems) > 1 or found is None:
        return None
    before, after = text[: found[0]], text[found[1] :]
    # A time stands there as it is, however many words it has.
    many = bool(only.nearest) and all(map(is_time, only.nearest))
    texts = [f"{before}{near if many else quote(near)}{after}" for near in only.nearest]
    good = tuple(each for each in texts if _is_question(each, catalog, zone))
    return replace(only, corrected=good) if good else None


def _place(text: str, wrong: str) -> tuple[int, int] | None:
    """From where to where a text has the words that are wrong, after the question's name."""
    typed, sought = words(text)[1:], words(wrong)
    for at in range(len(typed) - len(sought) + 1 if sought else 0):
        run = typed[at : at + len(sought)]
        if [word.text for word in run] == [word.text for word in sought]:
            return run[0].start, run[-1].end
    return None


def _is_question(text: str, catalog: Catalog, zone: ZoneInfo) -> bool:
    try:
        parse(text, catalog, zone)
    except BadQuestion:
        return False
    return True
