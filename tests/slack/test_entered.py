"""What a form is filled with comes back from it; what is entered in it is read as typed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.values import state_of, submission_errors
from bot.slack.forms.entered import field_errors, modes, raw_values, unfinished, unrevealed
from bot.slack.forms.form import form_view
from bot.slack.forms.opened import Opened, opened
from bot.slack.forms.times import FROM_TO, OWN_WORDS
from bot.slack.rendering.text import Json
from commands.replies import Field, Form, Verb
from queries.core.kinds.kind import Option
from queries.core.times.when import PRESETS

TIMES = tuple(Option(text, text) for text in PRESETS)
REGIONS = tuple(Option(f"region = {name}", f"region is {name}", "region") for name in "abcde")
MODELS = tuple(Option(f"model-{at}", f"Model {at}") for at in range(250))


def _view(*fields: Field, mode: str = "") -> Json:
    form = Form(Verb.ASK, "errors", "What fails?", "Ask", fields)
    view = form_view(form, Opened("C1"), {each.name: mode for each in fields} if mode else {})
    return {**view, "state": {"values": state_of(view["blocks"], {})}}


@pytest.mark.parametrize(
    "field",
    [
        Field("model", "Model", "choice", MODELS[:3], ("model-1",)),
        Field("model", "Model", "choice", MODELS, ("model-7",)),
        Field("model", "Model", "choice", MODELS, ("model-249",)),
        Field("model", "Model", "choice", MODELS[:3], ("a model since removed",)),
        Field("model", "Model", "choice", (), ("anything",)),
        Field("by", "Split by", "choice", MODELS[:3], (), optional=True),
        Field("window", "Time", "time", TIMES, ("last 7 days",)),
        Field("window", "Time", "time", TIMES, ("yesterday 9-11am",)),
        Field("window", "Time", "time", TIMES, ("2026-11-01..2026-11-05",)),
        Field("window", "Time", "time", TIMES, ("2026-11-01 09:30..2026-11-05 17:00",)),
        Field("window", "Time", "time", TIMES, ("2026-11-31..2026-12-05",)),
        Field("window", "Time", "time", (Option("all", "All"),), ("all",)),
        Field("where", "Where", "conditions", REGIONS, ("region = a", "status >= 500")),
        Field("where", "Where", "conditions", (), ("region in a, b", "age is missing")),
        Field("n", "How many", "number", (), ("20",)),
        Field("n", "How many", "number", (), ("twenty",)),
        Field("note", "Note", "text", (), ("two words",)),
        Field("audience", "Who sees it", "audience", (), ("me",)),
        Field("time", "When", "clock", (), ("09:05",)),
        Field("time", "When", "clock", (), ("noon",)),
        Field("zone", "Zone", "zone", (Option("UTC", "UTC"),), ("Europe/Berlin",)),
        Field("days", "Days", "days", (), ("Monday", "Thursday")),
    ],
    ids=lambda field: f"{field.control}-{len(field.options)}-{'+'.join(field.values)}",
)
def test_filled_in_comes_back(field: Field) -> None:
    """Submitting a form as it was opened gives the values that it was filled with."""
    assert raw_values(_view(field)).get(field.name, ()) == field.values


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.sampled_from(("choice", "text", "conditions", "zone")), st.text(min_size=1, max_size=40))
def test_any_value_comes_back(control: Any, value: str) -> None:
    """A value that no list offers stands in a field to type, and is not lost."""
    value = " ".join(value.split()) or "x"
    if control == "conditions":
        value = f"region != {value.replace(chr(34), '')!r}".replace(" and ", " ")
    found = raw_values(_view(Field("f", "F", control, MODELS[:2], (value,))))["f"]
    if control != "conditions":
        assert found == (value,)
    else:
        assert found


def test_a_range_is_parted_for_the_list() -> None:
    """``in`` is shown as the values it means, where the list offers all of them."""
    field = Field("where", "Where", "conditions", REGIONS, ("region in a, b",))
    assert raw_values(_view(field))["where"] == ("region = a", "region = b")


@pytest.mark.parametrize(
    ("typed", "conditions"),
    [
        ("status >= 500\nage is missing", ("status >= 500", "age is missing")),
        ("where status >= 500 and region in a, b", ("status >= 500", "region in a, b")),
        ('name = "salt and pepper"', ('name = "salt and pepper"',)),
        ("  \n ", ()),
    ],
)
def test_typed_conditions(typed: str, conditions: tuple[str, ...]) -> None:
    """Conditions are typed one a line or joined by “and”, outside quotes."""
    view = _view(Field("where", "Where", "conditions", REGIONS))
    block = next(name for name in view["state"]["values"] if "lines" in name)
    view["state"]["values"][block] = {"a": {"type": "plain_text_input", "value": typed}}
    assert raw_values(view).get("where", ()) == conditions


def test_typed_counts_before_chosen() -> None:
    """What is typed beside a long list counts before what is chosen in it."""
    view = _view(Field("model", "Model", "choice", MODELS, ("model-3",)))
    block = next(name for name in view["state"]["values"] if "typed" in name)
    view["state"]["values"][block] = {"a": {"type": "plain_text_input", "value": "model-240"}}
    assert raw_values(view)["model"] == ("model-240",)
    assert "99 of 250" in str(view["blocks"])


def test_typed_alone_is_enough() -> None:
    """Where a value may be typed instead, the list beside it may be left alone."""
    view = _view(Field("model", "Model", "choice", MODELS))
    assert submission_errors(view["blocks"], view["state"]["values"]) == {}
    few = _view(Field("model", "Model", "choice", MODELS[:3]))
    assert len(submission_errors(few["blocks"], few["state"]["values"])) == 1


def test_long_lists_share_room_between_groups() -> None:
    """Where a list is cut, every group keeps some of its values."""
    options = tuple(
        Option(f"{group} = {at}", f"{group} is {at}", group)
        for group, size in (("region", 400), ("channel", 3))
        for at in range(size)
    )
    (element,) = [
        each["element"]
        for each in _view(Field("where", "Where", "conditions", options))["blocks"]
        if each["element"]["type"] == "multi_static_select"
    ]
    sizes = {g["label"]["text"]: len(g["options"]) for g in element["option_groups"]}
    assert sizes == {"region": 96, "channel": 3}


@pytest.mark.parametrize("mode", [OWN_WORDS, FROM_TO])
def test_unfinished_time(mode: str) -> None:
    """A time to be typed or picked that is not there is missed, where it is to be entered."""
    field = Field("window", "Time", "time", TIMES)
    view = _view(field, mode=mode)
    assert modes(view) == {"window": mode}
    assert not unrevealed(view)
    problems = unfinished(view)
    (block,) = field_errors(view, problems) or {}
    assert block == ("window|words|" if mode == OWN_WORDS else "window|from_day|")


def test_problem_without_a_field() -> None:
    """A problem whose field the form does not show can't be an error on a field."""
    view = _view(Field("model", "Model", "choice", MODELS[:2]))
    assert field_errors(view, {"where": "No such column."}) is None


def test_memory() -> None:
    """A modal remembers its place; an address that is too long for it is left out first."""
    known = Opened("C1", "ask", "errors", "https://x/1", "UTC", "1.2", {"days": ("Monday",)})
    assert opened({"private_metadata": known.dumps()}) == known
    long = Opened("C1", url="https://x/" + "y" * 3_000)
    assert opened({"private_metadata": long.dumps()}) == Opened("C1")
