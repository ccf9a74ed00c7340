"""What was entered in a form: the state of a view back to raw values."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.forms.conditions import LINES, SEVERAL, split
from bot.slack.forms.controls import TYPED
from bot.slack.forms.inputs import part_of
from bot.slack.forms.times import EDGES, FROM_TO, OWN_WORDS, PRESET, WORDS, missing, phrase
from bot.slack.rendering.text import Json, cut, one_line
from queries.core.question import Raw

_VALUES = ("value", "selected_date", "selected_time")


def raw_values(view: Json) -> Raw:
    """Give every field's values, as they would have been typed; fields left empty are absent.

    What is typed beside a list counts before what is chosen in it; conditions count together.
    """
    raw: dict[str, tuple[str, ...]] = {}
    for field, parts in _parts(view).items():
        if found := tuple(each for each in _values(parts) if each.strip()):
            raw[field] = found
    return raw


def modes(view: Json) -> Mapping[str, str]:
    """How each time is being given where it is neither a preset nor empty."""
    found = {field: _first(parts, PRESET) for field, parts in _parts(view).items()}
    return {field: mode for field, mode in found.items() if mode in (OWN_WORDS, FROM_TO)}


def unfinished(view: Json) -> dict[str, str]:
    """What each time still needs whose own words or days were left empty, by field."""
    found = {
        field: missing({name: _first(parts, name) for name in parts})
        for field, parts in _parts(view).items()
    }
    return {field: words for field, words in found.items() if words}


def unrevealed(view: Json) -> bool:
    """Say whether a time is to be given in a way whose inputs are not in the view yet."""
    needed = {OWN_WORDS: WORDS, FROM_TO: EDGES[0]}
    parts = _parts(view)
    return any(needed[mode] not in parts[field] for field, mode in modes(view).items())


def field_errors(view: Json, problems: Mapping[str, str]) -> dict[str, str] | None:
    """Give problems by the block that shows them; None where one has no block in this view."""
    errors: dict[str, str] = {}
    for field, problem in problems.items():
        block = _shown_at(view, field)
        if block is None:
            return None
        errors[block] = cut(one_line(problem), 300)
    return errors


def _parts(view: Json) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for block_id, actions in view["state"]["values"].items():
        part = part_of(block_id)
        if part is not None:
            values = (_entered(each) for each in actions.values())
            found.setdefault(part.field, {})[part.name] = next(values, ())
    return found


def _entered(state: Json) -> tuple[str, ...]:
    if options := state.get("selected_options"):
        return tuple(each["value"] for each in options)
    if option := state.get("selected_option"):
        return (option["value"],)
    return tuple(str(state[name]) for name in _VALUES if state.get(name))


def _values(parts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if PRESET in parts:
        return (phrase({name: _first(parts, name) for name in parts}),)
    if SEVERAL in parts or LINES in parts:
        return (*parts.get(SEVERAL, ()), *split(_first(parts, LINES)))
    typed = _first(parts, TYPED)
    return (typed,) if typed.strip() else next((v for v in parts.values() if v), ())


def _first(parts: Mapping[str, tuple[str, ...]], name: str) -> str:
    return next(iter(parts.get(name, ())), "")


def _shown_at(view: Json, field: str) -> str | None:
    """The block where a field's problem belongs: what is typed, where something is."""
    blocks = [
        (part, block["block_id"])
        for block in view["blocks"]
        if block["type"] == "input" and (part := part_of(block["block_id"]))
    ]
    own: dict[str, str] = {part.name: block_id for part, block_id in blocks if part.field == field}
    if revealed := own.get(WORDS) or own.get(EDGES[0]):
        return revealed
    values = _parts(view).get(field, {})
    filled = [block_id for name, block_id in own.items() if values.get(name)]
    return filled[-1] if filled else next(iter(own.values()), None)
