"""Where it is worst, of all single slices and pairs: planted ones are named, chance is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from queries.core.value import Cell
from queries.measures.places.standings import Standing, standings, too_small
from queries.measures.places.subgroups import Subgroup, Subgroups
from queries.statistics.rates import exact_proportions
from tests.measures.simulations import falsely_worst, worst_found

Counts = dict[tuple[Cell, ...], tuple[int, int]]


def counted(
    single: dict[str, dict[Cell, tuple[int, int]]],
    pairs: dict[tuple[str, str], Counts] | None = None,
    past: tuple[int, int] | None = None,
) -> Subgroups:
    """Put counts of single slices and pairs together; a past is the same for all that have one."""
    first = next(iter(single.values()))
    total = (sum(k for k, _ in first.values()), sum(n for _, n in first.values()))
    before = (past,) if past else ()
    return Subgroups(
        Subgroup((), (), total, before),
        tuple(
            Subgroup((name,), (value,), counts, ((0, 0),) if value == "new" else before)
            for name, values in single.items()
            for value, counts in values.items()
        ),
        tuple(
            Subgroup(names, values, counts, ((0, 0),) if past else ())
            for names, cells in (pairs or {}).items()
            for values, counts in cells.items()
        ),
        (),
        0,
    )


def names(found: tuple[Standing, ...]) -> list[tuple[Cell, ...]]:
    """The values of the slices that stand out by themselves."""
    return [each.group.values for each in found if each.worst and each.through is None]


def test_a_planted_slice_is_in_the_top_three() -> None:
    """Of 405 slices, one of 5 % going from 10 to 15 % is in the top three in 18 of 20 runs."""
    assert worst_found(20) >= 0.9


def test_chance_alone_stands_out_rarely() -> None:
    """Of 405 slices of an even day any stands out in at most 1 of 20 runs."""
    assert falsely_worst(20) <= 0.05


def test_a_pair_is_named_where_neither_part_is_to_blame() -> None:
    """Where only one pair fails, it is named, and both of its parts stand out through it alone."""
    cells: Counts = {("emea", "app"): (300, 1000), ("emea", "web"): (10, 1000)}
    cells |= {("apac", "app"): (10, 1000), ("apac", "web"): (10, 1000)}
    single: dict[str, dict[Cell, tuple[int, int]]] = {
        "region": {"emea": (310, 2000), "apac": (20, 2000)},
        "channel": {"app": (310, 2000), "web": (20, 2000)},
    }
    found = standings(counted(single, {("region", "channel"): cells}), "higher", 0.005)
    assert names(found) == [("emea", "app")]
    through = {each.group.values: each.through for each in found if each.worst}
    assert {values for values, by in through.items() if by} == {("emea",), ("app",)}


def test_a_slice_within_a_slice_is_not_named_beside_it() -> None:
    """Cities of a region that fails everywhere alike are not named beside the region."""
    cities: Counts = {("emea", f"e{i}"): (100, 1000) for i in range(4)}
    cities |= {("apac", f"a{i}"): (10, 1000) for i in range(4)}
    single: dict[str, dict[Cell, tuple[int, int]]] = {
        "region": {"emea": (400, 4000), "apac": (40, 4000)},
        "city": {values[1]: counts for values, counts in cities.items()},
    }
    found = standings(counted(single, {("region", "city"): cities}), "higher", 0.005)
    assert names(found) == [("emea",)]
    assert len(found) == 10, "a city with its region is the city"


def test_lower_may_be_worse_and_must_matter() -> None:
    """Where right answers are counted the lowest is worst, and a small difference is none."""
    single: dict[str, dict[Cell, tuple[int, int]]] = {
        "region": {"emea": (80_000, 100_000), "apac": (90_000, 100_000), "amer": (91_000, 100_000)}
    }
    assert names(standings(counted(single), "lower", 0.02)) == [("emea",)]
    assert names(standings(counted(single), "lower", 0.2)) == []


def test_new_slices_come_after_those_with_a_past() -> None:
    """A slice that wasn't there before says less than one that was, however bad it looks."""
    cells: Counts = {("emea", "new"): (300, 1000), ("emea", "old"): (300, 2000)}
    cells |= {("apac", "old"): (30, 3000)}
    single: dict[str, dict[Cell, tuple[int, int]]] = {
        "region": {"emea": (600, 3000), "apac": (30, 3000)},
        "version": {"old": (330, 5000), "new": (300, 1000)},
    }
    found = standings(counted(single, {("region", "version"): cells}, (10, 900)), "higher", 0.005)
    assert names(found)[0] == ("emea",)
    assert next(each.new for each in found if each.worst) is False


def test_small_slices_are_counted_apart() -> None:
    """Slices with fewer than 30 requests are not judged; how many they are is known."""
    single: dict[str, dict[Cell, tuple[int, int]]] = {
        "region": {"emea": (29, 29), None: (1, 500), "apac": (1, 500)}
    }
    found = counted(single)
    assert too_small(found) == 1
    assert {each.group.values for each in standings(found, "higher", 0.005)} == {(None,), ("apac",)}


def test_nothing_to_compare() -> None:
    """No slices, or one alone, are ranked as nothing."""
    only: dict[str, dict[Cell, tuple[int, int]]] = {"region": {"emea": (5, 100)}}
    assert standings(counted(only), "higher", 0.005) == ()


def test_the_exact_test_is_fishers() -> None:
    """Doubled one-sided p values of the hypergeometric distribution, as scipy's one-sided test."""
    rng = np.random.default_rng(0)
    for k1, n1, k2, n2 in rng.integers((0, 40, 0, 40), (40, 90, 40, 900), (20, 4)).tolist():
        table = [[k1, n1 - k1], [k2, n2 - k2]]
        sides = [stats.fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
        (p,) = exact_proportions([(k1, n1)], [(k2, n2)])
        assert p == pytest.approx(min(1.0, 2 * min(sides)), rel=1e-9)
