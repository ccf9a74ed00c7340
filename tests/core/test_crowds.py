"""Which groups are too small to be told, and what stands in their place."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from queries.core.crowds.sizes import Sizes, too_small
from queries.core.value import Cell

LEAST = 10
GROUPS = "abcde"
TABLES: st.SearchStrategy[list[dict[Cell, int]]] = st.lists(
    st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 40)), min_size=1, max_size=4
)


def together(table: Mapping[Cell, int], hidden: frozenset[Cell]) -> int:
    """Count the people of the groups that are counted together."""
    return sum(n for group, n in table.items() if group in hidden)


@given(TABLES)
def test_no_small_group_follows_from_a_table(tables: list[dict[Cell, int]]) -> None:
    """What is shown is large in every table, and what is counted together is several and large."""
    hidden = too_small(tables, LEAST, GROUPS)
    if hidden is None:
        return
    for table in tables:
        shown = [n for group, n in table.items() if group not in hidden]
        assert all(n == 0 or n >= LEAST for n in shown)
        assert together(table, hidden) == 0 or together(table, hidden) >= LEAST
    assert len(hidden) != 1


def test_large_groups_stay_as_they_are() -> None:
    """Nothing is hidden where every group is large."""
    assert too_small([{"a": 10, "b": 4000}], LEAST) == frozenset()


def test_one_small_group_takes_the_same_one_along_each_time() -> None:
    """Hidden with another in each answer, the small one would be the whole less both others."""
    order = ("a", "b", "c")
    here = too_small([{"a": 3, "b": 500, "c": 40}], LEAST, order)
    there = too_small([{"a": 3, "b": 40, "c": 500}], LEAST, order)
    assert here == there == frozenset({"a", "b"})


def test_nothing_is_left_to_hide_among() -> None:
    """Where too few are left in all, nothing can be told."""
    assert too_small([{"a": 3, "b": 4}], LEAST) is None
    assert too_small([{"a": 3}], LEAST) is None


def test_what_differs_little_from_before_is_hidden() -> None:
    """A group that is large now, and of which two came since the last answer, isn't told again."""
    now: Sizes = {"a": 100, "b": 100, "c": 100}
    since: Sizes = {"a": 2, "b": 30, "c": 30}
    assert too_small([now, since], LEAST, "abc") == frozenset({"a", "b"})
