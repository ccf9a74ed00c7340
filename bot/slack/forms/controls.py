"""Each control of a form as input blocks, and nothing entered ever lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.slack.forms.conditions import SEVERAL, condition_blocks
from bot.slack.forms.inputs import (
    Offered,
    Part,
    clock_time,
    input_block,
    offer,
    problem_block,
    text_element,
)
from bot.slack.forms.times import time_blocks
from bot.slack.rendering.text import Json, plain
from commands.replies import Field
from queries.core.kinds.kind import Option

PICKED, TYPED = "picked", "typed"
_AUDIENCE = (Option("everyone", "Everyone in this channel"), Option("me", "Only me"))
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WHOLE_NUMBER = re.compile(r"-?\d{1,15}")


def field_blocks(field: Field, most: int, mode: str = "") -> list[Json]:
    """One field as blocks, with at most ``most`` options; ``mode`` is how a time is given."""
    if field.control == "time" and len(field.options) > 1:
        return [*problem_block(field), *time_blocks(field, mode)]
    return [*problem_block(field), *_CONTROLS[field.control](field, most)]


def _choice(field: Field, most: int) -> list[Json]:
    offered = offer(field.options, most)
    value = next(iter(field.values), "")
    known = offered.find(value)
    if not offered.options:
        return _text(field)
    element: Json = {"type": "static_select", **offered.element()}
    if known:
        element["initial_option"] = known
    beside = bool(offered.left_out or (value and not known))
    # Slack would insist on a choice in the list although the value stands in the field beside it.
    optional = field.optional or beside
    part = Part(field.name, PICKED, offered.version)
    block = input_block(
        part, field.label, element, hint=field.hint, optional=optional, heard=field.reloads
    )
    typed = "" if known else value
    return [block, *(_typed_beside(field, offered, typed) if beside else [])]


def _typed_beside(field: Field, offered: Offered, value: str) -> list[Json]:
    hint = offered.more or "This counts before what is chosen above."
    label = f"{field.label}, typed"
    return [
        input_block(
            Part(field.name, TYPED, offered.version),
            label,
            text_element(value),
            hint=hint,
            heard=False,
        )
    ]


def _single_time(field: Field, most: int) -> list[Json]:
    """A log without times offers one choice only, whatever was asked before."""
    values = tuple(each.value for each in field.options) or field.values
    return _choice(replace(field, values=values), most)


def _audience(field: Field, most: int) -> list[Json]:
    return _few("radio_buttons", field, field.options or _AUDIENCE, most)


def _days(field: Field, most: int) -> list[Json]:
    named = tuple(Option(day, day) for day in _DAYS)
    return _few("checkboxes", field, field.options or named, most)


def _few(kind: str, field: Field, options: tuple[Option, ...], most: int) -> list[Json]:
    """Options that all stand in sight: ten at most, more become a select."""
    # Slack's limit for radio buttons and checkboxes.
    offered = offer(options, 10)
    chosen = [found for value in field.values if (found := offered.find(value))]
    several = kind == "checkboxes"
    # A value that is not among them would be lost: a select has a field to type beside it.
    if offered.left_out or not offered.options or (field.values and not chosen):
        return (condition_blocks if several else _choice)(field, most)
    # Radio buttons and checkboxes know no groups.
    element: Json = {"type": kind, **Offered(tuple(_flat(offered)), 0).element()}
    if chosen:
        element["initial_options" if several else "initial_option"] = (
            list({each["value"]: each for each in chosen}.values()) if several else chosen[0]
        )
    part = Part(field.name, SEVERAL if several else PICKED, offered.version)
    return [
        input_block(
            part,
            field.label,
            element,
            hint=field.hint,
            optional=field.optional,
            heard=field.reloads,
        )
    ]


def _flat(offered: Offered) -> list[Option]:
    return [Option(each.value, each.label) for each in offered.options]


def _clock(field: Field, _most: int) -> list[Json]:
    value = next(iter(field.values), "")
    time = clock_time(value)
    if value and not time:
        return _text(field)
    element: Json = {"type": "timepicker", "placeholder": plain("Time of day", 150)}
    if time:
        element["initial_time"] = time
    part = Part(field.name, "clock")
    return [_one(part, field, element)]


def _number(field: Field, _most: int) -> list[Json]:
    value = next(iter(field.values), "").strip()
    if value and not _WHOLE_NUMBER.fullmatch(value):
        return _text(field)
    element: Json = {"type": "number_input", "is_decimal_allowed": False}
    if value:
        element["initial_value"] = value
    return [_one(Part(field.name, "number"), field, element)]


def _text(field: Field, _most: int = 0) -> list[Json]:
    value = " ".join(field.values)
    return [_one(Part(field.name, TYPED), field, text_element(value))]


def _one(part: Part, field: Field, element: Json) -> Json:
    return input_block(
        part,
        field.label,
        element,
        hint=field.hint,
        optional=field.optional,
        heard=field.reloads,
    )


_CONTROLS: Mapping[str, Callable[[Field, int], list[Json]]] = {
    "choice": _choice,
    "time": _single_time,
    "conditions": condition_blocks,
    "audience": _audience,
    "days": _days,
    "zone": _choice,
    "clock": _clock,
    "number": _number,
    "text": _text,
}
