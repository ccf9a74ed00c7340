"""What people type: the canonical text that it means, or the words that help them on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queries.core.catalog import Catalog
from queries.core.errors import BadQuestion
from queries.core.grammar import example, examples, parse
from queries.core.question import names, parameters, question
from tests.core.catalogs import BERLIN, CATALOG, COLUMNS, REGIONS, card

LAST = "errors lending last 24 hours"

UNDERSTOOD = [
    ("errors lending", LAST),
    ("ERRORS Lending", LAST),
    ("errors lending last 24 hours", LAST),
    ("errors last 24 hours lending", LAST),
    ("errors model=lending window=yesterday", "errors lending yesterday"),
    ("errors model = lending window = last 7 days", "errors lending last 7 days"),
    ("errors lending yesterday 9-11am", "errors lending yesterday 9-11am"),
    ("errors lending since Monday", "errors lending since monday"),
    ("errors lending 2026-11-01..2026-11-05", "errors lending 2026-11-01..2026-11-05"),
    ("errors lending over the weekend", "errors lending over the weekend"),
    ("errors lending yesterday 9:00 – 11:00", "errors lending yesterday 9:00 - 11:00"),
    ("errors lending November 5, 2026, by region", "errors lending november 5 2026 by region"),
    (
        "errors lending between 9 and 11 this morning",
        "errors lending between 9 and 11 this morning",
    ),
    ("latency lending over the weekend", "latency lending over the weekend"),
    ("latency lending last night over 500ms", "latency lending last night over 500ms"),
    ("errors lending Q3 2026 by region", "errors lending q3 2026 by region"),
    ("errors lending by region", f"{LAST} by region"),
    ("errors by region lending", f"{LAST} by region"),
    ("errors lending BY Region", f"{LAST} by region"),
    ("errors lending region", f"{LAST} by region"),
    ("errors lending by=region", f"{LAST} by region"),
    ("errors lending, by region, yesterday", "errors lending yesterday by region"),
    ("errors lending region=emea", f"{LAST} where region = emea"),
    ("errors lending region = EMEA", f"{LAST} where region = emea"),
    ("errors lending region = mars", f"{LAST} where region = mars"),
    ("errors lending emea", f"{LAST} where region = emea"),
    ("errors lending 2.3", f"{LAST} where version = 2.3"),
    ("errors lending region in emea, apac", f"{LAST} where region in emea, apac"),
    ("errors lending emea, apac", f"{LAST} where region in emea, apac"),
    ("errors lending region=emea region=apac", f"{LAST} where region in emea, apac"),
    ("errors lending region=emea region=emea", f"{LAST} where region = emea"),
    (
        "errors lending where region in emea, apac and status >= 500",
        f"{LAST} where region in emea, apac and status >= 500",
    ),
    ("errors lending where region in emea", f"{LAST} where region = emea"),
    ("errors lending where region = emea, apac", f"{LAST} where region in emea, apac"),
    ("errors lending where region is emea", f"{LAST} where region = emea"),
    ("errors lending where region is not emea", f"{LAST} where region != emea"),
    ("errors lending where region not in emea, apac", f"{LAST} where region not in emea, apac"),
    ("errors lending where region != emea, apac", f"{LAST} where region not in emea, apac"),
    ("errors lending where note is empty", f"{LAST} where note is missing"),
    ("errors lending where note is present", f"{LAST} where note is present"),
    ("errors lending status>=500", f"{LAST} where status >= 500"),
    ("errors lending where failed = yes", f"{LAST} where failed = yes"),
    ("errors lending dim:by=x", f'{LAST} where "by" = x'),
    ("errors lending where dim:by in x, y", f'{LAST} where "by" in x, y'),
    ("errors lending where by = x", f'{LAST} where "by" = x'),
    ('errors lending note="two words"', f'{LAST} where note = "two words"'),
    ("errors lending note=“two words”", f'{LAST} where note = "two words"'),
    ("errors lending note=„two words“", f'{LAST} where note = "two words"'),
    ('errors lending note="two words”', f'{LAST} where note = "two words"'),
    ("errors lending note='two words'", f'{LAST} where note = "two words"'),
    ("errors lending note=‘two words’", f'{LAST} where note = "two words"'),
    ("errors lending note=don't", f"{LAST} where note = don't"),
    ('errors lending note="two  spaces"', f'{LAST} where note = "two  spaces"'),
    ('errors lending note="and"', f'{LAST} where note = "and"'),
    ('errors lending note=""', f'{LAST} where note = ""'),
    (r'errors lending note="say \"hi\""', rf'{LAST} where note = "say \"hi\""'),
    ('errors lending note="never closed', f'{LAST} where note = "never closed"'),
    ("errors\u00a0lending\nlast  24\thours", LAST),
    ("errors order by limit", "errors order last 24 hours by limit"),
    ("errors ages last week", "errors ages all"),
    ("find lending slowest limit 20", "find lending last 24 hours order slowest limit 20"),
    (
        'errors lending note="\'; drop table log; --"',
        f'{LAST} where note = "\'; drop table log; --"',
    ),
    ("find lending order region", "find lending last 24 hours order region limit 10"),
    ("find lending order -Status", "find lending last 24 hours order status desc limit 10"),
    ("find lending order=status desc", "find lending last 24 hours order status desc limit 10"),
    ("find lending order status highest", "find lending last 24 hours order status desc limit 10"),
    ("find lending order status asc", "find lending last 24 hours order status limit 10"),
    ("find lending order time desc", "find lending last 24 hours order newest limit 10"),
    ("find lending order NEWEST", "find lending last 24 hours order newest limit 10"),
    ("errors lending note contains time", f"{LAST} where note contains time"),
    (
        'errors lending where note contains "a b", c and status > 1',
        f'{LAST} where note contains "a b", c and status > 1',
    ),
    ('errors lending note = "contains"', f'{LAST} where note = "contains"'),
    ("errors lending region=emea and region=EMEA", f"{LAST} where region = emea"),
    ("errors lending region=emea region=apac", f"{LAST} where region in emea, apac"),
    ("find order order oldest", "find order last 24 hours order oldest limit 10"),
]


@pytest.mark.parametrize(("text", "meant"), UNDERSTOOD, ids=[text for text, _ in UNDERSTOOD])
def test_what_is_typed_means_a_canonical_text(text: str, meant: str) -> None:
    """A text as people type it means one canonical text, which means itself."""
    assert str(parse(text, CATALOG, BERLIN)) == meant
    assert str(parse(meant, CATALOG, BERLIN)) == meant


def test_a_model_called_as_a_time_is_named_first() -> None:
    """Its name is written as it is and read back as the model, and what follows as the time."""
    catalog = Catalog({"may": card("may", COLUMNS, {})})
    asked = parse("errors model=may window=may", catalog, BERLIN)
    assert str(asked) == "errors may may"
    assert parse("errors may may", catalog, BERLIN) == asked


REFUSED = [
    ("eror lending", "no question “eror”. Did you mean “errors”", ("errors lending",)),
    ("forecast", "such as `errors lending last 24 hours`", ()),
    ("errors lendig", "“lendig”. Did you mean “lending”", ("errors lending",)),
    ("errors lendig yesterday", "“lendig”", ("errors lending yesterday",)),
    ("errors lending lst 24 hours", "“lst”", (LAST,)),
    ("errors lending ema", "“ema”", ("errors lending emea",)),
    ("errors lending “emae”", "“emae”", ("errors lending emea",)),
    ("errors lending xyzzy", "don't understand “xyzzy”", ()),
    ("errors lending last", "don't understand “last” there. Try `errors", ()),
    (
        "errors lending last fortnite by region",
        "“last fortnite” is no time",
        ("errors lending past fortnight by region",),
    ),
    ("errors lending yesterday lunch hour", "don't understand “hour” there", ()),
    ("errors lending fy26", "Nobody has declared when a fiscal year begins. Try: 2026.", ()),
    ("errors lending by", "“by” needs a value", ("errors lending by region",)),
    ("errors lending by=", "“by” needs a value", ("errors lending by= region",)),
    ("find lending limit", "“limit” needs a value: a whole number from 1 to 100", ()),
    ("find lending order", "newest", ("find lending order newest",)),
    ("errors model", "“model” needs a value", ("errors model lending",)),
    ("errors lending yesterday today", "both “yesterday” and “today”", ()),
    ("errors lending employment", "both “lending” and “employment”", ()),
    ("errors lending model=employment", "both “lending” and “employment”", ()),
    ("errors lending by region, version", "both “region” and “version”", ()),
    ("errors lending where", "A condition starts with a column", ()),
    ("errors lending where region", "After “region” I expect", ()),
    ("errors lending where region emea", "After “region” I expect", ()),
    ("errors lending where region =", "“region =” needs a value", ()),
    ("errors lending where region in", "“region in” needs a value", ()),
    ("errors lending where = emea", "A condition starts with a column", ()),
    ("errors lending where status >= 500 and", "A condition starts with a column", ()),
    ("errors lending status==500", "“status =” needs a value", ()),
    ("errors", "Which model? Please choose one.", ()),
    ("errors model=lendig", "There is no model “lendig”. Did you mean “lending”?", ()),
    ("errors lending by regon", "can't be split by “regon”. It can be split by “region” or", ()),
    ("errors lending regon=emea", "has no column “regon”. Did you mean “region”?", ()),
    ("errors lending where status = abc", "“status” holds numbers; “abc” is none.", ()),
    ("errors lending where failed = maybe", "“failed” holds yes or no; “maybe” is none.", ()),
    ("errors lending where time > noon", "“time” holds times; “noon” is none.", ()),
    ("errors lending where region > emea", "holds text, which can't be compared with >", ()),
    ("errors lending window=whenever", "“whenever” is no time that I understand. Try: last", ()),
    ("find lending limit 0", "“0” is no whole number from 1 to 100", ()),
    ("find lending limit 101", "“101” is no whole number from 1 to 100", ()),
    ("find lending limit ten", "“ten” is no whole number from 1 to 100", ()),
    ("find lending order=slow", "has no column “slow” to order by", ()),
    ("find lending where status contains 5", "“status” holds numbers, so that it contains", ()),
    ("find lending where note contains", "“note contains” needs a value", ()),
    (
        "errors lending where region = emea and region = apac",
        "has both “region = emea” and “region = apac”. Did you mean “region in emea, apac”",
        ("errors lending where region in emea, apac",),
    ),
    (
        "errors lending region=emea yesterday and region=apac only",
        "No request has both",
        ("errors lending region in emea, apac yesterday only",),
    ),
    (
        "errors lending where region in emea, apac and status > 1 and region = emea",
        "You gave values of “region” twice. Did you mean “region = emea”",
        ("errors lending where region = emea and status > 1",),
    ),
    ("", "What would you like to know?", ()),
    (" \n ", "What would you like to know?", ()),
    (",", "no question “,”", ()),
    ("= 3", "no question “=”", ()),
    ('"', "no question “”", ()),
]


@pytest.mark.parametrize(("text", "said", "corrected"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_not_understood_is_answered_in_words(
    text: str, said: str, corrected: tuple[str, ...]
) -> None:
    """A text that is no question says what is wrong, and the nearest whole texts that are."""
    with pytest.raises(BadQuestion) as refused:
        parse(text, CATALOG, BERLIN)
    problem = refused.value.problems[0]
    assert said in problem.message
    assert problem.corrected[: len(corrected)] == corrected
    if not corrected:
        assert not problem.corrected


_LONG = [
    "x" * 5_000,
    "errors " + "y" * 4_990,
    "errors lending " + "9" * 4_985,
    "errors lending " + "today " * 830,
    "errors lending " + "last " * 990,
    "errors lending by " + "z" * 4_980,
    "errors lending note=" + '"' * 4_979,
    "errors lending where " + "not " * 1_240,
    "errors lending " + "t" * 4_984 + "1",
    "errors lending " + "a.." * 1_661,
    "errors lending status=" + "1" * 4_978 + "x",
    "find lending limit " + "9" * 4_981,
    "errors lending " + "= " * 2_490,
    "errors lending " + "\\" * 4_985,
]


@pytest.mark.parametrize("text", _LONG, ids=[text[:24] for text in _LONG])
def test_a_very_long_mistake_is_answered_shortly(text: str) -> None:
    """Five thousand characters of nonsense are refused in a few words."""
    with pytest.raises(BadQuestion) as refused:
        parse(text, CATALOG, BERLIN)
    assert all(len(problem.message) < 400 for problem in refused.value.problems)


def test_a_very_long_question_is_a_question() -> None:
    """Five thousand characters that say something are read to the end."""
    text = "errors lending " + ", ".join(REGIONS * 280)
    assert str(parse(text, CATALOG, BERLIN)) == f"{LAST} where region in emea, amer, apac"


@pytest.mark.parametrize(
    "text",
    [
        "errors lending `rm -rf /`",
        "errors lending <!channel>",
        "errors lending $(reboot)",
        "errors lending {model}",
        "errors lending %s %d",
        "errors lending \x00\x1b[31m",
        "errors lending \u202eevil",
        "errors lending ' OR 1=1 --",
        "errors lending 9999-12-31T23:59-14:00..now",
        "errors lending since 0001-01-01",
        "find lending limit ²",
        "find lending limit -1",
    ],
)
def test_hostile_text_is_only_text(text: str) -> None:
    """What is typed to do harm is refused in words like any other mistake."""
    with pytest.raises(BadQuestion):
        parse(text, CATALOG, BERLIN)


def test_a_log_that_was_not_read_yet_takes_any_column() -> None:
    """Of a source whose log could not be looked at, names are let through for the log to judge."""
    unread = Catalog({"lending": card("lending", {}, {"region": ()})})
    text = "errors lending last 24 hours by sex where channel = web"
    assert str(parse(text, unread, BERLIN)) == text


def test_names_that_differ_in_case_alone_stay_apart() -> None:
    """Where two sources differ in case alone, each is read with its own columns."""
    upper = card("Loans", {"a": "text"}, {"a": ("x",)})
    lower = card("loans", {"b": "text"}, {"b": ("y",)})
    catalog = Catalog({"Loans": upper, "loans": lower})
    assert str(parse("errors Loans x", catalog, BERLIN)) == "errors Loans last 24 hours where a = x"
    assert str(parse("errors loans y", catalog, BERLIN)) == "errors loans last 24 hours where b = y"


@pytest.mark.parametrize("name", names())
def test_examples_name_a_model_that_suits(name: str) -> None:
    """A question's examples name the model that logs most, and can be asked as they are."""
    asked = question(name)
    bare = replace(card("bare", COLUMNS, {}), roles=frozenset({"time"}))
    rich = replace(card("rich", COLUMNS, {}), roles=frozenset({"time", "entity_id", *asked.needs}))
    catalog = Catalog({"bare": bare, "rich": rich})
    about_one = "model" in {each.name for each in parameters(asked)}
    for text in examples(asked, catalog):
        found = parse(text.replace("request_id", "note"), catalog, BERLIN)
        assert found.name == name
        if about_one or {"rich", "bare"} & set(text.split()):
            assert " rich " in f"{found} "
    first = asked.examples[0].format(model="MODEL")
    assert example(asked, Catalog({})) == first
