"""The guided form of a question, derived from its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from commands.form import AUDIENCE, question_form
from commands.replies import Field, Form
from queries.core.catalog import Catalog, ColumnKind
from queries.core.times.when import PRESETS
from tests.core.catalogs import BERLIN, CATALOG, COLUMNS, card


def field(form: Form, name: str) -> Field:
    """The field of a parameter."""
    (found,) = [each for each in form.fields if each.name == name]
    return found


def values(one: Field) -> list[str]:
    """What can be chosen."""
    return [option.value for option in one.options]


def test_fields_follow_from_the_parameters() -> None:
    """Each parameter is a field of its own sort, with its choices, defaults and hint."""
    form = question_form("find", {"model": ("lending",)}, CATALOG, BERLIN)
    controls = {each.name: each.control for each in form.fields}
    assert controls == {
        "model": "choice",
        "window": "time",
        "where": "conditions",
        "order": "choice",
        "limit": "number",
    }
    assert values(field(form, "window")) == list(PRESETS)
    assert field(form, "window").values == ("last 24 hours",)
    assert values(field(form, "order"))[:3] == ["newest", "oldest", "slowest"]
    assert "status desc" in values(field(form, "order"))
    assert field(form, "limit").values == ("10",)
    assert "spreadsheet" in field(form, "limit").hint
    assert [each.name for each in form.fields if not each.optional] == ["model"]
    assert [each.name for each in form.fields if each.reloads] == ["model"]


def test_choices_are_those_of_the_chosen_model() -> None:
    """Dimensions and values offered are the model's own; another model has others."""
    lending = question_form("errors", {"model": ("lending",)}, CATALOG, BERLIN)
    assert values(field(lending, "by")) == ["region", "version"]
    assert "region = emea" in values(field(lending, "where"))
    assert {option.group for option in field(lending, "where").options} == {"region", "version"}
    order = question_form("errors", {"model": ("order",)}, CATALOG, BERLIN)
    assert values(field(order, "by")) == ["limit"]
    assert values(field(order, "where")) == []


def test_without_a_model_the_one_that_logs_most_is_chosen() -> None:
    """A form opens with a model in it, so that its columns can be chosen from at once."""
    form = question_form("errors", {}, CATALOG, BERLIN)
    assert field(form, "model").values == ("lending",)
    assert values(field(form, "by")) == ["region", "version"]
    few = replace(card("few", COLUMNS, {}), roles=frozenset({"time", "failed"}))
    both = Catalog({"few": few, "lending": CATALOG.sources["lending"]})
    model = field(question_form("errors", {}, both, BERLIN), "model")
    assert (model.values, values(model)) == (("lending",), ["few", "lending"])


def test_all_of_a_log_is_a_time_to_choose() -> None:
    """A question of the whole log opens with it chosen by name, not as words of one's own."""
    window = field(question_form("trace", {}, CATALOG, BERLIN), "window")
    labels = {option.value: option.label for option in window.options}
    assert [labels[value] for value in window.values] == ["The whole log"]


def test_conditions_are_shown_by_a_column_that_the_log_has() -> None:
    """What may be typed is shown on a number of the chosen model; without one it isn't."""

    def shown(columns: Mapping[str, ColumnKind]) -> str:
        catalog = Catalog({"one": card("one", columns, {})})
        return field(question_form("errors", {}, catalog, BERLIN), "where").example

    assert shown(COLUMNS) == "status >= 500"
    assert shown({"AGE group": "number"}) == '"AGE group" > 10'
    assert shown({"region": "text"}) == ""


def test_an_undated_model_has_one_time_to_choose() -> None:
    """Where a log has no times, all of it is the only choice."""
    form = question_form("errors", {"model": ("ages",)}, CATALOG, BERLIN)
    assert values(field(form, "window")) == ["all"]


def test_only_models_that_suit_are_offered() -> None:
    """A model that lacks what a question needs is not offered, unless none has it."""
    bare = card("bare", COLUMNS, {})
    object.__setattr__(bare, "roles", frozenset({"time"}))
    catalog = Catalog({"bare": bare, "lending": CATALOG.sources["lending"]})
    assert values(field(question_form("errors", {}, catalog, BERLIN), "model")) == ["lending"]
    alone = Catalog({"bare": bare})
    assert values(field(question_form("errors", {}, alone, BERLIN), "model")) == ["bare"]


def test_records_of_people_have_no_audience_to_choose() -> None:
    """Who sees the answer is asked, but not of records of single people: they go to the asker."""
    private = question_form("find", {}, CATALOG, BERLIN)
    assert AUDIENCE not in {each.name for each in private.fields}
    assert "to you alone" in private.intro
    public = question_form("errors", {}, CATALOG, BERLIN, audience="me")
    assert field(public, AUDIENCE).values == ("me",)
    assert values(field(public, AUDIENCE)) == ["everyone", "me"]


def test_problems_stand_on_their_fields() -> None:
    """Each problem is shown where it can be mended, beside what was entered."""
    raw = {"model": ("lending",), "window": ("whenever",)}
    form = question_form("errors", raw, CATALOG, BERLIN, problems={"window": "No time."})
    assert field(form, "window").problem == "No time."
    assert field(form, "window").values == ("whenever",)
    assert [each.name for each in form.fields if each.problem] == ["window"]
