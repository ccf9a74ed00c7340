"""What a typed text leads to: an ask, or the reply that helps its writer on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.form import AUDIENCE
from commands.replies import Action, Choice, Form, Note, Refused, Verb
from commands.understand import Ask, ListDigests, understand
from queries.core.catalog import Catalog
from queries.core.grammar import parse
from queries.core.question import names
from tests.core.catalogs import BERLIN, CATALOG, COLUMNS, PHRASES, REGIONS, card

LAST = "errors lending last 24 hours"


@pytest.mark.parametrize(
    ("text", "meant", "private"),
    [
        ("errors lending", LAST, False),
        ("  errors   lending  ", LAST, False),
        ("errors lending only me", LAST, True),
        ("errors lending by region, Only  Me", f"{LAST} by region", True),
        ("errors lending by region\nonly me", f"{LAST} by region", True),
        ('errors lending note="only me"', f'{LAST} where note = "only me"', False),
        ('errors lending note="a  b"', f'{LAST} where note = "a  b"', False),
        ("errors lending note=me", f"{LAST} where note = me", False),
    ],
)
def test_a_whole_question_is_asked(text: str, meant: str, private: bool) -> None:
    """A text that says all that is needed is asked; “only me” at its end keeps it to the asker."""
    assert understand(text, CATALOG, BERLIN) == Ask(parse(meant, CATALOG, BERLIN), private)


@pytest.mark.parametrize("text", ["", "   ", "only me"])
def test_nothing_opens_the_menu(text: str) -> None:
    """Without a word the question is what one would like to know."""
    found = understand(text, CATALOG, BERLIN)
    assert isinstance(found, Choice)
    assert found.text == "What would you like to know?"
    assert {button.action.verb for button in found.buttons} == {Verb.FORM}


@pytest.mark.parametrize("text", ["digests", "Digest", "list  digests"])
def test_digests_are_listed(text: str) -> None:
    """The word for what arrives by itself lists it."""
    assert understand(text, CATALOG, BERLIN) == ListDigests()


@pytest.mark.parametrize(
    ("text", "title"),
    [("help", "How to ask"), ("?", "How to ask"), ("--help", "How to ask"),
     ("help errors", "What fails?"), ("HELP  Errors", "What fails?"), ("help weather", "Help")],
)  # fmt: skip
def test_help_explains(text: str, title: str) -> None:
    """Help is given on everything, on one question, and on what to ask instead."""
    found = understand(text, CATALOG, BERLIN)
    assert isinstance(found, Note)
    assert found.title == title


MISSPELT = [
    ("eror lending by region", ["errors lending by region"]),
    ("errors lendig by region", ["errors lending by region"]),
    ("errors lending lst 24 hours", ["errors lending last 24 hours"]),
    ("errors model=lendig yesterday", ["errors model=lending yesterday"]),
    ("errors lending by regon", ["errors lending by region"]),
    ("errors lending by regon status=1", ["errors lending by region status=1"]),
    ("errors lending where regon = emea", ["errors lending where region = emea"]),
    ("errors lending regon=emea", ["errors lending region=emea"]),
    ("errors lending regon in emea,apac", None),
    ("errors lending status > 1 and nte = 'a b'", ["errors lending status > 1 and note = 'a b'"]),
    ("errors lending emae", ["errors lending emea"]),
    ("find lending order=newst", ["find lending order=newest"]),
    ("errors lending by", ["errors lending by region", "errors lending by version"]),
    ("r", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "offered"), MISSPELT, ids=[text for text, _ in MISSPELT])
def test_a_misspelling_is_answered_with_whole_texts(text: str, offered: list[str] | None) -> None:
    """A misspelt word is answered with buttons that ask the whole text put right."""
    found = understand(text, CATALOG, BERLIN)
    assert isinstance(found, Choice | Refused)
    texts = [each.action.value for each in found.buttons if each.action.verb is Verb.ASK]
    assert found.buttons[-1].action == Action(Verb.MENU)
    if offered is None:
        assert isinstance(found, Refused) or texts
        return
    assert isinstance(found, Choice)
    assert texts[: len(offered)] == offered
    assert all(isinstance(understand(each, CATALOG, BERLIN), Ask) for each in offered)
    assert all(len(button.label) <= 75 for button in found.buttons)


def test_a_correction_is_never_put_into_another_word() -> None:
    """Only the misspelt word is replaced, though its letters stand elsewhere too."""
    catalog = Catalog({"lending": card("lending", {"er": "text"}, {"er": (), "errors": ()})})
    found = understand("errors lending by ers where er = x", catalog, BERLIN)
    assert isinstance(found, Choice)
    assert found.buttons[0].action.value == "errors lending by er where er = x"


def test_a_missing_model_gives_the_form_filled_with_the_rest() -> None:
    """What was understood stands in the form; a field that was not filled yet is no mistake."""
    found = understand("errors yesterday region=emea only me", CATALOG, BERLIN)
    assert isinstance(found, Form)
    assert (found.verb, found.subject) == (Verb.ASK, "errors")
    fields = {field.name: field for field in found.fields}
    assert not [field for field in found.fields if field.problem]
    assert fields["window"].values == ("yesterday",)
    assert fields["where"].values == ("region = emea",)
    assert fields[AUDIENCE].values == ("me",)
    everyone = understand("errors yesterday", CATALOG, BERLIN)
    assert isinstance(everyone, Form)
    assert everyone.fields[-1].values == ("everyone",)


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("find lending limit 500", "limit", "“500” is no whole number from 1 to 100."),
        ("errors lending status=abc", "where", "“status” holds numbers; “abc” is none."),
        ("errors lending where xyzzy = 1", "where", "has no column “xyzzy”"),
        ("errors lending by xyzzy", "by", "can't be split by “xyzzy”"),
        ("errors window=whenever lending", "window", "is no time that I understand"),
    ],
)
def test_a_value_that_does_not_fit_is_marked_in_the_form(text: str, field: str, said: str) -> None:
    """Where nothing near is known, the form opens with the problem on its field."""
    found = understand(text, CATALOG, BERLIN)
    assert isinstance(found, Form)
    problems = {each.name: each.problem for each in found.fields if each.problem}
    assert list(problems) == [field]
    assert said in problems[field]


@pytest.mark.parametrize("text", ["errors lending xyzzy", "errors lending yesterday today", "🙂"])
def test_what_nobody_understands_is_refused_with_a_way_on(text: str) -> None:
    """A text that can't be mended is refused in words, with a button to the menu."""
    found = understand(text, CATALOG, BERLIN)
    assert isinstance(found, Refused)
    assert [button.action.verb for button in found.buttons] == [Verb.MENU]


_PIECES = st.sampled_from(
    (
        *names(), *CATALOG.sources, *COLUMNS, *PHRASES, *REGIONS, "by", "where", "and", "in", "is",
        "not", "missing", "=", "!=", ">=", "<", ",", "dim:by", '"', "“", "'", "\\", "only me",
        "limit", "order", "newest", "against", "usual", "500", "2.3", "..", "-", "9-11am", "since",
        "last", "yesterday",
    )
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=8), max_size=14).map(" ".join) | st.text())
def test_whatever_is_typed_is_understood_or_helped(text: str) -> None:
    """No text breaks the reading of it; what is asked can be asked again by its canonical text."""
    found = understand(text, CATALOG, BERLIN)
    if isinstance(found, Ask):
        again = understand(str(found.question), CATALOG, BERLIN)
        assert again == Ask(found.question, private=False)
    else:
        assert isinstance(found, Choice | Form | ListDigests | Note | Refused)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("errors lending by region fy26", ["errors lending by region 2026"]),
        (
            "errors lending 2 hours ago by region",
            ["errors lending since 2 hours ago by region", "errors lending last 2 hours by region"],
        ),
        ("errors lending 05/11/2026", ["errors lending 2026-11-05", "errors lending 2026-05-11"]),
        (
            "errors lending 9-5 yesterday",
            ["errors lending yesterday 9am-5pm", "errors lending yesterday 9pm-5am"],
        ),
        ("errors lending last few hours", ["errors lending last 3 hours"]),
        ("errors lending last fortnite", ["errors lending past fortnight"]),
    ],
)
def test_a_time_that_is_not_clear_gives_those_that_are(text: str, offered: list[str]) -> None:
    """A time that may be two, or is of no kind known here, is a press away from one that is."""
    found = understand(text, CATALOG, BERLIN)
    assert isinstance(found, Choice)
    texts = [each.action.value for each in found.buttons if each.action.verb is Verb.ASK]
    assert texts == offered
    assert all(isinstance(understand(each, CATALOG, BERLIN), Ask) for each in texts)
