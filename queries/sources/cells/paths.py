"""Paths into columns that hold objects and lists: ``request.elements[0].Age``.

A path starts at a column. After a point or ``->`` stands a key, in brackets a place in a list,
counted from 0; a key with other signs than letters, digits and ``_`` stands in double quotes. Both
signs mean the same: text that holds JSON is opened by the way.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

Step = str | int
"""A key of an object, or a place in a list."""

_QUOTED = r'"(?:[^"]|"")+"'
_ROOT = rf"[^\W\d]\w*|{_QUOTED}"
_KEY = rf"(?:[\w$]|-(?!>))+|{_QUOTED}"
_STEP = rf"(?:\.|->>?)({_KEY})|\[(\d+)\]"
_PATH = re.compile(rf"({_ROOT})((?:{_STEP})+)")
_ONE = re.compile(_STEP)


@dataclass(frozen=True, slots=True)
class Path:
    """A column and the way from its value to the wanted one."""

    root: str
    steps: tuple[Step, ...]


def read_path(text: str) -> Path | None:
    """Read a path; None where the text is a plain name."""
    match = _PATH.fullmatch(text.strip())
    if match is None:
        return None
    steps = tuple(int(place) if place else _bare(key) for key, place in _ONE.findall(match[2]))
    return Path(_bare(match[1]), steps)


def paths_from(text: str, columns: Collection[str]) -> list[Path]:
    """Give the ways in which a text may be a path from one of these columns, longest root first.

    A column's own name may have points in it, as in ``Attributes.llm.model``.
    """
    found = [
        path
        for name in columns
        if text.startswith((f"{name}.", f"{name}[", f"{name}->"))
        and (path := read_path(f'"{name.replace(chr(34), chr(34) * 2)}"{text[len(name) :]}'))
    ]
    if not found and (path := read_path(text)) and path.root in columns:
        found = [path]
    return sorted(found, key=lambda path: -len(path.root))


def json_path(steps: tuple[Step, ...]) -> str:
    """Write steps as the JSON path that engines read: ``$."elements"[0]."Age"``."""
    return "$" + "".join(
        f"[{step}]" if isinstance(step, int) else '."' + step.replace('"', '\\"') + '"'
        for step in steps
    )


def _bare(key: str) -> str:
    return key[1:-1].replace('""', '"') if key.startswith('"') else key
