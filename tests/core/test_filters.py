"""Conditions as text: read, written, and held against what a column holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given

from queries.core.catalog import ColumnKind
from queries.core.filters import (
    BadCondition,
    Filter,
    parse_condition,
    parse_conditions,
    typed,
)
from queries.core.kinds.narrowing import merged, narrowed
from tests.core.catalogs import filters

_COLUMNS: Mapping[str, ColumnKind] = {
    "region": "text",
    "where": "number",
    "dim:by": "boolean",
    'a "b" “c”': "time",
    "it's = , in": "text",
}


@given(filters(_COLUMNS))
def test_a_condition_reads_back(condition: Filter) -> None:
    """A condition's text reads back to the condition, one value in a list being that value."""
    again = parse_condition(str(condition))
    assert (again.column, again.values) == (condition.column, condition.values)
    alone = {"in": "=", "not in": "!="} if len(condition.values) == 1 else {}
    assert again.op == alone.get(condition.op, condition.op)
    assert parse_condition(str(again)) == again


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "starts with a column"),
        ("=", "starts with a column"),
        ("region", "After “region” I expect"),
        ("region ~ emea", "After “region” I expect"),
        ("region not emea", "After “region” I expect"),
        ("region =", "“region =” needs a value"),
        ("region in ,", "needs a value"),
        ("status >= 500 600", "I read “status >= 500” and then don't understand “600”"),
        ("a = b = c", "I read “a = b” and then don't understand “= c”"),
        ("a = b and c = d", "and then don't understand “and c = d”"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, said: str) -> None:
    """A text that is no condition is refused with how one is written."""
    with pytest.raises(BadCondition, match=r".*") as refused:
        parse_condition(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("a = b", "text", ""),
        ("a > b", "text", "“a” holds text, which can't be compared with >."),
        ("a = 5", "number", ""),
        ("a in 5, x", "number", "“a” holds numbers; “x” is none."),
        ("a >= 1e3", "number", ""),
        ("a = yes", "boolean", ""),
        ("a = perhaps", "boolean", "“a” holds yes or no; “perhaps” is none."),
        ("a < yes", "boolean", "“a” holds yes or no, which can't be compared with <."),
        ("a < 2026-11-23", "time", ""),
        ("a < yesterday", "time", "“a” holds times; “yesterday” is none."),
        ("a is missing", "number", ""),
        ("a contains b", "text", ""),
        ("a contains 5", "number", "“a” holds numbers, so that it contains no text."),
        ("a = \0", "text", "“a” holds text; “\0” is none."),
        (f"a = {'9' * 5000}", "number", "“a” holds numbers; “999"),
    ],
)
def test_values_must_fit_what_a_column_holds(text: str, kind: ColumnKind, said: str) -> None:
    """A value that a column can't hold is named, with what the column holds."""
    misfit = parse_condition(text).misfit(kind)
    assert misfit.startswith(said) if said else not misfit


@pytest.mark.parametrize(
    ("value", "kind", "meant"),
    [
        ("007", "text", "007"),
        ("500", "number", 500),
        ("-5", "number", -5),
        (str(2**63 - 1), "number", 2**63 - 1),
        (str(2**63), "number", 2.0**63),
        ("0.5", "number", 0.5),
        ("YES", "boolean", True),
        ("0", "boolean", False),
        ("2026-11-23T09:50", "time", datetime(2026, 11, 23, 9, 50)),  # noqa: DTZ001 - as typed
    ],
)
def test_a_value_becomes_what_the_column_holds(
    value: str, kind: ColumnKind, meant: str | float | bool | datetime
) -> None:
    """A typed value is turned into the column's kind, a whole number into an integer."""
    found = typed(value, kind)
    assert found == meant
    assert type(found) is type(meant)


def test_equalities_on_one_column_mean_either() -> None:
    """Several equalities on a column are one list of values; other conditions all hold."""
    given_ = ("region = emea", "status > 1", "region in apac, emea", "status > 1", "status < 9")
    found = merged([parse_condition(text) for text in given_])
    assert [str(each) for each in found] == ["region in emea, apac", "status > 1", "status < 9"]


@pytest.mark.parametrize(
    ("asked", "more", "both"),
    [
        ("region in emea, apac", "region = emea", "region = emea"),
        ("region in emea, apac", "region in apac, amer", "region = apac"),
        ("region = emea", "failed = yes and region = apac", "failed = yes; region = apac"),
        ("region = emea and n = 1", "version = 2.3", "region = emea; n = 1; version = 2.3"),
        ("region != emea", "region = apac", "region != emea; region = apac"),
        ("", "region = emea", "region = emea"),
    ],
)  # fmt: skip
def test_further_conditions_narrow(asked: str, more: str, both: str) -> None:
    """What a follow-up adds must hold too: it never lets in more than was asked."""
    found = narrowed(parse_conditions(asked), parse_conditions(more))
    assert "; ".join(map(str, found)) == both
