"""“What would you like to know?”: every question with what it is good for."""

from __future__ import annotations

from commands.replies import Action, Button, Choice, Verb
from queries.core.catalog import Catalog
from queries.core.grammar import example
from queries.core.question import ordered


def menu(catalog: Catalog) -> Choice:
    """Give a button for each question; it opens the question's form."""
    asked = ordered()
    buttons = tuple(Button(each.title, Action(Verb.FORM, each.name)) for each in asked)
    descriptions = {each.title: f"{each.about}\n`/ml {example(each, catalog)}`" for each in asked}
    headings: dict[str, str] = {}
    for each in asked:
        if each.topic not in headings.values():
            headings[each.title] = each.topic.value
    text = "What would you like to know?"
    return Choice(text, buttons, descriptions, title="Ask the logs", headings=headings)
