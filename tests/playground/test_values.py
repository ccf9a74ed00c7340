"""What people chose: completed as Slack completes it, checked as Slack's client checks it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.values import REQUIRED, chosen, state_of, submission_errors
from tests.playground.blocks import field, option, section, select

Json = dict[str, Any]


def block(element: Json, **more: Any) -> Json:
    """Build an input block with an id."""
    return field({"action_id": "act", **element}, block_id="blk", **more)


def test_what_was_not_touched_has_its_first_value() -> None:
    """Every element is in the state: with its initial value, null, or an empty list."""
    blocks = [
        block({"type": "plain_text_input", "initial_value": "last 24 hours"}),
        field({"type": "multi_users_select", "action_id": "who"}, block_id="b2"),
        section() | {"block_id": "b3", "accessory": select(2)},
        field({"type": "datepicker", "action_id": "day"}, block_id="b4"),
    ]
    assert state_of(blocks, {}) == {
        "blk": {"act": {"type": "plain_text_input", "value": "last 24 hours"}},
        "b2": {"who": {"type": "multi_users_select", "selected_users": []}},
        "b3": {"pick": {"type": "static_select", "selected_option": None}},
        "b4": {"day": {"type": "datepicker", "selected_date": None}},
    }


def test_a_value_survives_an_update_only_for_the_same_element() -> None:
    """Typed text stays when a block is redrawn, and goes when its element changes type."""
    given = {"blk": {"act": {"type": "plain_text_input", "value": "typed"}}}
    kept = state_of([block({"type": "plain_text_input", "initial_value": "first"})], given)
    assert kept["blk"]["act"]["value"] == "typed"
    assert state_of([block({"type": "datepicker"})], given)["blk"]["act"]["selected_date"] is None


def test_the_current_conversation_is_the_first_value_where_asked_for() -> None:
    """default_to_current_conversation fills in where the person is."""
    blocks = [block({"type": "conversations_select", "default_to_current_conversation": True})]
    state = state_of(blocks, {}, here="C1")
    assert state["blk"]["act"]["selected_conversation"] == "C1"


def test_an_option_is_chosen_by_value_or_label() -> None:
    """A person chooses by what is written; a program by the value; neither can invent one."""
    element = select(0, options=[option("EMEA", "emea")])
    assert chosen(element, "EMEA") == chosen(element, "emea")
    with pytest.raises(LookupError, match="EMEA"):
        chosen(element, "APAC")


NUMBER = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"}
WRONG = {
    "nothing": ({"type": "plain_text_input"}, None, REQUIRED),
    "empty": ({"type": "plain_text_input"}, "", REQUIRED),
    "too short": ({"type": "plain_text_input", "min_length": 3}, "ab", "3 to 3000"),
    "too long": ({"type": "plain_text_input", "max_length": 3}, "abcd", "0 to 3"),
    "no number": (NUMBER, "many", "enter a number"),
    "a fraction": (NUMBER, "1.5", "whole number"),
    "too small": (NUMBER, "0", "1 or more"),
    "too large": (NUMBER, "10", "9 or less"),
    "no address": ({"type": "email_text_input"}, "ana", "e-mail"),
    "no link": ({"type": "url_text_input"}, "example", "URL"),
}


@pytest.mark.parametrize(("element", "value", "words"), WRONG.values(), ids=WRONG.keys())
def test_slack_refuses_a_field_before_the_app_sees_it(
    element: Json, value: str | None, words: str
) -> None:
    """What Slack's client checks is checked, field by field."""
    blocks = [block(element)]
    key = {"type": element["type"], "value": value}
    errors = submission_errors(blocks, state_of(blocks, {"blk": {"act": key}}))
    assert words in errors["blk"]


def test_an_optional_field_may_stay_empty() -> None:
    """Optional means optional, and a right number is right."""
    blocks = [block({"type": "plain_text_input"}, optional=True)]
    assert submission_errors(blocks, state_of(blocks, {})) == {}
    blocks = [block(NUMBER)]
    given = {"blk": {"act": {"type": "number_input", "value": "5"}}}
    assert submission_errors(blocks, state_of(blocks, given)) == {}
