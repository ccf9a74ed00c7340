"""Inputs: one field of a form as blocks. A block's id says which field and which part it is."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack.rendering.limits import OPTION, OPTION_VALUE, OPTIONS, TYPED
from bot.slack.rendering.text import Json, cut, one_line, plain, units
from commands.replies import Field
from queries.core.kinds.kind import Option

RELOAD = "reload"
"""How the action_id of an input starts whose change the app wants to hear of."""


@dataclass(frozen=True, slots=True)
class Part:
    """One input block of a field; ``version`` differs where what it offers differs.

    Slack keeps what was entered in a block for as long as its id stays the same.
    """

    field: str
    name: str
    version: str = ""

    @property
    def block_id(self) -> str:
        """The id that ``part_of`` reads back."""
        return f"{self.field}|{self.name}|{self.version}"


def part_of(block_id: str) -> Part | None:
    """Read a block's id; None where it is not an input of ours."""
    pieces = block_id.rsplit("|", 2)
    return Part(*pieces) if len(pieces) == 3 else None


def input_block(
    part: Part, label: str, element: Json, *, hint: str = "", optional: bool = True, heard: bool
) -> Json:
    """Wrap an element. What is required is checked by the form itself, with better words."""
    start = RELOAD if heard else "enter"
    built: Json = {
        "type": "input",
        "block_id": part.block_id,
        "label": plain(label, 150),
        "element": {**element, "action_id": f"{start}:{part.field}:{part.name}"},
        "optional": optional,
    }
    if heard:
        built["dispatch_action"] = True
    if one_line(hint):
        built["hint"] = plain(hint, 300)
    return built


def text_element(value: str, *, placeholder: str = "", lines: bool = False) -> Json:
    """A typed value."""
    built: Json = {"type": "plain_text_input", "multiline": lines, "max_length": TYPED}
    if value:
        built["initial_value"] = cut(value, TYPED)
    if placeholder:
        built["placeholder"] = plain(placeholder, 150)
    return built


@dataclass(frozen=True, slots=True)
class Offered:
    """The options that Slack can show, in their groups, and how many it can't."""

    options: tuple[Option, ...]
    left_out: int

    @property
    def version(self) -> str:
        """Stands for what is offered."""
        whole = "\n".join(f"{each.value}\t{each.label}" for each in self.options)
        return f"{zlib.crc32(whole.encode('utf-8', 'replace')):08x}"

    @property
    def more(self) -> str:
        """Say that there is more than is offered, and how to give it; or nothing."""
        if not self.left_out:
            return ""
        shown = f"{len(self.options)} of {len(self.options) + self.left_out}"
        return f"The list above shows {shown}. Type any other here."

    def find(self, value: str) -> Json | None:
        """The option of this value as Slack's payload, if it is offered."""
        return next((_option(each) for each in self.options if each.value == value), None)

    def element(self) -> Json:
        """The options of a select, grouped where they have groups."""
        if not any(each.group for each in self.options):
            return {"options": [_option(each) for each in self.options]}
        groups: dict[str, list[Json]] = {}
        for each in self.options:
            groups.setdefault(each.group or "Other", []).append(_option(each))
        return {
            "option_groups": [
                {"label": plain(name.replace("_", " "), OPTION), "options": found}
                for name, found in groups.items()
            ]
        }


def offer(options: Sequence[Option], most: int) -> Offered:
    """Keep what Slack can show: distinct values that are short enough, ``most`` at a time.

    One too many for Slack leaves room for the typed field that then stands beside. Where there
    are groups, each gets its share.
    """
    kept = {o.value: o for o in options if 0 < units(o.value) <= OPTION_VALUE}
    distinct = len({option.value for option in options if option.value})
    if len(kept) > min(most, OPTIONS):
        kept = {o.value: o for o in _shared(list(kept.values()), min(most, OPTIONS - 1))}
    return Offered(tuple(kept.values()), distinct - len(kept))


def _shared(options: list[Option], most: int) -> list[Option]:
    """Take the first of each group in turn until there are ``most``; keep the order."""
    places: dict[str, int] = {}
    ranked = []
    for at, option in enumerate(options):
        places[option.group] = places.get(option.group, 0) + 1
        ranked.append((places[option.group], at))
    chosen = sorted(at for _, at in sorted(ranked)[:most])
    return [options[at] for at in chosen]


def _option(option: Option) -> Json:
    return {"text": plain(option.label, OPTION), "value": option.value}


def problem_block(field: Field) -> list[Json]:
    """What is wrong with a field, above it."""
    if not one_line(field.problem):
        return []
    return [{"type": "context", "elements": [plain(f"⚠️ {field.problem}", 600)]}]


_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def clock_time(text: str) -> str:
    """“9:00” as Slack's time picker writes it, or nothing where it is no such time."""
    found = _CLOCK.fullmatch(text.strip())
    return f"{int(found[1]):02}:{found[2]}" if found else ""
