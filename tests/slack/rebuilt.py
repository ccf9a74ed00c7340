"""Payloads built once more with slackblocks, whose constructors know Slack's limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import slackblocks as sb

from bot.slack.rendering.text import Json


def rebuild(block: Json) -> Any:
    """Build a block of ours with slackblocks. Raises what it has against the block."""
    known: Callable[[Json], Any] = BLOCKS.get(block["type"], sb.Block.from_dict)
    return known(block)


def _text(value: Json) -> Any:
    kind = sb.TextType.PLAINTEXT if value["type"] == "plain_text" else sb.TextType.MARKDOWN
    return sb.Text(value["text"], kind)


def _maybe(value: Json, name: str) -> Any:
    return _text(value[name]) if name in value else None


def _rich_text(block: Json) -> Any:
    return sb.RichTextBlock([RICH[each["type"]](each) for each in block["elements"]])


def _runs(value: Json) -> list[Any]:
    return [sb.RichText(each["text"], **each.get("style", {})) for each in value["elements"]]


def _table(block: Json) -> Any:
    rows: list[list[Any]] = [[sb.RawText(cell["text"]) for cell in row] for row in block["rows"]]
    columns = [sb.ColumnSettings(each["align"]) for each in block["column_settings"]]
    return sb.TableBlock(rows, columns)


def _actions(block: Json) -> Any:
    return sb.ActionsBlock([_element(each) for each in block["elements"]])


def _section(block: Json) -> Any:
    if "fields" in block:
        return sb.SectionBlock(fields=[_text(each) for each in block["fields"]])
    return sb.SectionBlock(_text(block["text"]), accessory=_element(block["accessory"]))


def _input(block: Json) -> Any:
    return sb.InputBlock(
        _text(block["label"]),
        _element(block["element"]),
        block.get("dispatch_action", False),
        block["block_id"],
        _maybe(block, "hint"),
        block["optional"],
    )


def _element(value: Json) -> Any:
    return ELEMENTS[value["type"]](value)


def _button(value: Json) -> Any:
    confirm = value.get("confirm")
    said = confirm and {name: _text(each) for name, each in confirm.items()}
    return sb.Button(
        _text(value["text"]),
        value["action_id"],
        value.get("url"),
        value.get("value"),
        value.get("style"),
        sb.ConfirmationDialogue(**said) if said else None,
    )


def _options(values: list[Json]) -> list[Any]:
    return [sb.Option(_text(each["text"]), each["value"]) for each in values]


def _groups(value: Json) -> Json:
    if "options" in value:
        return {"options": _options(value["options"])}
    return {
        "option_groups": [
            sb.OptionGroup(_text(each["label"]), _options(each["options"]))
            for each in value["option_groups"]
        ]
    }


def _select(value: Json) -> Any:
    chosen = None  # slackblocks wants a whole group here where there are groups; Slack an option
    if "initial_option" in value and "options" in value:
        (chosen,) = _options([value["initial_option"]])
    return sb.StaticSelectMenu(value["action_id"], **_groups(value), initial_option=chosen)


def _several(value: Json) -> Any:
    offered = {"options": None, **_groups(value)}
    chosen = _options(value.get("initial_options", [])) if "options" in value else None
    return sb.StaticMultiSelectMenu(value["action_id"], **offered, initial_options=chosen or None)


def _radio(value: Json) -> Any:
    chosen = _options([value["initial_option"]])[0] if "initial_option" in value else None
    return sb.RadioButtonGroup(value["action_id"], _options(value["options"]), chosen)


def _checkboxes(value: Json) -> Any:
    chosen = _options(value.get("initial_options", []))
    return sb.CheckboxGroup(value["action_id"], _options(value["options"]), chosen or None)


def _as_they_are(built: Callable[..., Any]) -> Callable[[Json], Any]:
    def build(value: Json) -> Any:
        given = {name: each for name, each in value.items() if name not in ("type", "placeholder")}
        return built(**given, placeholder=_maybe(value, "placeholder"))

    return build


RICH: Mapping[str, Callable[[Json], Any]] = {
    "rich_text_section": lambda value: sb.RichTextSection(_runs(value)),
    "rich_text_preformatted": lambda value: sb.RichTextCodeBlock(_runs(value)),
    "rich_text_list": lambda value: sb.RichTextList(
        value["style"], [sb.RichTextSection(_runs(each)) for each in value["elements"]]
    ),
}
BLOCKS: Mapping[str, Callable[[Json], Any]] = {
    "rich_text": _rich_text,
    "table": _table,
    "actions": _actions,
    "section": _section,
    "input": _input,
}
ELEMENTS: Mapping[str, Callable[[Json], Any]] = {
    "button": _button,
    "static_select": _select,
    "multi_static_select": _several,
    "radio_buttons": _radio,
    "checkboxes": _checkboxes,
    "plain_text_input": _as_they_are(sb.PlainTextInput),
    "number_input": _as_they_are(sb.NumberInput),
    "datepicker": _as_they_are(sb.DatePicker),
    "timepicker": _as_they_are(sb.TimePicker),
}
