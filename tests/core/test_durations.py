"""Lengths of time as people type them, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.replies import Form
from commands.understand import understand
from queries.core.errors import BadQuestion
from queries.core.grammar import parse
from queries.core.kinds.kind import BadValue, Scope
from queries.core.params import Duration
from queries.core.writing import words
from tests.core.catalogs import BERLIN, CATALOG

KIND, SCOPE = Duration(), Scope(CATALOG, BERLIN)
LAST = "latency lending last 24 hours"


@pytest.mark.parametrize(
    ("typed", "milliseconds", "written"),
    [
        ("500ms", 500, "500ms"),
        ("500", 500, "500ms"),
        ("2s", 2000, "2s"),
        ("1.5s", 1500, "1500ms"),
        ("0.25 s", 250, "250ms"),
        ("2 minutes", 120_000, "2min"),
        ("90 SEC", 90_000, "90s"),
        ("1h", 3_600_000, "1h"),
        ("24 hours", 86_400_000, "24h"),
        ("1,500 ms", 1500, "1500ms"),
    ],
)
def test_lengths_are_read_and_written(typed: str, milliseconds: int, written: str) -> None:
    """Each way of writing a length means so many milliseconds, and has one canonical text."""
    assert KIND.read((typed,), SCOPE) == milliseconds
    assert KIND.write("over", milliseconds) == f"over {written}"


@pytest.mark.parametrize(
    "typed", ["", "fast", "0", "0.4ms", "25h", "-1s", "2 weeks", "1.2345s", "²s"]
)
def test_what_is_no_length_is_refused(typed: str) -> None:
    """What is no length, shorter than a millisecond or longer than a day, is said to be none."""
    with pytest.raises(BadValue, match="such as `500ms`"):
        KIND.read((typed,), SCOPE)


@given(st.integers(1, KIND.most))
def test_every_length_comes_back(milliseconds: int) -> None:
    """Canonical text and raw values of any length read back to it."""
    _, text = KIND.write("over", milliseconds).split()
    assert KIND.read((text,), SCOPE) == milliseconds
    assert KIND.read(KIND.raw(milliseconds), SCOPE) == milliseconds
    assert KIND.take(words(text), SCOPE) == (1, text)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("latency lending over 500ms", f"{LAST} over 500ms"),
        ("latency lending over 500 ms", f"{LAST} over 500ms"),
        ("latency lending over=2s by region", f"{LAST} by region over 2s"),
        ("latency lending 2s", f"{LAST} over 2s"),
        ("latency over 2 minutes lending yesterday", "latency lending yesterday over 2min"),
        ("latency lending over 300 region=emea", f"{LAST} over 300ms where region = emea"),
        ("latency lending over 300 yesterday", "latency lending yesterday over 300ms"),
    ],
)
def test_a_limit_is_understood_as_typed(typed: str, canonical: str) -> None:
    """A limit may stand anywhere, with or without its name or a space before the unit."""
    assert str(parse(typed, CATALOG, BERLIN)) == canonical
    assert str(parse(canonical, CATALOG, BERLIN)) == canonical


def test_a_wrong_limit_is_a_problem_of_its_field() -> None:
    """What is no length is reported on the parameter, so that a form shows it there."""
    with pytest.raises(BadQuestion) as bad:
        parse("latency lending over soon", CATALOG, BERLIN)
    assert [problem.parameter for problem in bad.value.problems] == ["over"]
    form = understand("latency lending over soon", CATALOG, BERLIN)
    assert isinstance(form, Form)
    (field,) = [each for each in form.fields if each.name == "over"]
    assert "“soon” is no length of time" in field.problem
