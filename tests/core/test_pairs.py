"""What is held against what, as people type it."""

from __future__ import annotations

import pytest

from commands.understand import Ask, understand
from queries.core.errors import BadQuestion
from queries.core.grammar import parse
from queries.core.kinds.pair import Pair
from queries.core.kinds.pairs import Pairs
from queries.core.times.when import Window
from tests.core.catalogs import BERLIN, CATALOG


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("versions 2.3 to 2.2", Pair("version", "2.3", "2.2")),
        ("version 2.2 vs 2.3", Pair("version", "2.2", "2.3")),
        ("between version 2.3 and 2.2", Pair("version", "2.3", "2.2")),
        ("between 2.3 and 2.2", Pair("version", "2.3", "2.2")),
        ("2.3 to 2.2", Pair("version", "2.3", "2.2")),
        ('between "version 2.3 and 2.2"', Pair("version", "2.3", "2.2")),
        ("between version 9.1 and 9.0", Pair("version", "9.1", "9.0")),
        ("last 7 days region EMEA against apac", Pair("region", "emea", "apac")),
        ("emea to apac last 7 days", Pair("region", "emea", "apac")),
        ("region emea or amer where status >= 500", Pair("region", "emea", "amer")),
        ("", None),
    ],
)
def test_two_values_are_understood_as_typed(typed: str, meant: Pair | None) -> None:
    """Two values, with or without their column, in the order in which they are compared."""
    found = parse(f"compare lending {typed}", CATALOG, BERLIN)
    assert getattr(found, "between") == meant  # noqa: B009 - of a question known by name
    assert understand(str(found), CATALOG, BERLIN) == Ask(found, private=False)


def test_another_time_is_named() -> None:
    """The first time is the one asked about, the one after “against” the other."""
    found = parse("compare lending last 7 days against 2026-11-01..2026-11-05", CATALOG, BERLIN)
    assert (getattr(found, "window"), getattr(found, "against")) == (  # noqa: B009 - as above
        Window("last 7 days"),
        Window("2026-11-01..2026-11-05"),
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("between version 2.3 and 2.3", "can't be compared with itself"),
        ("between colour red and blue", "Values of “region” or “version” can be compared"),
        ("between 2.3", "doesn't say what to compare"),
        ("between version", "such as `versions 2.3 to 2.2`"),
        ("against whenever", "no time that I understand"),
    ],
)
def test_what_can_not_be_compared_is_said(typed: str, said: str) -> None:
    """A refusal says what is wrong and shows what would be right."""
    with pytest.raises(BadQuestion) as refused:
        parse(f"compare lending {typed}", CATALOG, BERLIN)
    assert said in str(refused.value)


def test_a_rollout_is_one_of_versions() -> None:
    """A rollout takes two versions, and no two regions."""
    assert Pairs("version").described() == "two versions, such as `versions 2.3 to 2.2`"
    with pytest.raises(BadQuestion):
        parse("rollout lending between region emea and apac", CATALOG, BERLIN)
