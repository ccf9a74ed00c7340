"""What was entered in a form: a question to ask, or each problem on its field."""

from __future__ import annotations

from commands.replies import Refused
from commands.submit import submit
from commands.understand import Ask
from queries.core.grammar import parse
from tests.core.catalogs import BERLIN, CATALOG


def test_what_was_entered_is_asked() -> None:
    """Values chosen in a form ask the question that the same text would."""
    entered = {
        "model": ("lending",),
        "window": ("last 7 days",),
        "by": ("region",),
        "where": ("region = emea", "region = apac", "status >= 500"),
        "audience": ("me",),
    }
    text = "errors lending last 7 days by region where region in emea, apac and status >= 500"
    expected = Ask(parse(text, CATALOG, BERLIN), private=True)
    assert submit("errors", entered, CATALOG, BERLIN) == expected


def test_what_was_left_empty_takes_its_default() -> None:
    """An empty form field is as if it had not been there."""
    entered = {
        "model": ("lending",),
        "window": (),
        "by": (),
        "where": (),
        "audience": ("everyone",),
    }
    expected = Ask(parse("errors lending", CATALOG, BERLIN), private=False)
    assert submit("errors", entered, CATALOG, BERLIN) == expected


def test_every_problem_is_on_its_field() -> None:
    """All that is wrong is said at once, each where it was entered."""
    entered = {
        "model": ("lending",),
        "window": ("whenever",),
        "where": ("region",),
        "limit": ("many",),
    }
    found = submit("find", entered, CATALOG, BERLIN)
    assert isinstance(found, Refused)
    assert found.text == "Please look at the marked fields."
    assert set(found.problems) == {"window", "where", "limit"}
    assert "After “region” I expect" in found.problems["where"]


def test_what_is_on_no_field_is_said_above_them() -> None:
    """A problem that belongs to no field of the form is the refusal's text."""
    found = submit("errors", {"model": ("lending",), "weather": ("fine",)}, CATALOG, BERLIN)
    assert isinstance(found, Refused)
    assert "no “weather”" in found.text
    assert found.problems == {}
