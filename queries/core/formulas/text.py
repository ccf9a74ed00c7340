"""Reads the text of an expression into its tree; what can't be read is named with its place.

Written by hand rather than given to Python: a configuration must not be able to run anything.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TypeVar

from queries.core.formulas.tokens import BadFormula, Token, tokens_of
from queries.core.formulas.tree import (
    FUNCTIONS,
    Binary,
    Call,
    Compare,
    Comparing,
    Condition,
    Formula,
    If,
    Name,
    Negative,
    Num,
    Operator,
    Same,
)
from queries.core.nearest import nearest

T = TypeVar("T", bound=str)

LONGEST, DEEPEST = 2_000, 30
"""So many characters, and so many brackets within brackets, at most."""

MOST_DECIMALS = 12

_COMPARISONS: tuple[Comparing, ...] = ("<", "<=", ">", ">=", "=", "!=")
_SUMS: tuple[Operator, ...] = ("+", "-")
_PRODUCTS: tuple[Operator, ...] = ("*", "/")


@cache
def read_formula(text: str) -> Formula:
    """Read an expression such as ``ln(income + 1)``. Raises BadFormula."""
    if len(text) > LONGEST:
        raise BadFormula(f"is longer than {LONGEST:,} characters")
    reader = _Reader(tokens_of(text))
    found = reader.sum()
    if (rest := reader.token).kind != "end":
        raise BadFormula(f"has “{rest.text}” {rest.place}, where an operator or the end should be")
    return found


@cache
def read_conditions(text: str) -> tuple[Condition, ...]:
    """Read conditions with ``and`` between them, which must all hold. Raises BadFormula."""
    if len(text) > LONGEST:
        raise BadFormula(f"is longer than {LONGEST:,} characters")
    reader = _Reader(tokens_of(text))
    found = [reader.condition()]
    while reader.token.kind == "name" and reader.token.text.lower() == "and":
        reader.skip()
        found.append(reader.condition())
    if (rest := reader.token).kind != "end":
        raise BadFormula(f"has “{rest.text}” {rest.place}, where “and” or the end should be")
    return tuple(found)


class _Reader:
    """Reads by descent: sums of products of powers of single things."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    @property
    def token(self) -> Token:
        """What stands next."""
        return self._tokens[self._at]

    def sum(self) -> Formula:
        """Read terms with plus or minus between them."""
        left = self._product()
        while operator := self._sign(*_SUMS):
            left = Binary(operator, left, self._product())
        return left

    def _product(self) -> Formula:
        left = self._negative()
        while operator := self._sign(*_PRODUCTS):
            left = Binary(operator, left, self._negative())
        return left

    # Weaker than a power, as in algebra: -x ** 2 is minus the square.
    def _negative(self) -> Formula:
        if not self._sign("-"):
            return self._power()
        with_depth = self._deeper(self.token)
        found = Negative(self._negative())
        self._depth -= with_depth
        return found

    def _power(self) -> Formula:
        base = self._single()
        if not self._sign("**"):
            return base
        with_depth = self._deeper(self.token)
        # Not _power: the exponent may be negative, and powers group from the right.
        found = Binary("**", base, self._negative())
        self._depth -= with_depth
        return found

    def _single(self) -> Formula:
        token = self.token
        match token.kind:
            case "number":
                self._at += 1
                return _number(token)
            case "name" | "quoted":
                self._at += 1
                if token.kind == "name" and self._sign("("):
                    return self._call(token)
                return Name(_unquoted(token))
            case "sign" if token.text == "(":
                self._at += 1
                with_depth = self._deeper(token)
                found = self.sum()
                self._close(token)
                self._depth -= with_depth
                return found
        raise BadFormula(_expected(token))

    def _call(self, name: Token) -> Formula:
        function = name.text.lower()
        if function not in FUNCTIONS:
            near = nearest(function, FUNCTIONS, alike=50)
            raise BadFormula(
                f"has {name.place} “{name.text}(…)”, which is no function. There are "
                f"{', '.join(FUNCTIONS)}",
                near,
            )
        with_depth = self._deeper(name)
        condition = self.condition() if function == "if" else None
        arguments: list[Formula] = []
        while (condition is None and not arguments) or self._sign(","):
            arguments.append(self.sum())
        self._close(name)
        self._depth -= with_depth
        _check_count(name, function, len(arguments) + (condition is not None))
        if condition is not None:
            return If(condition, *arguments)
        if function == "round" and len(arguments) > 1:
            _check_decimals(arguments[1])
        return Call(function, tuple(arguments))

    def skip(self) -> None:
        """Pass over what stands next."""
        self._at += 1

    def condition(self) -> Condition:
        """Read one comparison."""
        left, comparing = self.sum(), self.token
        operator = self._sign(*_COMPARISONS)
        if operator is None:
            raise BadFormula(
                f"lacks a comparison {comparing.place}: a condition is written like "
                "income > 0 or channel = 'web'"
            )
        if self.token.kind == "text":
            if not isinstance(left, Name) or operator not in ("=", "!="):
                raise BadFormula(
                    f"compares with a text {self.token.place}: only a column can be = or != one"
                )
            text = self.token.text.replace("''", "'")
            self._at += 1
            return Same(left.name, text, operator == "!=")
        return Compare(operator, left, self.sum())

    def _sign(self, *signs: T) -> T | None:
        """Take one of some signs, where one stands next."""
        token = self.token
        found = next((each for each in signs if token.kind == "sign" and token.text == each), None)
        self._at += found is not None
        return found

    def _close(self, opened: Token) -> None:
        if not self._sign(")"):
            found = "ends" if self.token.kind == "end" else f"has “{self.token.text}”"
            raise BadFormula(
                f"{found} {self.token.place} before the bracket opened {opened.place} is closed"
            )

    def _deeper(self, token: Token) -> int:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadFormula(f"is nested more than {DEEPEST} deep {token.place}")
        return 1


def _expected(token: Token) -> str:
    wanted = "a number, a column or “(” should be"
    if token.kind == "end":
        return f"ends at character {token.at + 1}, where {wanted}"
    if token.kind == "text":
        return f"has the text '{token.text}' {token.place}; texts only stand in a condition of if"
    return f"has “{token.text}” {token.place}, where {wanted}"


def _number(token: Token) -> Num:
    value = float(token.text)
    if not math.isfinite(value):
        raise BadFormula(f"has a number {token.place} that is too large")
    return Num(value)


def _unquoted(token: Token) -> str:
    return token.text.replace('""', '"') if token.kind == "quoted" else token.text


def _check_count(name: Token, function: str, given: int) -> None:
    least, most = FUNCTIONS[function]
    if least <= given <= most:
        return
    needs = str(least) if least == most else f"{least} to {most}"
    raise BadFormula(f"gives {function} {name.place} {given} in its brackets; it takes {needs}")


def _check_decimals(decimals: Formula) -> None:
    given = decimals.value if isinstance(decimals, Num) else math.nan
    if not given.is_integer() or given > MOST_DECIMALS:
        raise BadFormula(f"rounds to no number of decimals; give a whole one up to {MOST_DECIMALS}")
