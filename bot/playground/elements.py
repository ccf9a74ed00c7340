"""Slack's limits on text, options and interactive elements, as a table of rules by type.

Sources: the element pages of docs.slack.dev; sizes as in the limits of Slack's own models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.playground.rules import (
    Rule,
    anything,
    at_least_one,
    boolean,
    by_type,
    choice,
    exactly_one,
    fault,
    integer,
    many,
    record,
    string,
)

ID = string(255, least=1)
LINK = string(3000, least=1, pattern=r"https?://\S+|mailto:\S+")


def plain(most: int, least: int = 1) -> Rule:
    """A ``plain_text`` object of so many characters."""
    fields = {"text": string(most, least), "type": choice("plain_text")}
    return record(fields, {"emoji": boolean})


def text(most: int, least: int = 1) -> Rule:
    """A ``plain_text`` or ``mrkdwn`` object of so many characters."""
    mrkdwn = record({"text": string(most, least), "type": choice("mrkdwn")}, {"verbatim": boolean})
    return by_type({"plain_text": plain(most, least), "mrkdwn": mrkdwn})


CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)


def option(label: Rule, *, url: bool = False) -> Rule:
    """One option: its label (75 characters), value (150) and description (75)."""
    optional: dict[str, Rule] = {"description": plain(75)}
    if url:
        optional["url"] = LINK
    return record({"text": label, "value": string(150, least=1)}, optional)


PLAIN_OPTION = option(plain(75))
TEXT_OPTION = option(text(75))
OPTION_GROUP = record({"label": plain(75), "options": many(PLAIN_OPTION, 100)})


def options_of(element: Mapping[str, Any]) -> list[Any]:
    """Give every option of an element, in groups or not."""
    groups = element.get("option_groups") or []
    grouped = [each for group in groups for each in group.get("options", ())]
    return [*(element.get("options") or ()), *grouped]


def _initial_among_options(element: Mapping[str, Any], pointer: str) -> Iterator[str]:
    offered = options_of(element)
    chosen: Sequence[Any] = element.get("initial_options") or ()
    if "initial_option" in element:
        chosen = [element["initial_option"]]
    for each in chosen:
        if each not in offered:
            yield fault("initial option does not match any of the options", pointer)


def _different_values(element: Mapping[str, Any], pointer: str) -> Iterator[str]:
    values = [each.get("value") for each in options_of(element) if isinstance(each, dict)]
    if len(values) != len(set(values)):
        yield fault("option values must be different", pointer)


DISPATCH = record(
    {"trigger_actions_on": many(choice("on_enter_pressed", "on_character_entered"), 2)}
)
FILTER = record(
    {},
    {
        "include": many(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_BASE: dict[str, Rule] = {"action_id": ID, "confirm": CONFIRM}
_INPUT: dict[str, Rule] = {**_BASE, "focus_on_load": boolean}
_SELECT: dict[str, Rule] = {**_INPUT, "placeholder": plain(150)}
_SEVERAL: dict[str, Rule] = {**_SELECT, "max_selected_items": integer(1, 1000)}
_CHOICES: dict[str, Rule] = {"options": many(PLAIN_OPTION, 100)}
_CHOICES["option_groups"] = many(OPTION_GROUP, 100)
_TYPED: dict[str, Rule] = {**_SELECT, "dispatch_action_config": DISPATCH}
_OFFERED = (exactly_one("options", "option_groups"), _initial_among_options, _different_values)
_DATE, _TIME = string(10, 10, r"\d{4}-\d\d-\d\d"), string(5, 5, r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = string(40, 1, r"-?\d+(\.\d+)?")

SLACK_FILE = record({}, {"id": ID, "url": LINK}, exactly_one("id", "url"))
IMAGE_ELEMENT = record(
    {"alt_text": string(2000, least=1)},
    {"image_url": LINK, "slack_file": SLACK_FILE},
    exactly_one("image_url", "slack_file"),
)
BUTTON = record(
    {"text": plain(75)},
    {
        **_BASE,
        "url": LINK,
        "value": string(2000),
        "style": choice("primary", "danger"),
        "accessibility_label": string(75, least=1),
    },
)


def _several(initial: str, item: Rule) -> dict[str, Rule]:
    return {**_SEVERAL, initial: many(item, 1000)}


def _listed(most: int) -> Rule:
    fields: dict[str, Rule] = {
        **_INPUT,
        "initial_option": TEXT_OPTION,
        "initial_options": many(TEXT_OPTION, most),
    }
    checks = (_initial_among_options, _different_values)
    return record({"options": many(TEXT_OPTION, most)}, fields, *checks)


_REQUEST: dict[str, Rule] = {"response_url_enabled": boolean}
_CONVERSATION: dict[str, Rule] = {"default_to_current_conversation": boolean, "filter": FILTER}

SELECTS: dict[str, Rule] = {
    "static_select": record({}, {**_SELECT, **_CHOICES, "initial_option": PLAIN_OPTION}, *_OFFERED),
    "external_select": record(
        {}, {**_SELECT, "initial_option": PLAIN_OPTION, "min_query_length": integer(0, 100)}
    ),
    "users_select": record({}, {**_SELECT, "initial_user": ID}),
    "conversations_select": record(
        {}, {**_SELECT, **_REQUEST, **_CONVERSATION, "initial_conversation": ID}
    ),
    "channels_select": record({}, {**_SELECT, **_REQUEST, "initial_channel": ID}),
    "multi_static_select": record(
        {}, {**_several("initial_options", PLAIN_OPTION), **_CHOICES}, *_OFFERED
    ),
    "multi_external_select": record(
        {}, {**_several("initial_options", PLAIN_OPTION), "min_query_length": integer(0, 100)}
    ),
    "multi_users_select": record({}, _several("initial_users", ID)),
    "multi_conversations_select": record(
        {}, {**_several("initial_conversations", ID), **_CONVERSATION}
    ),
    "multi_channels_select": record({}, _several("initial_channels", ID)),
}
PICKERS: dict[str, Rule] = {
    "checkboxes": _listed(10),
    "radio_buttons": _listed(10),
    "datepicker": record({}, {**_SELECT, "initial_date": _DATE}),
    "timepicker": record({}, {**_SELECT, "initial_time": _TIME, "timezone": ID}),
    **SELECTS,
}
DATETIME: dict[str, Rule] = {
    "datetimepicker": record({}, {**_INPUT, "initial_date_time": integer(10**9, 10**10 - 1)})
}
PRESSED: dict[str, Rule] = {
    "button": BUTTON,
    "overflow": record({"options": many(option(plain(75), url=True), 5)}, _BASE, _different_values),
}
TYPED: dict[str, Rule] = {
    "plain_text_input": record(
        {},
        {
            **_TYPED,
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
    ),
    "number_input": record(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
    ),
    "email_text_input": record({}, {**_TYPED, "initial_value": string(3000)}),
    "url_text_input": record({}, {**_TYPED, "initial_value": string(3000)}),
    "rich_text_input": record({}, {**_TYPED, "initial_value": anything}),
    "file_input": record({}, {**_BASE, "filetypes": anything, "max_files": integer(1, 10)}),
}

STYLE = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_SPANS: dict[str, Rule] = {
    "text": record({"text": string(3000, least=1)}, {"style": STYLE}),
    "link": record({"url": LINK}, {"text": string(3000), "style": STYLE, "unsafe": boolean}),
    "emoji": record({"name": ID}, {"unicode": ID, "style": STYLE, "skin_tone": integer(1, 6)}),
    "user": record({"user_id": ID}, {"style": STYLE}),
    "channel": record({"channel_id": ID}, {"style": STYLE}),
    "usergroup": record({"usergroup_id": ID}, {"style": STYLE}),
    "broadcast": record({"range": choice("here", "channel", "everyone")}),
    "color": record({"value": ID}),
    "date": record(
        {"timestamp": integer(0, 10**10), "format": ID},
        {"url": LINK, "fallback": string(3000), "style": STYLE},
    ),
}
_LINE = many(by_type(_SPANS), 1000, least=0)
_SECTION = record({"elements": _LINE})
_BORDER: dict[str, Rule] = {"border": integer(0, 1)}
RICH_TEXT = record(
    {
        "elements": many(
            by_type(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_preformatted": record({"elements": _LINE}, _BORDER),
                    "rich_text_quote": record({"elements": _LINE}, _BORDER),
                    "rich_text_list": record(
                        {
                            "elements": many(by_type({"rich_text_section": _SECTION}), 1000),
                            "style": choice("bullet", "ordered"),
                        },
                        {**_BORDER, "indent": integer(0, 8), "offset": integer(0, 10**6)},
                    ),
                }
            ),
            1000,
        )
    },
    {"block_id": ID},
    at_least_one("elements"),
)
SUGGESTIONS = record(
    {},
    {
        "options": many(PLAIN_OPTION, 100, least=0),
        "option_groups": many(
            record({"label": plain(75), "options": many(PLAIN_OPTION, 100)}), 100
        ),
    },
    exactly_one("options", "option_groups"),
)
