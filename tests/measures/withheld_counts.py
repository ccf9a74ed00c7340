"""Withheld counts against linear algebra: what can be solved for from the counts that are shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from queries.core.crowds.suppression import TOTAL, Entry, with_margins, withheld

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


def table(seed: int) -> dict[Entry, int]:
    """Draw a table of 2 to 5 rows and columns with small cells among large ones, with margins."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(2, 6, 2)
    sizes = rng.poisson(rng.choice([3, 12, 40, 200], (rows, columns)))
    cells: dict[Entry, int] = {
        (f"r{i}", f"c{j}"): int(sizes[i, j])
        for i in range(rows)
        for j in range(columns)
        if sizes[i, j]
    }
    return with_margins(cells)


def exposed(seed: int, *, sums_of_columns: bool = True) -> set[Entry]:
    """Give the small counts of a drawn table that are shown, or follow from those shown."""
    counts = table(seed)
    unseen = [] if sums_of_columns else [each for each in counts if each[0] == TOTAL != each[1]]
    hidden = withheld(counts, LEAST, unseen)
    # How many there are in all is told anyway.
    small = {each for each, n in counts.items() if n < LEAST and each != (TOTAL, TOTAL)}
    return (small - hidden) | (small & solvable(counts, hidden))


def tables_exposed(runs: int) -> float:
    """Give the share of drawn tables of which a small count is shown or can be solved for."""
    return sum(bool(exposed(seed)) for seed in range(runs)) / runs
