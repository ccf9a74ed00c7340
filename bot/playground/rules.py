"""Small rules that together describe a JSON payload; each yields what is wrong, and where.

A rule takes a value and its JSON pointer and yields Slack-like sentences. Rules know no block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
Check = Callable[[Mapping[str, Any], str], Iterator[str]]


def fault(message: str, pointer: str) -> str:
    """Word one fault as Slack does in ``response_metadata.messages``."""
    return f"{message} [json-pointer:{pointer or '/'}]"


def string(most: int, least: int = 0, pattern: str = "") -> Rule:
    """Require a string of so many characters, matching the whole pattern if there is one."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must be a string", pointer)
        elif len(value) > most:
            yield fault(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", pointer)
        elif pattern and not re.fullmatch(pattern, value):
            yield fault("does not match the expected format", pointer)

    return rule


def integer(least: int, most: int) -> Rule:
    """Require a whole number within both bounds."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield fault("must be an integer", pointer)
        elif not least <= value <= most:
            yield fault(f"must be between {least} and {most}", pointer)

    return rule


def boolean(value: Any, pointer: str) -> Iterator[str]:
    """Require true or false."""
    if not isinstance(value, bool):
        yield fault("must be a boolean", pointer)


def anything(_value: Any, _pointer: str) -> Iterator[str]:
    """Accept what this playground does not look into."""
    yield from ()


def choice(*allowed: str) -> Rule:
    """Require one of these strings."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(f"must be one of {', '.join(allowed)}", pointer)

    return rule


def many(item: Rule, most: int, least: int = 1) -> Rule:
    """Require a list of so many items, each by the same rule."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must be an array", pointer)
            return
        if len(value) > most:
            yield fault(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield fault(f"must have at least {least} items", pointer)
        for index, each in enumerate(value):
            yield from item(each, f"{pointer}/{index}")

    return rule


def record(
    required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *checks: Check
) -> Rule:
    """Require an object with these fields and no others; ``checks`` see the whole of it."""
    known = {**required, **(optional or {})}

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must be an object", pointer)
            return
        for name in required.keys() - value.keys():
            yield fault(f"missing required field: {name}", pointer)
        for name, inner in value.items():
            if name in known:
                yield from known[name](inner, f"{pointer}/{name}")
            elif name != "type":
                yield fault(f"unsupported field: {name}", pointer)
        for check in checks:
            yield from check(value, pointer)

    return rule


def by_type(table: Mapping[str, Rule], default: str = "") -> Rule:
    """Require an object whose ``type`` names one of these rules."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        kind = value.get("type", default) if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in table:
            yield fault(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            yield from table[kind](value, pointer)

    return rule


def exactly_one(*names: str) -> Check:
    """Require exactly one of these fields."""

    def check(value: Mapping[str, Any], pointer: str) -> Iterator[str]:
        if sum(name in value for name in names) != 1:
            yield fault(f"must provide exactly one of {', '.join(names)}", pointer)

    return check


def at_least_one(*names: str) -> Check:
    """Require at least one of these fields."""

    def check(value: Mapping[str, Any], pointer: str) -> Iterator[str]:
        if not any(name in value for name in names):
            yield fault(f"must provide {' or '.join(names)}", pointer)

    return check
