"""What people chose or typed: ``state.values`` as Slack sends it, and what stops a submission."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.playground.blocks import elements
from bot.playground.elements import options_of

Json = dict[str, Any]

# element type: where the chosen value stands, and where the block gives a first one
HOLDS: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
REQUIRED = "Please complete this required field."


def _holders(blocks: Sequence[Json]) -> Iterator[tuple[str, Json]]:
    for block in blocks:
        for element in elements(block):
            if element["type"] in HOLDS:
                yield block["block_id"], element


def _first(element: Json, here: str) -> Any:
    _, initial = HOLDS[element["type"]]
    if element.get("default_to_current_conversation") and initial not in element:
        return here or None
    return element.get(initial, [] if initial.endswith("s") else None)


def state_of(blocks: Sequence[Json], given: Mapping[str, Any], here: str = "") -> Json:
    """Complete the values of a view or message: what was given, else what it started with.

    ``given`` has the same shape (block_id → action_id → value object) and may be partial; what
    no longer has an element of its type is dropped. ``here`` is the conversation people are in.
    """
    values: Json = {}
    for block_id, element in _holders(blocks):
        kind, action = element["type"], element["action_id"]
        known = given.get(block_id, {}).get(action)
        if not known or known.get("type") != kind:
            known = {"type": kind, HOLDS[kind][0]: _first(element, here)}
        values.setdefault(block_id, {})[action] = known
    return values


def chosen(element: Json, value: Any, offered: Sequence[Json] = ()) -> Json:
    """Build the value object for what a person chose, by an option's value or its label.

    ``offered`` are options that came from a ``block_suggestion``. LookupError names what there
    was to choose from, as a person could not have chosen anything else.
    """
    key = HOLDS[element["type"]][0]
    if key not in ("selected_option", "selected_options") or value is None:
        return {"type": element["type"], key: value}
    options = [*options_of(element), *offered]

    def find(wanted: Any) -> Json:
        for each in options:
            if wanted in (each["value"], each["text"]["text"]):
                return {
                    name: each[name] for name in ("text", "value", "description") if name in each
                }
        labels = ", ".join(each["text"]["text"] for each in options)
        raise LookupError(f"{wanted!r} is not among the options: {labels}")

    many = key == "selected_options"
    return {"type": element["type"], key: [find(v) for v in value] if many else find(value)}


def _typed_problem(element: Json, value: str) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if not least <= len(value) <= most:
            return f"Please enter {least} to {most} characters."
    if kind == "number_input":
        return _number_problem(element, value)
    if kind == "email_text_input" and "@" not in value:
        return "Please enter a valid e-mail address."
    if kind == "url_text_input" and not value.startswith(("http://", "https://")):
        return "Please enter a valid URL."
    return ""


def _number_problem(element: Json, value: str) -> str:
    try:
        number = Decimal(value)
    except ArithmeticError:
        return "Please enter a number."
    if number != int(number) and not element["is_decimal_allowed"]:
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return ""


def submission_errors(blocks: Sequence[Json], values: Json) -> dict[str, str]:
    """Say what Slack itself refuses before an app sees a submission, by block_id."""
    errors = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]][HOLDS[element["type"]][0]]
        if value in (None, "", []):
            if not block.get("optional"):
                errors[block["block_id"]] = REQUIRED
        elif isinstance(value, str) and (problem := _typed_problem(element, value)):
            errors[block["block_id"]] = problem
    return errors
