"""What an expression comes to for one request: a number, or why it can't be computed.

Follows the same rules as ``queries.core.formulas.sql``: a value closer to zero than ``SMALLEST``
counts as zero, and one beyond ``LARGEST`` can't be computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from queries.core.formulas.sql import COMPARED, LARGEST, LARGEST_POWER, SMALLEST
from queries.core.formulas.tree import (
    Binary,
    Call,
    Compare,
    Condition,
    Formula,
    If,
    Name,
    Negative,
    Num,
    columns,
    written,
)
from queries.core.value import Cell

TOLERANCE = 1e-6
"""Two values match where they differ by at most this part of the larger one, or of 1."""


@dataclass(frozen=True, slots=True)
class Cannot:
    """Why there is no value, as the end of a sentence."""

    why: str


Value = float | Cannot
Row = Mapping[str, Cell]


def matches(logged: float, computed: float) -> bool:
    """Say whether a logged value is the computed one, as far as numbers are kept in logs."""
    return abs(logged - computed) <= TOLERANCE * max(1.0, abs(logged), abs(computed))


def value_of(formula: Formula, row: Row) -> Value:
    """Compute an expression from one request's values."""
    match formula:
        case Num(value):
            return settled(value)
        case Name(name):
            return input_value(name, row.get(name))
        case Negative(of):
            inner = value_of(of, row)
            return inner if isinstance(inner, Cannot) else -inner
        case Binary(operator, left, right):
            return _operated(operator, left, right, row)
        case If(condition, then, otherwise):
            holds = _holds(condition, row)
            if isinstance(holds, Cannot):
                return holds
            return value_of(then if holds else otherwise, row)
        case Call("coalesce", arguments):
            found = [value_of(each, row) for each in arguments]
            return next((each for each in found if not isinstance(each, Cannot)), found[-1])
        case Call(function, arguments):
            return _called(function, arguments, row)


def input_value(name: str, logged: Cell) -> Value:
    """Take a logged value as a number; yes counts as 1 and no as 0."""
    if logged is None or logged == "" or (isinstance(logged, float) and math.isnan(logged)):
        return Cannot(f"“{name}” is missing")
    if not isinstance(logged, int | float):
        return Cannot(f"“{name}” holds no number")
    if abs(logged) > LARGEST:
        return Cannot(f"“{name}” is no finite number")
    return settled(float(logged))


def settled(value: float) -> Value:
    """Take what is almost zero for zero, and refuse what is too large to go on with."""
    # Not >, so that NaN is refused as well.
    if not abs(value) <= LARGEST:
        return Cannot("the number becomes too large")
    return 0.0 if abs(value) < SMALLEST else value


def _operated(operator: str, left: Formula, right: Formula, row: Row) -> Value:
    first, second = value_of(left, row), value_of(right, row)
    for each in (first, second):
        if isinstance(each, Cannot):
            return each
    assert isinstance(first, float)  # noqa: S101 - what can't be computed was given back above
    assert isinstance(second, float)  # noqa: S101 - as above
    match operator:
        case "+":
            return settled(first + second)
        case "-":
            return settled(first - second)
        case "*":
            return settled(first * second)
        case "/" if second == 0:
            because = f"{_shown(right)} is 0, and " if columns(right) else ""
            return Cannot(f"{because}nothing can be divided by 0")
        case "/":
            return settled(first / second)
        case _:
            return _power(first, second)


def _power(base: float, power: float) -> Value:
    if base == 0 and power < 0:
        return Cannot("0 has no negative power")
    if base < 0 and not power.is_integer():
        return Cannot("a negative number has only whole powers")
    if base == 0:
        return 1.0 if power == 0 else 0.0
    # By the logarithm first: ** raises an error of its own where the result overflows.
    size = power * math.log(abs(base))
    if abs(size) > LARGEST_POWER:
        return Cannot("the number becomes too large") if size > 0 else 0.0
    return settled(float(base**power))


def _called(function: str, arguments: tuple[Formula, ...], row: Row) -> Value:
    given: list[float] = []
    for each in arguments:
        value = value_of(each, row)
        if isinstance(value, Cannot):
            return value
        given.append(value)
    if function in ("ln", "log10") and given[0] <= 0:
        shown = _shown(arguments[0])
        return Cannot(f"{shown} is not above 0, and only numbers above 0 have a logarithm")
    if function == "sqrt" and given[0] < 0:
        return Cannot(f"{_shown(arguments[0])} is negative and has no square root")
    if function == "exp" and abs(given[0]) > LARGEST_POWER:
        return Cannot("the number becomes too large") if given[0] > 0 else 0.0
    return settled(_FUNCTIONS[function](*given))


def rounded(value: float, decimals: float = 0.0) -> float:
    """Round halves away from zero, as people do, and as every engine can."""
    scale = 10.0**decimals
    return math.copysign(math.floor(abs(value) * scale + 0.5) / scale, value)


_FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "ln": math.log,
    "log10": math.log10,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "abs": abs,
    "min": min,
    "max": max,
    "round": rounded,
    "floor": lambda value: float(math.floor(value)),
    "ceil": lambda value: float(math.ceil(value)),
}


def _holds(condition: Condition, row: Row) -> bool | Cannot:
    if not isinstance(condition, Compare):
        logged = row.get(condition.name)
        if logged is None or logged == "":
            return Cannot(f"“{condition.name}” is missing")
        if not isinstance(logged, str):
            return Cannot(f"“{condition.name}” holds no text")
        return (logged == condition.text) != condition.differs
    first, second = value_of(condition.left, row), value_of(condition.right, row)
    for each in (first, second):
        if isinstance(each, Cannot):
            return each
    return bool(COMPARED[condition.operator](first, second))


def _shown(formula: Formula) -> str:
    """Name what has a value that can't be worked with: “income”, “income - 5”."""
    return f"“{written(formula)}”" if columns(formula) else written(formula)
