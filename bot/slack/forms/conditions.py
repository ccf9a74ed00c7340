"""Conditions in a form: chosen from a list, or typed one a line."""

from __future__ import annotations

from bot.slack.forms.inputs import Offered, Part, input_block, offer, text_element
from bot.slack.rendering.text import Json
from commands.replies import Field
from queries.core.filters import BadCondition, Filter, parse_condition
from queries.core.writing import words

SEVERAL, LINES = "several", "lines"


def condition_blocks(field: Field, most: int) -> list[Json]:
    """A list of values to choose from, and a field for conditions of any kind."""
    offered = offer(field.options, most)
    picked, typed = _sorted_out(field.values, offered)
    blocks = []
    if offered.options:
        element: Json = {"type": "multi_static_select", **offered.element()}
        if picked:
            element["initial_options"] = picked
        part = Part(field.name, SEVERAL, offered.version)
        blocks.append(input_block(part, field.label, element, hint=field.hint, heard=False))
    label = "Other conditions" if offered.options else field.label
    such = f", such as: {field.example}" if field.example else ""
    hint = f"{offered.more} One a line{such}".strip()
    typing = text_element("\n".join(typed), placeholder=field.example, lines=True)
    # Of the list's version: what could only be typed may be in the list of another source.
    part = Part(field.name, LINES, offered.version)
    return [*blocks, input_block(part, label, typing, hint=hint, heard=False)]


def _sorted_out(values: tuple[str, ...], offered: Offered) -> tuple[list[Json], list[str]]:
    """Part conditions into those that the list offers and those that must stand as text."""
    picked: list[Json] = []
    typed: list[str] = []
    for value in values:
        found = [offered.find(each) for each in _equalities(value)]
        options = [each for each in found if each is not None]
        if found and len(options) == len(found):
            picked += [each for each in options if each not in picked]
        else:
            typed.append(value)
    return picked, typed


def _equalities(condition: str) -> tuple[str, ...]:
    """``region in a, b`` as ``region = a`` and ``region = b``, the way options are written."""
    try:
        read = parse_condition(condition)
    except BadCondition:
        return (condition,)
    if read.op not in ("=", "in"):
        return (condition,)
    return tuple(str(Filter(read.column, "=", (value,))) for value in read.values)


def split(text: str) -> list[str]:
    """Part what was typed at line breaks and at “and”, as it is parted in a typed question."""
    found = []
    for line in text.splitlines():
        start = 0
        for word in words(line):
            if word.is_("and", "where"):
                found.append(line[start : word.start])
                start = word.end
        found.append(line[start:])
    return [each.strip() for each in found if each.strip()]
