"""Expressions that say how a column is made of others: a typed tree, and its canonical text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Operator = Literal["+", "-", "*", "/", "**"]
Comparing = Literal["<", "<=", ">", ">=", "=", "!="]


@dataclass(frozen=True, slots=True)
class Num:
    """A number that stands in the expression, never negative."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A column of the log."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus something."""

    of: Formula


@dataclass(frozen=True, slots=True)
class Binary:
    """Two things with an operator between them."""

    operator: Operator
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one or several things."""

    function: str
    arguments: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Whether one number is smaller than, equal to or larger than another."""

    operator: Comparing
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Same:
    """Whether a column holds a text, or does not."""

    name: str
    text: str
    differs: bool = False


Condition = Compare | Same


@dataclass(frozen=True, slots=True)
class If:
    """One thing where a condition holds, another where it doesn't."""

    condition: Condition
    then: Formula
    otherwise: Formula


Formula = Num | Name | Negative | Binary | Call | If

FUNCTIONS: Mapping[str, tuple[int, int]] = {
    "ln": (1, 1),
    "log10": (1, 1),
    "exp": (1, 1),
    "sqrt": (1, 1),
    "abs": (1, 1),
    "min": (2, 20),
    "max": (2, 20),
    "round": (1, 2),
    "floor": (1, 1),
    "ceil": (1, 1),
    "coalesce": (2, 20),
    "if": (3, 3),
}
"""Every function, with how many arguments it takes: at least and at most."""

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}
_NEGATIVE, _WHOLE = 3, 9


def parts(of: Formula) -> tuple[Formula, ...]:
    """What an expression is directly made of."""
    match of:
        case Num() | Name():
            return ()
        case Negative():
            return (of.of,)
        case Binary():
            return of.left, of.right
        case Call():
            return of.arguments
        case If(Compare(_, left, right), then, otherwise):
            return left, right, then, otherwise
        case If(_, then, otherwise):
            return then, otherwise


def steps(of: Formula) -> Iterator[Formula]:
    """An expression and all that it is made of, the innermost first."""
    for each in parts(of):
        yield from steps(each)
    yield of


def columns(of: Formula) -> tuple[str, ...]:
    """The columns that an expression names, each once, in the order in which they stand."""
    found: dict[str, None] = {}
    for each in steps(of):
        if isinstance(each, Name):
            found[each.name] = None
        elif isinstance(each, If) and isinstance(each.condition, Same):
            found[each.condition.name] = None
    return tuple(found)


def written(of: Formula, values: Mapping[str, str] | None = None) -> str:
    """Write an expression as text that reads back to it; or with values for its columns."""
    return _written(of, values or {})[0]


def _written(of: Formula, values: Mapping[str, str]) -> tuple[str, int]:
    """The text, and how strongly it holds together."""
    match of:
        case Num(value):
            return number_text(value), _WHOLE
        case Name(name):
            text = values.get(name, _name(name))
            # A negative value of a column, before a power, would turn its sign.
            return (f"({text})" if text.startswith("-") else text), _WHOLE
        case Negative(inner):
            return f"-{_within(inner, values, _NEGATIVE)}", _NEGATIVE
        case Binary("**", left, right):
            power = _within(right, values, _NEGATIVE)
            return f"{_within(left, values, _WHOLE)} ** {power}", _STRENGTH["**"]
        case Binary(operator, left, right):
            strength = _STRENGTH[operator]
            # Stricter on the right: a - (b - c) keeps its brackets, (a - b) - c needs none.
            first, last = _within(left, values, strength), _within(right, values, strength + 1)
            return f"{first} {operator} {last}", strength
        case Call(function, arguments):
            return f"{function}({', '.join(written(each, values) for each in arguments)})", _WHOLE
        case If(condition, then, otherwise):
            inside = (
                _condition(condition, values),
                *(written(each, values) for each in (then, otherwise)),
            )
            return f"if({', '.join(inside)})", _WHOLE


def _within(of: Formula, values: Mapping[str, str], least: int) -> str:
    text, strength = _written(of, values)
    return text if strength >= least else f"({text})"


def _condition(of: Condition, values: Mapping[str, str]) -> str:
    if isinstance(of, Compare):
        return f"{written(of.left, values)} {of.operator} {written(of.right, values)}"
    name = values.get(of.name, _name(of.name))
    doubled = of.text.replace("'", "''")
    return f"{name} {'!=' if of.differs else '='} '{doubled}'"


def _name(name: str) -> str:
    plain = name.isidentifier() and name.isascii()
    return name if plain else '"' + name.replace('"', '""') + '"'


def number_text(value: float) -> str:
    """A number as it reads back: whole ones without a point."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
