"""Several models named in one question: as typed, as written, and as a form holds them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.form import question_form
from commands.submit import submit
from commands.understand import Ask
from queries.core.catalog import Catalog, ColumnKind
from queries.core.errors import BadQuestion
from queries.core.grammar import parse
from queries.core.question import raw
from queries.health.question import Health
from tests.core.catalogs import BERLIN, CATALOG, NAMES, PHRASES, card

LAST = "last 24 hours"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("health", f"health {LAST}"),
        ("health lending", f"health lending {LAST}"),
        ("health lending, employment", f"health lending, employment {LAST}"),
        ("health LENDING employment yesterday", "health lending, employment yesterday"),
        ("health yesterday lending, lending", "health lending yesterday"),
        ("health models=lending, ages", f"health lending, ages {LAST}"),
        ("health models lending ages last 7 days", "health lending, ages last 7 days"),
        ("health last 7 days", "health last 7 days"),
    ],
)
def test_models_are_named_as_one_likes(typed: str, canonical: str) -> None:
    """None means all; several stand with or without commas, before or after the time."""
    assert str(parse(typed, CATALOG, BERLIN)) == canonical
    assert parse(canonical, CATALOG, BERLIN) == parse(typed, CATALOG, BERLIN)


def test_models_called_as_times_are() -> None:
    """A bare word of a time means the time; a model of such a name is named with its parameter."""
    columns: dict[str, ColumnKind] = {"status": "number"}
    catalog = Catalog({name: card(name, columns, {}) for name in ("today", "last", "window", "by")})
    assert parse("health today", catalog, BERLIN) == parse("health window=today", catalog, BERLIN)
    every = parse("health last 7 days", catalog, BERLIN)
    assert isinstance(every, Health)
    assert every.models is None
    only = parse("health models=today", catalog, BERLIN)
    assert str(only) == f"health models=today {LAST}"
    assert parse(str(only), catalog, BERLIN) == only
    both = parse('health window, "by" yesterday', catalog, BERLIN)
    assert str(both) == 'health window, "by" yesterday'
    assert parse(str(both), catalog, BERLIN) == both


def test_a_model_that_is_none_is_a_problem_of_the_field() -> None:
    """Misspelt models are reported on the parameter, with the nearest ones."""
    with pytest.raises(BadQuestion) as bad:
        parse("health models=lending, employmnt", CATALOG, BERLIN)
    (problem,) = bad.value.problems
    assert (problem.parameter, problem.nearest) == ("models", ("employment",))


@given(st.lists(NAMES, min_size=1, max_size=4, unique=True), st.sampled_from(PHRASES), st.data())
def test_any_models_come_back(names: list[str], phrase: str, data: st.DataObject) -> None:
    """Whatever models are called, canonical text and the form give the same ones back."""
    catalog = Catalog({name: card(name, {}, {}) for name in names})
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    zone = ZoneInfo("UTC")
    every = parse(f"health window={phrase}", catalog, zone)
    assert isinstance(every, Health)
    found = Health(models=tuple(chosen), window=every.window)
    assert parse(str(found), catalog, zone) == found
    form = question_form("health", raw(found), catalog, zone)
    entered = {field.name: field.values for field in form.fields}
    assert submit("health", entered, catalog, zone) == Ask(found)
