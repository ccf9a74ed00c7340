"""Draws expressions of every shape, for tests of how they are read and computed."""

from __future__ import annotations

from hypothesis import strategies as st

from queries.core.formulas.tree import (
    Binary,
    Call,
    Compare,
    Formula,
    If,
    Name,
    Negative,
    Num,
    Same,
)

COLUMNS = ("income", "loan", "flag", "word", "my column")
CONSTANTS = st.one_of(
    st.integers(0, 20).map(float), st.floats(0, 1e6, allow_nan=False), st.just(0.5)
).map(lambda value: Num(abs(value)))
LEAVES = st.one_of(st.sampled_from([Name(each) for each in COLUMNS]), CONSTANTS)


def _extended(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    one = st.sampled_from(("ln", "log10", "exp", "sqrt", "abs", "round", "floor", "ceil"))
    several = st.sampled_from(("min", "max", "coalesce"))
    condition = st.one_of(
        st.builds(Compare, st.sampled_from(("<", "<=", ">", ">=", "=", "!=")), inner, inner),
        st.builds(Same, st.just("word"), st.sampled_from(("web", "it's", "")), st.booleans()),
    )
    return st.one_of(
        st.builds(Negative, inner),
        st.builds(Binary, st.sampled_from(("+", "-", "*", "/", "**")), inner, inner),
        st.builds(lambda name, of: Call(name, (of,)), one, inner),
        st.builds(lambda of, to: Call("round", (of, Num(float(to)))), inner, st.integers(0, 6)),
        st.builds(lambda name, of: Call(name, tuple(of)), several, st.lists(inner, min_size=2)),
        st.builds(If, condition, inner, inner),
    )


FORMULAS: st.SearchStrategy[Formula] = st.recursive(LEAVES, _extended, max_leaves=12)
