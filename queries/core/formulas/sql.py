"""An expression over many requests at once, as SQL that means the same on every engine.

Each step stands in a select of its own over the one before, so that no step is written twice: a
nested expression would double with each guard. What has no value (a missing input, a division by
zero, the logarithm of a negative number, a number too large) is NULL, and no engine is ever given
what it refuses: the arguments are guarded, not the calls.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

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
    Same,
    parts,
    steps,
)

Expression = sa.ColumnElement[Any]

LARGEST = 1e70
"""A number beyond this on either side counts as infinite: its fourth power would overflow."""

SMALLEST = 1e-70
"""A difference closer to zero than this counts as zero: its fourth power would underflow."""

LARGEST_POWER = math.log(LARGEST)

COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
"""What each sign compares, between numbers and between columns alike."""

_ZERO, _ONE = sa.literal(0.0, sa.Double), sa.literal(1.0, sa.Double)
_OPERATED: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def layered(rows: sa.FromClause, formulas: Iterable[Formula]) -> Layers:
    """Compute expressions over rows.

    ``rows`` hold each column that an expression names as ``number …``, a double, and those that it
    compares with a text as ``text …``.
    """
    layers = Layers(rows)
    for each in _by_height(formulas):
        layers.add(each)
    return layers


def named(formulas: Iterable[Formula]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the columns that expressions take as numbers, and those that they compare with texts."""
    made = [each for formula in formulas for each in steps(formula)]
    numbers = dict.fromkeys(each.name for each in made if isinstance(each, Name))
    texts = dict.fromkeys(
        each.condition.name
        for each in made
        if isinstance(each, If) and isinstance(each.condition, Same)
    )
    return tuple(numbers), tuple(texts)


def _by_height(formulas: Iterable[Formula]) -> list[list[Formula]]:
    """All steps that compute something, the lowest first, each once."""
    heights: dict[Formula, int] = {}
    for formula in formulas:
        for each in steps(formula):
            inner = [heights[part] for part in parts(each)]
            heights[each] = 1 + max(inner, default=-1)
    height = max(heights.values(), default=0)
    found = [[each for each, at in heights.items() if at == level] for level in range(height + 1)]
    return [[each for each in level if not isinstance(each, Num | Name)] for level in found]


class Layers:
    """Selects one over the other; the topmost holds every step so far as a column."""

    def __init__(self, rows: sa.FromClause) -> None:
        self.top = rows
        self._labels: dict[Formula, str] = {}

    def add(self, level: list[Formula]) -> None:
        """Compute further steps from those that are there."""
        if not level:
            return
        labelled = []
        for each in level:
            label = f"step {len(self._labels)}"
            labelled.append(self._step(each).label(label))
            self._labels[each] = label
        # An offset of nothing keeps a planner from writing the inner select into the outer one,
        # which would double it again.
        select = sa.select(*self.top.c, *labelled).offset(sa.literal_column("0"))
        self.top = select.subquery()

    def value(self, of: Formula) -> Expression:
        """What stands for a step that was computed, a column or a number."""
        match of:
            case Num(value):
                calmed = 0.0 if abs(value) < SMALLEST else value
                return sa.literal(calmed if abs(value) <= LARGEST else None, sa.Double)
            case Name(name):
                return self.top.c[f"number {name}"]
            case _:
                return self.top.c[self._labels[of]]

    def _step(self, of: Formula) -> Expression:
        match of:
            case Negative(inner):
                return -self.value(inner)
            case Binary("/", left, right):
                divisor = self.value(right)
                safe = sa.case((divisor != _ZERO, divisor))
                return _settled(self.value(left) / safe)
            case Binary("**", left, right):
                return _settled(_power(self.value(left), self.value(right)))
            case Binary(sign, left, right):
                return _settled(_OPERATED[sign](self.value(left), self.value(right)))
            case If(condition, then, otherwise):
                # Both ways are written out: of a condition that is NULL, neither holds.
                holds = self.condition(condition)
                return sa.case((holds, self.value(then)), (sa.not_(holds), self.value(otherwise)))
            case Call("round", (inner, Num(decimals))):
                return _round(self.value(inner), decimals)
            case Call(function, arguments):
                return _FUNCTIONS[function](*map(self.value, arguments))
            case _:
                raise TypeError(f"{of} is no step")

    def condition(self, of: Condition) -> sa.ColumnElement[bool]:
        """Whether a condition holds, once all that it compares is computed."""
        match of:
            case Compare(sign, left, right):
                compared: sa.ColumnElement[bool] = COMPARED[sign](
                    self.value(left), self.value(right)
                )
                return compared
            case Same(name, text, differs):
                column = self.top.c[f"text {name}"]
                return column != text if differs else column == text


def _settled(value: Expression) -> Expression:
    """Take what is almost zero for zero, and what is too large for nothing."""
    inside = value.between(-LARGEST, LARGEST)
    return sa.case((sa.func.abs(value) < SMALLEST, _ZERO), (inside, value))


def _exp(value: Expression) -> Expression:
    safe = sa.case((value.between(-LARGEST_POWER, LARGEST_POWER), value))
    return sa.case((value < -LARGEST_POWER, _ZERO), else_=_settled(sa.func.exp(safe)))


def _power(base: Expression, power: Expression) -> Expression:
    """Raise to a power; NULL where there is no number, zero where it is too small for one."""
    size = power * sa.func.ln(sa.case((base != _ZERO, sa.func.abs(base))))
    # A negative number has only whole powers; engines raise an error or give NaN for others.
    whole = power == sa.func.floor(power)
    fits = sa.and_(size.between(-LARGEST_POWER, LARGEST_POWER), sa.or_(base > _ZERO, whole))
    return sa.case(
        (sa.and_(base == _ZERO, power == _ZERO), _ONE),
        (sa.and_(base == _ZERO, power > _ZERO), _ZERO),
        (sa.and_(size < -LARGEST_POWER, sa.or_(base > _ZERO, whole)), _ZERO),
        else_=sa.func.power(sa.case((fits, base)), sa.case((fits, power)), type_=sa.Double),
    )


def _round(value: Expression, decimals: float = 0.0) -> Expression:
    scale = sa.literal(10.0**decimals, sa.Double)
    # Halves away from zero by hand: engines' own round halves to even for doubles, or not.
    up = sa.func.floor(sa.func.abs(value) * scale + 0.5, type_=sa.Double) / scale
    return sa.case((value < _ZERO, -up), else_=up)


def _all_of(function: Callable[..., Expression]) -> Callable[..., Expression]:
    """A function of several numbers that has no value where one of them has none."""

    def applied(*values: Expression) -> Expression:
        # Engines' least and greatest pass over NULLs.
        known = sa.and_(*(each.is_not(None) for each in values))
        return sa.case((known, function(*values, type_=sa.Double)))

    return applied


_FUNCTIONS: Mapping[str, Callable[..., Expression]] = {
    "ln": lambda value: sa.func.ln(sa.case((value > _ZERO, value)), type_=sa.Double),
    "log10": lambda value: sa.func.log10(sa.case((value > _ZERO, value)), type_=sa.Double),
    "exp": _exp,
    "sqrt": lambda value: sa.func.sqrt(sa.case((value >= _ZERO, value)), type_=sa.Double),
    "abs": lambda value: sa.func.abs(value, type_=sa.Double),
    "min": _all_of(sa.func.least),
    "max": _all_of(sa.func.greatest),
    "round": _round,
    "floor": lambda value: sa.func.floor(value, type_=sa.Double),
    "ceil": lambda value: sa.func.ceil(value, type_=sa.Double),
    "coalesce": lambda *values: sa.func.coalesce(*values, type_=sa.Double),
}
