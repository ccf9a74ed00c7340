"""What is withheld can't be solved for, by linear algebra over what is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pytest

from queries.measures.suppression import TOTAL, Entry, with_margins, withheld, withheld_groups

LEAST = 10


def solvable(counts: Mapping[Entry, int], hidden: Collection[Entry]) -> set[Entry]:
    """The withheld entries that follow from those shown, every cell and sum unknown at first."""
    cells = [entry for entry in counts if TOTAL not in entry]

    def row(entry: Entry) -> list[float]:
        return [
            float(entry[0] in (TOTAL, cell[0]) and entry[1] in (TOTAL, cell[1])) for cell in cells
        ]

    shown = np.array([row(entry) for entry in counts if entry not in hidden])
    rank = np.linalg.matrix_rank(shown)
    return {
        entry for entry in hidden if np.linalg.matrix_rank(np.vstack([shown, row(entry)])) == rank
    }


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("unseen_columns", [False, True])
def test_no_small_count_can_be_solved_for(seed: int, unseen_columns: bool) -> None:
    """In random tables with margins, no withheld count below the least follows from the rest."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(2, 6, 2)
    sizes = rng.poisson(rng.choice([3, 12, 40, 200], (rows, columns)))
    cells = {(f"r{i}", f"c{j}"): int(sizes[i, j]) for i in range(rows) for j in range(columns)}
    counts = with_margins({entry: n for entry, n in cells.items() if n})
    unseen = [entry for entry in counts if entry[0] == TOTAL != entry[1]] if unseen_columns else []
    hidden = withheld(counts, LEAST, unseen)
    small = {entry for entry, n in counts.items() if n < LEAST and entry != (TOTAL, TOTAL)}
    assert small <= hidden
    assert not small & solvable(counts, hidden)


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
