"""A form as a modal view."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.forms.controls import field_blocks
from bot.slack.forms.opened import Opened
from bot.slack.rendering.blocks import context, paragraphs
from bot.slack.rendering.limits import (
    OPTIONS,
    RICH_TEXT,
    TITLE,
    VIEW_BLOCKS,
    first_fitting,
    fits_view,
)
from bot.slack.rendering.text import Json, clean, cut, one_line, plain
from commands.replies import Form

FORM, CONFIRM = "form", "confirm"
_NOTHING: Mapping[str, str] = {}


def form_view(form: Form, opened: Opened, modes: Mapping[str, str] = _NOTHING) -> Json:
    """Render a form. ``modes`` say how a time is being given, by field.

    A form too large for one view offers fewer options, each with a field to type the others.
    """
    views = (_view(form, opened, modes, most) for most in (OPTIONS, 60, 30, 10, 3, 0))
    return first_fitting((view, fits_view(view)) for view in views)


def confirm_view(form_title: str, words: str, submit: str, opened: Opened) -> Json:
    """What a person sees before something is set up: what will happen, and the way back."""
    return {
        "type": "modal",
        "callback_id": CONFIRM,
        "title": plain(form_title, TITLE),
        "submit": plain(submit, TITLE),
        "close": plain("Back", TITLE),
        "private_metadata": opened.dumps(),
        "blocks": paragraphs(cut(clean(words), RICH_TEXT)),
    }


def _view(form: Form, opened: Opened, modes: Mapping[str, str], most: int) -> Json:
    about = opened.about(form.verb.value, form.subject, opened.raw)
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain(form.title, TITLE),
        "submit": plain(form.submit, TITLE),
        "close": plain("Cancel", TITLE),
        "private_metadata": about.dumps(),
        "blocks": _blocks(form, modes, most) or paragraphs("There is nothing to fill in."),
    }


def _blocks(form: Form, modes: Mapping[str, str], most: int) -> list[Json]:
    whole = form.title if len(one_line(form.title)) > TITLE else ""
    blocks = [
        *paragraphs(cut(clean(whole), 300)),
        *paragraphs(cut(clean(form.intro), RICH_TEXT), titles=True),
    ]
    for at, field in enumerate(form.fields):
        more = field_blocks(field, most, modes.get(field.name, ""))
        # One block is kept for the line that says what is missing.
        if len(blocks) + len(more) >= VIEW_BLOCKS:
            left = ", ".join(each.label for each in form.fields[at:])
            return [*blocks, *context([f"There is no room for: {left}. Please type those."], 600)]
        blocks += more
    return blocks
