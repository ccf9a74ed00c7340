"""A range of time in a form: a preset, words of one's own, or from one moment to another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from bot.slack.forms.inputs import Part, clock_time, input_block, offer, text_element
from bot.slack.rendering.text import Json, plain
from commands.replies import Field
from queries.core.kinds.kind import Option

PRESET, WORDS = "preset", "words"
EDGES = ("from_day", "from_time", "to_day", "to_time")
OWN_WORDS, FROM_TO = ":words", ":range"  # no phrase starts with a colon
_EXTRA = (Option(OWN_WORDS, "In my own words…"), Option(FROM_TO, "From … to …"))
_LABELS = {
    "from_day": "From",
    "from_time": "From, time of day",
    "to_day": "To, this day included",
    "to_time": "To, time of day",
}
_MOMENT = r"(\d{4}-\d\d-\d\d)(?: (\d{1,2}:\d\d))?"
_RANGE = re.compile(rf"{_MOMENT}\.\.{_MOMENT}")


def time_blocks(field: Field, mode: str = "") -> list[Json]:
    """The presets, and what the chosen one needs besides.

    ``mode`` is what was just chosen (``:words`` or ``:range``); without it the field's value
    decides: a preset, a range of days, or words.
    """
    value = next(iter(field.values), "")
    # With the two of our own well below the 100 options of a select.
    offered = offer(field.options, 90)
    preset = offered.find(value)
    edges = _days_and_times(value)
    if not mode and value and not preset:
        mode = FROM_TO if edges else OWN_WORDS
    shown = offer((*offered.options, *_EXTRA), 92)
    element: Json = {"type": "static_select", **shown.element()}
    chosen = shown.find(mode) if mode else preset
    if chosen:
        element["initial_option"] = chosen
    part = Part(field.name, PRESET, shown.version)
    hint = field.hint if not mode else ""
    block = input_block(part, field.label, element, hint=hint, optional=field.optional, heard=True)
    if mode == OWN_WORDS:
        return [block, _own_words(field, value)]
    if mode == FROM_TO:
        return [block, *_edges(field, edges)]
    return [block]


def phrase(parts: Mapping[str, str]) -> str:
    """The time as it would be typed, from what was entered; nothing where it is not complete."""
    mode = parts.get(PRESET, "")
    if mode == OWN_WORDS:
        return parts.get(WORDS, "").strip()
    if mode != FROM_TO:
        return mode
    first, last = parts.get("from_day", ""), parts.get("to_day", "")
    if not first or not last:
        return ""
    start, end = parts.get("from_time", ""), parts.get("to_time", "")
    return f"{first} {start}".rstrip() + ".." + f"{last} {end}".rstrip()


def missing(parts: Mapping[str, str]) -> str:
    """Say what a time still needs, or nothing."""
    mode = parts.get(PRESET, "")
    if mode == OWN_WORDS and not phrase(parts):
        return "Please type a time, such as: yesterday 9-11am."
    if mode == FROM_TO and not phrase(parts):
        return "Please choose both days."
    return ""


def _own_words(field: Field, value: str) -> Json:
    element = text_element(value, placeholder="yesterday 9-11am")
    return input_block(
        Part(field.name, WORDS),
        f"{field.label}, in your own words",
        element,
        hint="Such as: last 24 hours, since Monday, Q3 2026",
        heard=False,
    )


def _days_and_times(text: str) -> dict[str, str]:
    """The edges of a range written in days and times of day; nothing where it is another time."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return {}
    values = dict(zip(EDGES, (each or "" for each in found.groups()), strict=True))
    try:
        date.fromisoformat(values["from_day"]), date.fromisoformat(values["to_day"])
    except ValueError:
        return {}
    times = [values["from_time"], values["to_time"]]
    return values if all(clock_time(each) for each in times if each) else {}


def _edges(field: Field, values: Mapping[str, str]) -> list[Json]:
    return [_edge(field, name, values.get(name, "")) for name in EDGES]


def _edge(field: Field, name: str, value: str) -> Json:
    day = name.endswith("day")
    element: Json = {"type": "datepicker" if day else "timepicker"}
    element["placeholder"] = plain("Day" if day else "Whole day", 150)
    initial = value if day else clock_time(value)
    if initial:
        element["initial_date" if day else "initial_time"] = initial
    return input_block(Part(field.name, name), _LABELS[name], element, heard=False)
