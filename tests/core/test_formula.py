"""Expressions: what is written reads back, and what can't be read is named with its place."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.core.formulas.text import DEEPEST, read_formula
from queries.core.formulas.tokens import BadFormula
from queries.core.formulas.tree import (
    FUNCTIONS,
    Binary,
    Call,
    Formula,
    If,
    Name,
    Negative,
    Num,
    Same,
    columns,
    steps,
    written,
)
from tests.core.formulas import COLUMNS, FORMULAS

A, B, C = Name("a"), Name("b"), Name("c")


@given(FORMULAS)
def test_what_is_written_reads_back(formula: Formula) -> None:
    """The text of any expression parses to an equal tree, and is written alike again."""
    text = written(formula)
    assert read_formula(text) == formula
    assert written(read_formula(text)) == text


@given(FORMULAS)
def test_its_columns_are_those_that_it_names(formula: Formula) -> None:
    """The columns of an expression are each named once, and stand in its text."""
    named = columns(formula)
    assert len(set(named)) == len(named)
    assert set(named) <= set(COLUMNS)
    assert all(name in written(formula) for name in named)
    assert [*steps(formula)][-1] == formula


@settings(max_examples=300)
@given(st.text(alphabet="abc01.,()+-*/<>=!'\"^ %einflcosqrt", max_size=25))
def test_any_text_is_read_or_refused_plainly(text: str) -> None:
    """Whatever is typed is an expression, or is refused with what is wrong; nothing else."""
    with suppress(BadFormula):
        found = read_formula(text)
        assert read_formula(written(found)) == found


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a - b - c", Binary("-", Binary("-", A, B), C)),
        ("a + b * c", Binary("+", A, Binary("*", B, C))),
        ("(a + b) * c", Binary("*", Binary("+", A, B), C)),
        ("a / b / c", Binary("/", Binary("/", A, B), C)),
        ("a ** b ** c", Binary("**", A, Binary("**", B, C))),
        ("-a ** 2", Negative(Binary("**", A, Num(2.0)))),
        ("a ** -2", Binary("**", A, Negative(Num(2.0)))),
        ("a - -b", Binary("-", A, Negative(B))),
        ("2.5e1*.5", Binary("*", Num(25.0), Num(0.5))),
        ("LN(a)", Call("ln", (A,))),
        ('"my column" + 1', Binary("+", Name("my column"), Num(1.0))),
        ("if(a = 'it''s', 1, 0)", If(Same("a", "it's"), Num(1.0), Num(0.0))),
    ],
)
def test_operators_bind_as_in_mathematics(text: str, tree: Formula) -> None:
    """Powers bind before products, products before sums; equals from the left, powers not."""
    assert read_formula(text) == tree


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "ends at character 1, where a number, a column or “(” should be"),
        ("ln(income +", "ends at character 12, where a number"),
        ("ln(income + 1", "ends at character 14 before the bracket opened at character 1"),
        ("a b", "has “b” at character 3, where an operator or the end should be"),
        ("a + * b", "has “*” at character 5, where a number"),
        ("a ^ 2", "has “^” at character 3, which means nothing; a power is written"),
        ("log(a)", "at character 1 “log(…)”, which is no function. There are ln, log10"),
        ("1 + sqr(a)", "at character 5 “sqr(…)”, which is no function"),
        ("ln(a, b)", "gives ln at character 1 2 in its brackets; it takes 1"),
        ("ln()", "has “)” at character 4, where a number"),
        ("min(a)", "gives min at character 1 1 in its brackets; it takes 2 to 20"),
        ("round(a, 0.5)", "rounds to no number of decimals; give a whole one up to 12"),
        ("round(a, b)", "rounds to no number of decimals"),
        ("if(a, 1, 0)", "lacks a comparison at character 5"),
        ("if(a + 1 = 'x', 1, 0)", "compares with a text at character 12"),
        ("if(a < 'x', 1, 0)", "only a column can be = or != one"),
        ("'x'", "has the text 'x' at character 1; texts only stand in a condition of if"),
        ("1e999", "has a number at character 1 that is too large"),
        ("(" * 40 + "a" + ")" * 40, f"is nested more than {DEEPEST} deep"),
        ("-" * 40 + "a", f"is nested more than {DEEPEST} deep"),
        ("a" * 2001, "is longer than 2,000 characters"),
        ("__import__('os')", "“__import__(…)”, which is no function"),
        ("a .b", "has “.” at character 3, which means nothing"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text: str, says: str) -> None:
    """A mistake says what stands where, and what should."""
    with pytest.raises(BadFormula) as caught:
        read_formula(text)
    assert says in caught.value.message


def test_the_nearest_function_is_named() -> None:
    """Of a function that isn't there, the nearest one is told."""
    with pytest.raises(BadFormula) as caught:
        read_formula("srqt(a)")
    assert caught.value.nearest[0] == "sqrt"
    assert set(caught.value.nearest) <= set(FUNCTIONS)


def test_values_stand_in_for_columns() -> None:
    """Written with a record's values, an expression shows what was computed."""
    formula = read_formula("loan / (income - 5)")
    assert written(formula, {"loan": "12,000", "income": "-3"}) == "12,000 / ((-3) - 5)"
