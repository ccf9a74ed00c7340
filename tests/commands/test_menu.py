"""“What would you like to know?”"""

from __future__ import annotations

from commands.menu import menu
from commands.replies import Verb
from queries.core.question import names, question
from tests.core.catalogs import CATALOG


def test_the_menu_has_every_question_the_commonest_need_first() -> None:
    """Each question is a button that opens its form, in order of need, with what it is for."""
    found = menu(CATALOG)
    assert sorted(button.action.value for button in found.buttons) == sorted(names())
    assert {button.action.verb for button in found.buttons} == {Verb.FORM}
    ranks = [question(button.action.value).rank for button in found.buttons]
    assert ranks == sorted(ranks)
    assert found.buttons[0].label == "What fails?"
    for button in found.buttons:
        about = question(button.action.value).about
        assert found.descriptions[button.label].startswith(about)
