"""Where in a file a declared path leads: through parts of known types, then through JSON in text.

What types don't tell is looked up in the first values: which text holds JSON or base64 of it, and
whether a key has points in its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from queries.sources.cells.access import Access, Opened, reach, sql_of
from queries.sources.cells.paths import Step, json_path, paths_from

First = Callable[[str, Sequence[str]], Sequence[str | None]]
"""Computes measures over the first values of an expression, which these know as ``x``."""

_JSON = "json_valid(x)"
_CODED = "json_valid(TRY(decode(from_base64(x))))"


def found_in(text: str, types: Mapping[str, str], first: First) -> tuple[Access, str | None] | None:
    """Find what a declared text names in a file whose columns have these types.

    Gives how to get at it and its type; the type is None where it lies in JSON, whose values have
    to be looked at. None where nothing is found.
    """
    if text in types:
        return Access(text), types[text]
    for path in paths_from(text, types):
        reached = reach(types[path.root], path.steps)
        access = Access(path.root, reached.parts)
        if not reached.left:
            return access, reached.type
        if reached.is_text and (deep := _opened(access, reached.left, first)):
            return deep, None
    return None


def _opened(access: Access, left: tuple[Step, ...], first: First) -> Access | None:
    """Open text after text until nothing is left of the steps."""
    while left:
        text = sql_of([access])[access]
        plain, coded = first(text, [f"count(*) FILTER ({each})" for each in (_JSON, _CODED)])
        if not plain and not coded:
            return None
        as_json = text if plain else f"TRY(decode(from_base64({text})))"
        taken, left = _inside(as_json, left, first)
        if not taken:
            return None
        access = replace(access, opened=(*access.opened, Opened(taken, coded=not plain)))
    return access


def _inside(
    text: str, left: tuple[Step, ...], first: First
) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Follow steps within one JSON text; stop at a text that may hold more JSON."""
    taken: list[Step] = []
    while left:
        candidates = _candidates(left)
        kinds = first(
            text,
            [f"mode(TRY(json_type(x, '{_path((*taken, step))}')))" for step, _ in candidates],
        )
        held = [(at, kind) for at, kind in enumerate(kinds) if kind]
        if not held:
            return (), left
        at, kind = held[0]
        step, count = candidates[at]
        taken, left = [*taken, step], left[count:]
        if kind == "VARCHAR":
            break
    return tuple(taken), left


def _candidates(left: tuple[Step, ...]) -> list[tuple[Step, int]]:
    """What the next key may be: several joined by points first, then the next one alone."""
    keys = list(takewhile(lambda step: isinstance(step, str), left))
    joined: list[tuple[Step, int]] = [
        (".".join(map(str, keys[:count])), count) for count in range(len(keys), 1, -1)
    ]
    return [*joined, (left[0], 1)]


def _path(steps: Sequence[Step]) -> str:
    return json_path(tuple(steps)).replace("'", "''")
