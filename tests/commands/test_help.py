"""Help: derived from the questions, so that it can't say anything else than they do."""

from __future__ import annotations

import re

import pytest

from commands.help import help_note
from commands.replies import Action, Verb
from commands.understand import Ask, understand
from queries.core.catalog import Catalog
from queries.core.question import names, parameters, question
from tests.core.catalogs import BERLIN, CATALOG


def test_help_names_every_question_and_model() -> None:
    """The overview has a line for each question, with an example to type, and the models."""
    note = help_note("", CATALOG)
    for name in names():
        assert question(name).title in note.text
        assert re.search(rf"`/ml {name}[ `]", note.text)
    for model in CATALOG.sources:
        assert f"`{model}`" in note.text
    assert note.buttons[0].action == Action(Verb.MENU)


def test_what_help_says_to_type_can_be_typed() -> None:
    """Every example in the overview is understood as it stands."""
    note = help_note("", CATALOG)
    typed = [line.split("`/ml ")[1].rstrip("`") for line in note.text.splitlines() if "• " in line]
    assert len(typed) == len(names())
    for text in typed:
        assert isinstance(understand(text, CATALOG, BERLIN), Ask)


@pytest.mark.parametrize("name", names())
def test_help_on_a_question_explains_its_parameters(name: str) -> None:
    """One question's help says what it is for, each parameter with its default, and examples."""
    note = help_note(name.upper(), CATALOG)
    assert note.title == question(name).title
    assert question(name).about in note.text
    about_one = "model" in {each.name for each in parameters(question(name))}
    assert ("`model` (needed)" in note.text) == about_one
    assert re.search(r"`window` \(otherwise (last \d+|all\b)", note.text)
    assert "For example:" in note.text
    assert note.buttons[0].action == Action(Verb.FORM, name)


def test_help_on_nothing_known_names_what_is() -> None:
    """Help on a misspelt topic names the nearest questions."""
    assert "Did you mean “errors”?" in help_note("eror", CATALOG).text
    assert "Did you mean “errors”?" in help_note("why is it failing", CATALOG).text
    assert "`/ml help` names them all" in help_note("zzz", CATALOG).text


def test_help_without_any_model_still_helps() -> None:
    """Where no source is declared, help says so and shows how a question would look."""
    note = help_note("", Catalog({}))
    assert "Models: none yet." in note.text
    assert "/ml errors MODEL" in note.text
