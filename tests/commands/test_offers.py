"""What is offered to people who ask in everyday words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.offers import offers
from commands.replies import Choice, Refused, Verb
from commands.understand import Ask, understand
from queries.core.catalog import Catalog
from queries.core.question import names
from tests.core.catalogs import BERLIN, CATALOG, COLUMNS, ROLES, card

MEANT = [
    ("why are loans failing in emea?", ["errors lending last 24 hours where region = emea"]),
    ("Is the lending model biased against women?", ["fairness lending last 30 days"]),
    ("what changed in employment since yesterday?", ["changes employment since yesterday"]),
    ("are all models ok", ["health last 24 hours"]),
    ("which region fails most in lending?", ["errors lending last 24 hours by region"]),
    ("is it slow in emea or apac today", ["latency lending today where region in emea, apac"]),
    ("errors in emea yesterday", ["errors lending yesterday where region = emea"]),
    ("performance of lending last week", ["performance lending last week"]),
    ("latency of all decisions in lending",
     ["latency lending last 24 hours", "outputs lending last 7 days"]),
    ("is lending fair by region", ["fairness lending last 30 days by region"]),
    ("gimme everything that changed 7-9 this morning in lending",
     ["health 7-9 this morning", "changes lending 7-9 this morning"]),
    ("did lending fail on black friday", ["errors lending last 24 hours"]),
    ("did lending fail over the weekend?", ["errors lending over the weekend"]),
    ("show me records with errors",
     ["find lending last 24 hours order newest limit 10", "errors lending last 24 hours"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), MEANT, ids=[text for text, _ in MEANT])
def test_everyday_words_are_answered_with_whole_questions(text: str, meant: list[str]) -> None:
    """A sentence gives the questions that its words mean, with the model and values it names."""
    found = understand(text, CATALOG, BERLIN)
    assert isinstance(found, Choice)
    texts = [each.action.value for each in found.buttons if each.action.verb is Verb.ASK]
    assert texts == meant
    assert all(isinstance(understand(each, CATALOG, BERLIN), Ask) for each in texts)
    assert "whole sentences" in found.text


def test_a_version_is_no_condition_where_versions_are_compared() -> None:
    """Whoever asks whether version 2.3 does better is not offered 2.3 alone."""
    lending = replace(
        CATALOG.sources["lending"], versions=("2.2", "2.3"), roles=ROLES | {"version"}
    )
    known = Catalog({"lending": lending})
    assert offers("can the rollout of 2.3 go on", known, BERLIN) == (
        "rollout lending last 30 days",
    )
    assert offers("does 2.3 fail", known, BERLIN)[0].endswith("where version = 2.3")


def test_a_short_word_is_no_value() -> None:
    """“in” isn't India: a word of two letters is a value only as the log writes it."""
    land = Catalog({"loans": card("loans", COLUMNS, {"region": ("IN", "US")})})
    assert offers("why do calls fail in us", land, BERLIN)[0] == "errors loans last 24 hours"
    assert offers("do calls fail IN", land, BERLIN)[0].endswith('where region = "IN"')


def test_a_value_that_two_models_log_names_neither() -> None:
    """Where a value could be of either model, none is taken to be meant by it."""
    both = Catalog({name: card(name, COLUMNS, {"region": ("emea",)}) for name in ("a1", "b1")})
    assert offers("what fails in emea of b1", both, BERLIN) == (
        "errors b1 last 24 hours where region = emea",
    )
    assert offers("what fails of nothing", Catalog({}), BERLIN) == ()


def test_a_model_without_what_a_question_needs_is_not_offered_for_it() -> None:
    """What the named model can't answer is not offered."""
    bare = replace(card("bare", COLUMNS, {}), roles=frozenset())
    known = Catalog({**CATALOG.sources, "bare": bare})
    assert offers("is the bare test won", known, BERLIN) == ()


def test_where_no_word_is_known_it_says_how_a_question_begins() -> None:
    """Words that lead nowhere get one example and the menu, never all the names."""
    found = understand("lorem ipsum", CATALOG, BERLIN)
    assert isinstance(found, Refused)
    assert "such as `errors lending last 24 hours`" in found.text
    assert sum(f"“{name}”" in found.text for name in names()) == 0
