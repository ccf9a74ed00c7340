"""Plain words to one person: notes, choices, refusals, links, and what is under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from bot.slack.rendering.blocks import code, context, headline, paragraphs
from bot.slack.rendering.buttons import element, link, possible, row
from bot.slack.rendering.limits import (
    MESSAGE_BLOCKS,
    RICH_TEXT,
    TITLE,
    VIEW_BLOCKS,
    first_fitting,
    fits_message,
    fits_view,
)
from bot.slack.rendering.message import Message
from bot.slack.rendering.text import Json, clean, cut, fallback, formatted, one_line, plain
from commands.replies import Action, Button, Choice, Link, Note, Refused, Verb, Working

CUT = "This is shortened to fit."
_STEPS = (20_000, 9_000, 6_000, 3_000, 1_000, 200)
"""Characters of words and of code, fewer and fewer until they fit."""


def note_message(note: Note) -> Message:
    """Render a note as a message."""
    bodies = (_note(note, most, MESSAGE_BLOCKS) for most in _STEPS)
    blocks = first_fitting((body, fits_message(body)) for body in bodies)
    title = [headline(cut(note.title, 150))] if one_line(note.title) else []
    return Message(fallback(f"{note.title} {note.text}"), _never_empty([*title, *blocks][:50]))


def note_view(note: Note) -> Json:
    """Render a note as a modal that is only read."""
    # A view holds about twenty times as much as a message.
    views = (_modal(note.title, _note(note, 10 * most, VIEW_BLOCKS)) for most in _STEPS)
    return first_fitting((view, fits_view(view)) for view in views)


def waiting_view(title: str, text: str = "One moment…") -> Json:
    """What stands in a modal until its content is ready."""
    return _modal(title, paragraphs(text))


def choice_message(choice: Choice) -> Message:
    """Render a choice as a message: a line for each button that has a description."""
    bodies = (
        _choice(choice, most, each) for most, each in ((40, 300), (20, 200), (8, 200), (3, 90))
    )
    blocks = first_fitting((body, fits_message(body)) for body in bodies)
    return Message(fallback(f"{choice.title} {choice.text}"), _never_empty(blocks))


def choice_view(choice: Choice) -> Json:
    """Render a choice as a modal; a click in it replaces the modal's content."""
    whole = choice.title if len(choice.title) > TITLE else ""
    untitled = replace(choice, text=choice.text or whole, title="")
    views = (_modal(choice.title, _choice(untitled, most, 600)) for most in (90, 40, 10))
    return first_fitting((view, fits_view(view)) for view in views)


def refused_message(refused: Refused) -> Message:
    """Render a refusal: what is wrong, what to do next, and the incident where it is ours."""
    said = refused.incident and refused.incident in f"{refused.text} {refused.hint}"
    incident = "" if said else refused.incident
    problems = [f"• {each}" for each in refused.problems.values() if each not in refused.text]
    words = "\n".join([refused.text, *problems])
    blocks = [
        *paragraphs(cut(clean(words), RICH_TEXT)),
        *context([refused.hint], 600),
        *context(
            [f"Something went wrong on our side · incident {incident}"] if incident else [], 200
        ),
        *row(refused.buttons, 10, 600),
    ]
    return Message(fallback(f"{refused.text} {refused.hint}"), _never_empty(blocks))


def refused_view(refused: Refused, title: str) -> Json:
    """Render a refusal in a modal that was already open."""
    return _modal(title, refused_message(refused).blocks)


def link_message(found: Link) -> Message:
    """Render a spreadsheet at an address; without one, the words that go with the file."""
    blocks = paragraphs(cut(clean(found.text), RICH_TEXT))
    # Slack's limit; an address that is cut leads nowhere.
    if found.url and len(found.url) <= 3_000:
        blocks.append(link(found.label, found.url))
    return Message(fallback(found.text), _never_empty(blocks))


def working_message(working: Working, asked: str = "") -> Message:
    """Render what stands in the channel until the answer comes, with a button to cancel it."""
    cancel = Button("Cancel", Action(Verb.CANCEL, working.run))
    blocks = [*paragraphs(cut(clean(working.text), 600)), *context([asked], 600), *row([cancel])]
    return Message(fallback(f"{working.text} {asked}", 600), _never_empty(blocks))


def words_message(text: str, buttons: Sequence[Button] = ()) -> Message:
    """Render a sentence, with buttons if there are any."""
    blocks = [*paragraphs(cut(clean(text), RICH_TEXT)), *row(buttons)]
    return Message(fallback(text), _never_empty(blocks))


def _note(note: Note, most: int, blocks: int) -> list[Json]:
    text, sql = clean(note.text), clean(note.code)
    short = len(text) > most or len(sql) > most
    built = [
        *paragraphs(cut(text, most), titles=True),
        *code(cut(sql, most)),
        *context([CUT] if short else [], 100),
    ]
    # Leaves room for the headline that a message has, and for the buttons.
    return built[: blocks - 3] + row(note.buttons, 10, 600)


def _choice(choice: Choice, most: int, described: int) -> list[Json]:
    top = [headline(cut(choice.title, 150))] if one_line(choice.title) else []
    top += paragraphs(cut(clean(choice.text), 1_000), titles=True)
    shown = [each for each in choice.buttons if possible(each)][:most]
    lines = [each for each in shown if one_line(choice.descriptions.get(each.label, ""))]
    rest = [each for each in shown if each not in lines]
    left = len(choice.buttons) - len(shown)
    more = [f"{left} more can't be shown here: type `/ml help`."] if left else []
    return [
        *top,
        *chain(*(_described(choice, each, at, described) for at, each in enumerate(lines))),
        *row(rest),
        *context(more, 200),
    ]


def _described(choice: Choice, button: Button, index: int, most: int) -> list[Json]:
    heading = choice.headings.get(button.label, "")
    above = [headline(cut(one_line(heading), 150))] if one_line(heading) else []
    section = {
        "type": "section",
        "text": formatted(choice.descriptions[button.label], most),
        "accessory": element(button, index),
    }
    return [*above, section]


def _modal(title: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "title": plain(title, TITLE),
        "close": plain("Close", TITLE),
        "blocks": _never_empty(blocks),
    }


def _never_empty(blocks: list[Json]) -> list[Json]:
    return blocks or paragraphs("There is nothing to show.")
