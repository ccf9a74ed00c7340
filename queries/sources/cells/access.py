"""How a value is got at in one file: a column, a part of what it holds, or of JSON in its text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import duckdb

from queries.sources.cells.paths import Step, json_path

Kind = Literal["field", "place", "key"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value whose type the file tells: of a struct, a list or a map."""

    kind: Kind
    at: Step


@dataclass(frozen=True, slots=True)
class Opened:
    """Steps into JSON that stands in a text; ``coded`` says that the text is base64 of it."""

    steps: tuple[Step, ...]
    coded: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """A column, the parts of its value, and then each text that is opened by the way."""

    root: str
    parts: tuple[Part, ...] = ()
    opened: tuple[Opened, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Say whether it is the column itself."""
        return not self.parts and not self.opened

    @property
    def before(self) -> Access:
        """The text that is opened last, as it was before."""
        return replace(self, opened=self.opened[:-1])


def quoted(name: str) -> str:
    """Write a name for DuckDB, so that nothing in it is read as SQL."""
    return '"' + name.replace('"', '""') + '"'


def texted(value: str) -> str:
    """Write a text for DuckDB, so that nothing in it is read as SQL."""
    return "'" + value.replace("'", "''") + "'"


def sql_of(accesses: Iterable[Access], table: str = "") -> Mapping[Access, str]:
    """Write each access as DuckDB's SQL, so that a text is opened once for all that is in it.

    Only what a declaration names is written into it, quoted.
    """
    inside: dict[tuple[Access, bool], dict[tuple[Step, ...], None]] = {}
    wanted = list(accesses)
    for access in wanted:
        at = access
        while at.opened:
            last = at.opened[-1]
            inside.setdefault((at.before, last.coded), {})[last.steps] = None
            at = at.before

    def written(access: Access) -> str:
        if not access.opened:
            return _parts(access, table)
        last = access.opened[-1]
        together = list(inside[access.before, last.coded])
        text = written(access.before)
        if last.coded:
            text = f"TRY(decode(from_base64({text})))"
        listed = ", ".join(texted(json_path(steps)) for steps in together)
        # All paths in one call, which the engine computes once: each call parses the text anew.
        # TRY, as a text that is no JSON is a missing value and no error.
        return f"TRY(json_extract_string({text}, [{listed}]))[{together.index(last.steps) + 1}]"

    return {access: written(access) for access in wanted}


def _parts(access: Access, table: str) -> str:
    text = f"{table}.{quoted(access.root)}" if table else quoted(access.root)
    for part in access.parts:
        match part:
            case Part("field", at):
                text = f"struct_extract({text}, {texted(str(at))})"
            case Part("place", at):
                text = f"list_extract({text}, {int(at) + 1})"
            case Part(_, at):
                text = f"map_extract_value({text}, {texted(str(at))})"
    return text


@dataclass(frozen=True, slots=True)
class Reached:
    """Where steps lead within types: the parts, the type there, and the steps that are left."""

    parts: tuple[Part, ...]
    type: str
    left: tuple[Step, ...]

    @property
    def is_text(self) -> bool:
        """Say whether what is left may lie in JSON that is held as text."""
        return self.type in ("VARCHAR", "JSON")


def reach(type_: str, steps: tuple[Step, ...]) -> Reached:
    """Follow steps as far as a value's type tells of them; a field may have points in its name."""
    at, parts, left = duckdb.sqltype(type_), list[Part](), steps
    while left:
        part, taken, inner = _part(at, left)
        if part is None or inner is None:
            break
        parts, at, left = [*parts, part], inner, left[taken:]
    return Reached(tuple(parts), str(at), left)


def _part(at: Any, left: tuple[Step, ...]) -> tuple[Part | None, int, Any]:
    """Give the part that the next steps name, how many they are, and its type."""
    nothing = (None, 0, None)
    step = left[0]
    if at.id in ("list", "array"):
        return (Part("place", step), 1, at.children[0][1]) if isinstance(step, int) else nothing
    if at.id not in ("struct", "map"):
        return nothing
    keys = [each for each in left if isinstance(each, str)]
    # The longest first: the field “gen_ai.model” rather than “model” of “gen_ai”.
    for taken in range(len(keys), 0, -1):
        key = ".".join(keys[:taken])
        if at.id == "map":
            if taken == len(keys) or taken == 1:
                return Part("key", key), taken, dict(at.children)["value"]
        elif key in dict(at.children):
            return Part("field", key), taken, dict(at.children)[key]
    return nothing
