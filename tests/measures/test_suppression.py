"""What is withheld can't be solved for, by linear algebra over what is shown."""

from __future__ import annotations

import pytest

from queries.core.crowds.suppression import (
    TOTAL,
    Entry,
    with_margins,
    withheld,
    withheld_groups,
)
from tests.measures.withheld_counts import LEAST, exposed, solvable


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("sums_of_columns", [True, False])
def test_no_small_count_can_be_solved_for(seed: int, sums_of_columns: bool) -> None:
    """In random tables with margins, no withheld count below the least follows from the rest."""
    assert not exposed(seed, sums_of_columns=sums_of_columns)


def test_the_algebra_sees_what_is_exposed() -> None:
    """A count withheld alone is found to be solvable, so that the tests above can fail."""
    counts = with_margins({(i, j): 20 + i + j for i in range(2) for j in range(2)})
    assert solvable(counts, {(0, 0)}) == {(0, 0)}


def test_tables_without_small_counts_are_shown_whole() -> None:
    """Where every count is large enough, nothing is withheld."""
    cells: dict[Entry, int] = {(i, j): 10 + i + j for i in range(3) for j in range(4)}
    assert withheld(with_margins(cells), LEAST) == frozenset()
    assert withheld_groups({"a": 10, "b": 400}, LEAST) == frozenset()


def test_not_more_is_withheld_than_a_small_count_needs() -> None:
    """One small cell of a large table takes three others with it, and no margin."""
    cells: dict[Entry, int] = {(i, j): 100 + 10 * i + j for i in range(4) for j in range(4)}
    hidden = withheld(with_margins(cells | {(1, 1): 4}), LEAST)
    assert len(hidden) == 4
    assert not any(TOTAL in entry for entry in hidden)


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ({"a": 5, "b": 300}, "ab"),
        ({"a": 5, "b": 300, "c": 400}, "ab"),
        ({"a": 2, "b": 3, "c": 12, "d": 400}, "abc"),
        ({"a": 6, "b": 7, "c": 12}, "ab"),
        ({"a": 0, "b": 12, "c": 12}, ""),
    ],
)
def test_a_small_group_takes_the_next_larger_along(sizes: dict[str, int], kept: str) -> None:
    """As all rows are known, at least two groups are withheld, together no small group."""
    assert withheld_groups(dict(sizes), LEAST) == frozenset(kept)
