"""Conditions on records: a column, an operator and values, as typed and as canonical text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from queries.core.catalog import ColumnKind
from queries.core.words import echoed
from queries.core.writing import Word, quote, words

Op = Literal[
    "=", "!=", "in", "not in", "<", "<=", ">", ">=", "contains", "is missing", "is present"
]
_MANY = ("=", "!=", "in", "not in", "contains")
_SIGNS: dict[str, Op] = {"=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_LARGEST = 2**63 - 1  # what an engine binds as a whole number
ORDER = ("<", "<=", ">", ">=")
CODES = "status"
"""Numbers that may stand among words, such as 504 beside “timeout”: those are compared that are
numbers. Versions are not: 1.10 comes after 1.9."""

_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class BadCondition(ValueError):
    """A condition that cannot be read; the text says how one is written."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition. ``values`` are as typed; what they mean depends on the column's kind."""

    column: str
    op: Op
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        name = quote(self.column)
        if not self.values:
            return f"{name} {self.op}"
        return f"{name} {self.op} {', '.join(map(quote, self.values))}"

    def misfit(self, kind: ColumnKind) -> str:
        """Say in a sentence why the values do not fit a column of this kind, or nothing."""
        if self.op in ORDER and kind == "text" and self.column == CODES:
            return "" if _is_number(self.values[0]) else f"{echoed(self.values[0])} is no number."
        if self.op in ORDER and kind in ("text", "boolean"):
            name = echoed(self.column)
            return f"{name} holds {_HOLDS[kind]}, which can't be compared with {self.op}."
        if self.op == "contains" and kind != "text":
            return f"{echoed(self.column)} holds {_HOLDS[kind]}, so that it contains no text."
        for value in self.values:
            try:
                typed(value, kind)
            except ValueError:
                return f"{echoed(self.column)} holds {_HOLDS[kind]}; {echoed(value)} is none."
        return ""


_HOLDS = {"text": "text", "number": "numbers", "boolean": "yes or no", "time": "times"}


def typed(value: str, kind: ColumnKind) -> str | float | int | bool | datetime:
    """Turn a typed value into what a column of this kind holds. Raises ValueError."""
    if kind == "number":
        # Whole ids stay whole: beyond 2^53 a double no longer tells two of them apart.
        whole = value.lstrip("+-").isdecimal() and abs(int(value)) <= _LARGEST
        return int(value) if whole else float(value)
    if kind == "boolean":
        if value.lower() not in _YES_NO:
            raise ValueError(value)
        return _YES_NO[value.lower()]
    if kind == "time":
        return datetime.fromisoformat(value)
    if "\0" in value:
        raise ValueError(value)  # which some engines can't take in a text
    return value


def _is_number(value: str) -> bool:
    try:
        typed(value, "number")
    except ValueError:
        return False
    return True


def as_typed(value: object) -> str:
    """Write a value of a log as a person types it in a condition."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)


def parse_condition(text: str) -> Filter:
    """Read one whole condition. Raises BadCondition."""
    tokens = words(text)
    found, end = condition_at(tokens, 0)
    if end != len(tokens):
        rest = echoed(text[tokens[end].start :])
        raise BadCondition(f"I read {echoed(str(found))} and then don't understand {rest}.")
    return found


def parse_conditions(text: str) -> tuple[Filter, ...]:
    """Read conditions joined by “and”. Raises BadCondition."""
    tokens = words(text)
    found, at = [], 0
    while at < len(tokens):
        condition, end = condition_at(tokens, at)
        found.append(condition)
        at = end + (end < len(tokens) and tokens[end].is_("and"))
    return tuple(found)


def condition_at(tokens: Sequence[Word], start: int) -> tuple[Filter, int]:
    """Read one condition from ``start`` on; give it and where it ends. Raises BadCondition."""
    if start >= len(tokens) or tokens[start].is_sign:
        raise BadCondition("A condition starts with a column, such as `region = emea`.")
    column = tokens[start].text
    op, at = _operator(tokens, start + 1, column)
    if op in ("is missing", "is present"):
        return Filter(column, op), at
    values, end = _values(tokens, at, many=op in _MANY)
    if not values:
        raise BadCondition(f"{echoed(f'{column} {op}')} needs a value after it.")
    if op == "=" and len(values) > 1:
        op = "in"
    elif op == "!=" and len(values) > 1:
        op = "not in"
    elif op in ("in", "not in") and len(values) == 1:
        op = "=" if op == "in" else "!="
    return Filter(column, op, values), end


def _operator(tokens: Sequence[Word], at: int, column: str) -> tuple[Op, int]:
    rest = tokens[at : at + 3]
    if rest and rest[0].is_sign and rest[0].text in _SIGNS:
        return _SIGNS[rest[0].text], at + 1
    if rest and rest[0].is_("in"):
        return "in", at + 1
    if rest and rest[0].is_("contains"):
        return "contains", at + 1
    if len(rest) > 1 and rest[0].is_("not") and rest[1].is_("in"):
        return "not in", at + 2
    if len(rest) > 1 and rest[0].is_("is"):
        if rest[1].is_("missing", "empty"):
            return "is missing", at + 2
        if rest[1].is_("present"):
            return "is present", at + 2
        return ("!=", at + 2) if rest[1].is_("not") else ("=", at + 1)
    raise BadCondition(
        f"After {echoed(column)} I expect =, !=, <, >, `in`, `contains`, `is missing` or "
        "`is present`, such as `region = emea`."
    )


def _values(tokens: Sequence[Word], at: int, *, many: bool) -> tuple[tuple[str, ...], int]:
    values: list[str] = []
    while at < len(tokens) and not tokens[at].is_sign:
        if tokens[at].is_("and", "where") or (not tokens[at].quoted and tokens[at].text == ""):
            break
        values.append(tokens[at].text)
        at += 1
        if not many or at >= len(tokens) or tokens[at].text != "," or tokens[at].quoted:
            break
        at += 1
    return tuple(values), at
