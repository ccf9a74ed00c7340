"""Change a recorded question: its form, filled with what was asked."""

from __future__ import annotations

from commands.form import EVERYONE, ONLY_ME, question_form
from commands.ports import Person, Services
from commands.replay import check_reader, recorded_question
from commands.replies import Form
from queries.core.question import raw


def change(run: str, person: Person, services: Services) -> Form:
    """Give the form of a recorded question; that of a private one to its asker alone.

    Raises PlainError.
    """
    check_reader(run, person, services, "change this question")
    asked, question = recorded_question(run, services)
    audience = ONLY_ME if asked.private else EVERYONE
    return question_form(
        question.name, raw(question), services.catalog(), person.tz, audience=audience
    )
