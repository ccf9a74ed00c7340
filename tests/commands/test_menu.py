"""“What would you like to know?”"""

from __future__ import annotations

from commands.menu import menu
from commands.replies import Verb
from queries.core.question import names, question
from queries.core.topics import Topic
from tests.core.catalogs import CATALOG


def test_the_menu_has_every_question_the_commonest_need_first() -> None:
    """Each question is a button that opens its form, in order of need, with what it is for."""
    found = menu(CATALOG)
    assert sorted(button.action.value for button in found.buttons) == sorted(names())
    assert {button.action.verb for button in found.buttons} == {Verb.FORM}
    asked = [question(button.action.value) for button in found.buttons]
    places = [(list(Topic).index(each.topic), each.rank) for each in asked]
    assert places == sorted(places)
    for button in found.buttons:
        about = question(button.action.value).about
        assert found.descriptions[button.label].startswith(about)


def test_the_menu_begins_from_the_need() -> None:
    """Above the first question of each topic stands the need that it answers to, once."""
    found = menu(CATALOG)
    topics = [question(button.action.value).topic for button in found.buttons]
    firsts = [found.buttons[topics.index(topic)].label for topic in dict.fromkeys(topics)]
    assert list(found.headings.items()) == list(zip(firsts, dict.fromkeys(topics), strict=True))
