"""Slack's limits on messages and views, as tables of what is taken and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import slackblocks._limits as published
from slack_sdk.models import blocks as sdk

from bot.playground.blocks import characters, message_problem, slack_files, view_problem, with_ids
from tests.playground.blocks import (
    Json,
    actions,
    button,
    field,
    modal,
    option,
    plain,
    section,
    select,
    table,
)

IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A chart"}
TYPED = {"type": "plain_text_input", "action_id": "words"}

TAKEN: dict[str, list[Json]] = {
    "nothing": [],
    "50 blocks": [{"type": "divider"}] * 50,
    "3000 characters": [section("x" * published.SECTION_TEXT_MAX_LENGTH)],
    "10 fields of 2000": [
        {"type": "section", "fields": [plain("x" * published.SECTION_FIELDS_ITEM_MAX_LENGTH)] * 6}
    ],
    "header 150": [{"type": "header", "text": plain("x" * published.HEADER_TEXT_MAX_LENGTH)}],
    "button 75 and 2000": [actions(button("x" * 75, value="v" * 2000, style="danger"))],
    "100 options": [actions(select(published.SELECT_OPTIONS_MAX_ITEMS))],
    "option 75 and 150": [actions(select(0, options=[option("x" * 75, "v" * 150)]))],
    "25 actions": [actions(*[button(action_id=str(index)) for index in range(25)])],
    "10 context elements": [{"type": "context", "elements": [plain("x")] * 10}],
    "same action_id in two blocks": [
        actions(button(action_id="a")),
        actions(button(action_id="a")),
    ],
    "picture": [IMAGE],
    "100 × 20 table": [table(100, 20)],
    "column settings": [{**table(), "column_settings": [None, {"align": "right"}]}],
    "markdown 12000": [
        {"type": "markdown", "text": "x" * published.MARKDOWN_TOTAL_TEXT_MAX_LENGTH}
    ],
    "accessory": [section() | {"accessory": select(2)}],
    "input in a message": [field(TYPED)],
    "rich text": [
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]},
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [{"type": "text", "text": "x", "style": {"bold": True}}],
                        }
                    ],
                },
            ],
        }
    ],
    "checkboxes with mrkdwn": [
        actions(
            {
                "type": "checkboxes",
                "options": [{"text": {"type": "mrkdwn", "text": "*x*"}, "value": "x"}],
            }
        )
    ],
}

REFUSED: dict[str, tuple[Any, str, str]] = {
    "no list": ("words", "invalid_blocks", "must be an array"),
    "no block": (["words"], "invalid_blocks", "unsupported type"),
    "51 blocks": ([{"type": "divider"}] * 51, "invalid_blocks", "no more than 50 items"),
    "unknown block": ([{"type": "chart"}], "invalid_blocks", "unsupported type: chart"),
    "unknown field": (
        [section() | {"colour": "red"}],
        "invalid_blocks",
        "unsupported field: colour",
    ),
    "unknown element": ([actions({"type": "knob"})], "invalid_blocks", "unsupported type: knob"),
    "3001 characters": ([section("x" * 3001)], "invalid_blocks", "less than 3001 characters"),
    "empty text": ([section("")], "invalid_blocks", "more than 0 characters"),
    "section of nothing": ([{"type": "section"}], "invalid_blocks", "text or fields"),
    "11 fields": (
        [{"type": "section", "fields": [plain("x")] * 11}],
        "invalid_blocks",
        "no more than 10 items",
    ),
    "field of 2001": (
        [{"type": "section", "fields": [plain("x" * 2001)]}],
        "invalid_blocks",
        "less than 2001",
    ),
    "header 151": ([{"type": "header", "text": plain("x" * 151)}], "invalid_blocks", "151"),
    "header in mrkdwn": (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "invalid_blocks",
        "must be one of plain_text",
    ),
    "button 76": ([actions(button("x" * 76))], "invalid_blocks", "less than 76"),
    "button value 2001": ([actions(button(value="v" * 2001))], "invalid_blocks", "2001"),
    "button style": ([actions(button(style="loud"))], "invalid_blocks", "primary, danger"),
    "button to a script": ([actions(button(url="javascript:x"))], "invalid_blocks", "format"),
    "101 options": ([actions(select(101))], "invalid_blocks", "no more than 100 items"),
    "no options": ([actions(select(0))], "invalid_blocks", "at least 1"),
    "option label 76": (
        [actions(select(0, options=[option("x" * 76)]))],
        "invalid_blocks",
        "less than 76",
    ),
    "option value 151": (
        [actions(select(0, options=[option("x", "v" * 151)]))],
        "invalid_blocks",
        "less than 151",
    ),
    "options twice the same value": (
        [actions(select(0, options=[option("a"), option("b")]))],
        "invalid_blocks",
        "must be different",
    ),
    "options and groups": (
        [actions(select(1, option_groups=[{"label": plain("g"), "options": [option()]}]))],
        "invalid_blocks",
        "exactly one",
    ),
    "initial option not offered": (
        [actions(select(2, initial_option=option("other", "other")))],
        "invalid_blocks",
        "initial option",
    ),
    "6 in an overflow": (
        [actions({"type": "overflow", "options": [option(str(i), str(i)) for i in range(6)]})],
        "invalid_blocks",
        "no more than 5",
    ),
    "11 checkboxes": (
        [actions({"type": "checkboxes", "options": [option(str(i), str(i)) for i in range(11)]})],
        "invalid_blocks",
        "no more than 10",
    ),
    "26 actions": ([actions(*[button()] * 26)], "invalid_blocks", "no more than 25"),
    "text input among actions": ([actions(TYPED)], "invalid_blocks", "plain_text_input"),
    "11 in a context": (
        [{"type": "context", "elements": [plain("x")] * 11}],
        "invalid_blocks",
        "no more than 10",
    ),
    "same action_id twice in a block": (
        [actions(button(action_id="a"), button(action_id="a"))],
        "invalid_blocks",
        "action_id already exists",
    ),
    "same block_id twice": (
        [section() | {"block_id": "a"}, section() | {"block_id": "a"}],
        "invalid_blocks",
        "block_id a already exists",
    ),
    "block_id 256": ([section() | {"block_id": "x" * 256}], "invalid_blocks", "less than 256"),
    "picture without words": (
        [{"type": "image", "image_url": "https://example.com/a.png"}],
        "invalid_blocks",
        "missing required field: alt_text",
    ),
    "picture from two places": (
        [IMAGE | {"slack_file": {"id": "F1"}}],
        "invalid_blocks",
        "exactly one of image_url, slack_file",
    ),
    "101 rows": ([table(101)], "invalid_blocks", "no more than 100 items"),
    "21 columns": ([table(1, 21)], "invalid_blocks", "no more than 20 items"),
    "empty cell": ([table(text="")], "invalid_blocks", "more than 0 characters"),
    "ragged table": (
        [{"type": "table", "rows": [table(1, 2)["rows"][0], table(1, 3)["rows"][0]]}],
        "invalid_blocks",
        "same number of cells",
    ),
    "10,001 characters in a table": ([table(1, 1, "x" * 10_001)], "invalid_blocks", "10001"),
    "10,001 characters in many cells": ([table(10, 10, "x" * 101)], "invalid_blocks", "10000"),
    "two tables": ([table(), table()], "invalid_attachments", "only_one_table_allowed"),
    "a table and a data table": (
        [table(), {"type": "data_table"}],
        "invalid_attachments",
        "only_one_table_allowed",
    ),
    "markdown in two blocks": (
        [{"type": "markdown", "text": "x" * 6001}] * 2,
        "invalid_blocks",
        "markdown over 12000",
    ),
    "13,201 characters": ([section("x" * 2641) for _ in range(5)], "msg_blocks_too_long", ""),
    "emoji flag on mrkdwn": (
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
        "invalid_blocks",
        "unsupported field: emoji",
    ),
    "confirm without a way out": (
        [actions(button(confirm={"title": plain("x"), "text": plain("x"), "confirm": plain("x")}))],
        "invalid_blocks",
        "missing required field: deny",
    ),
}


@pytest.mark.parametrize("blocks", TAKEN.values(), ids=TAKEN.keys())
def test_a_message_at_its_limits_is_taken(blocks: list[Json]) -> None:
    """What Slack takes, at the largest size it takes, is taken."""
    assert message_problem(blocks) is None


@pytest.mark.parametrize(("blocks", "error", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_message_past_its_limits_is_refused(blocks: Any, error: str, words: str) -> None:
    """What Slack refuses is refused under Slack's name, with the place that is wrong."""
    problem = message_problem(blocks)
    assert problem
    assert problem.error == error
    assert words in " ".join(problem.messages)


def test_a_fault_names_the_place() -> None:
    """A refusal carries the JSON pointer of what is wrong."""
    problem = message_problem([section(), actions(button("x" * 76))])
    assert problem
    assert problem.messages == (
        "must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]",
    )


VIEWS_TAKEN = {
    "a form": modal(field(TYPED)),
    "100 blocks": modal(*[{"type": "divider"}] * 100),
    "without input, without submit": {"type": "modal", "title": plain("T"), "blocks": [section()]},
    "home": {"type": "home", "blocks": [section()], "private_metadata": "x" * 3000},
    "every picker": modal(
        *[
            field({"type": kind, "action_id": kind})
            for kind in (
                "datepicker",
                "timepicker",
                "datetimepicker",
                "external_select",
                "users_select",
                "conversations_select",
                "channels_select",
                "multi_external_select",
                "email_text_input",
            )
        ]
    ),
}
VIEWS_REFUSED = {
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "no more than 100"),
    "title 25": (modal(title=plain("x" * 25)), "less than 25"),
    "submit 25": (modal(submit=plain("x" * 25)), "less than 25"),
    "metadata 3001": (modal(private_metadata="x" * 3001), "less than 3001"),
    "table in a modal": (modal(table()), "unsupported type: table"),
    "markdown in a modal": (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
    "input without submit": (
        {"type": "modal", "title": plain("T"), "blocks": [field(TYPED)]},
        "submit is required",
    ),
    "home with a title": ({"type": "home", "blocks": [], "title": plain("T")}, "title"),
    "label 2001": (modal(field(TYPED, label=plain("x" * 2001))), "less than 2001"),
    "button as an input": (modal(field(button())), "unsupported type: button"),
    "number input without its flag": (modal(field({"type": "number_input"})), "is_decimal_allowed"),
    "time out of range": (
        modal(field({"type": "timepicker", "initial_time": "24:00"})),
        "expected format",
    ),
    "no view": ("modal", "unsupported type"),
}


@pytest.mark.parametrize("view", VIEWS_TAKEN.values(), ids=VIEWS_TAKEN.keys())
def test_a_view_at_its_limits_is_taken(view: Json) -> None:
    """What Slack takes in a modal or Home is taken."""
    assert view_problem(view) is None


@pytest.mark.parametrize(("view", "words"), VIEWS_REFUSED.values(), ids=VIEWS_REFUSED.keys())
def test_a_view_past_its_limits_is_refused(view: Any, words: str) -> None:
    """What Slack refuses in a modal or Home is refused as invalid_arguments."""
    problem = view_problem(view)
    assert problem
    assert problem.error == "invalid_arguments"
    assert words in " ".join(problem.messages)


def test_a_view_of_more_than_250_kilobytes_is_too_large() -> None:
    """Size is refused under a name of its own."""
    blocks = [
        actions(*[button("x" * 75, value="v" * 2000, action_id=str(n)) for n in range(3)])
    ] * 50
    problem = view_problem(modal(*blocks))
    assert problem
    assert problem.error == "view_too_large"


def test_the_sdk_s_own_models_are_taken() -> None:
    """Blocks as Slack's SDK builds them hold nothing that is unknown here."""
    built = [
        sdk.HeaderBlock(text="Title"),
        sdk.SectionBlock(
            text=sdk.MarkdownTextObject(text="*x*"),
            accessory=sdk.ButtonElement(text="Go", action_id="go", value="1", style="primary"),
        ),
        sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="x")]),
        sdk.ImageBlock(alt_text="A chart", slack_file={"id": "F1"}),
        sdk.ActionsBlock(
            elements=[
                sdk.StaticSelectElement(
                    action_id="s", placeholder="Pick", options=[sdk.Option(text="a", value="a")]
                ),
                sdk.OverflowMenuElement(
                    action_id="o",
                    options=[sdk.Option(text="a", value="a"), sdk.Option(text="b", value="b")],
                ),
            ]
        ),
        sdk.InputBlock(label="Name", element=sdk.PlainTextInputElement(action_id="n")),
    ]
    assert message_problem([block.to_dict() for block in built]) is None


def test_ids_are_given_where_there_are_none() -> None:
    """Blocks and elements without ids get some; those that have them keep them."""
    ids = iter(["b1", "b2", "b3"])
    blocks = with_ids([actions(button(action_id="mine"), button())], lambda: next(ids))
    assert blocks[0]["block_id"] == "b1"
    assert [each["action_id"] for each in blocks[0]["elements"]] == ["mine", "b2"]


def test_pictures_and_characters_are_found_anywhere() -> None:
    """Pictures of Slack's files are found by pointer; every text that people read is counted."""
    blocks = [section("12345") | {"accessory": {"type": "image", "slack_file": {"id": "F1"}}}]
    assert list(slack_files(blocks, "/blocks")) == [("/blocks/0/accessory/slack_file", "F1")]
    assert characters([section("12345"), table(2, 2, "123")]) == 5 + 12
