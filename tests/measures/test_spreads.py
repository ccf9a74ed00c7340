"""How a number is spread: few bins, nothing lost, however far it moved or however thin its ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.measures.columns.numbers import reference_bins
from queries.measures.columns.profiles import numeric_profiles
from queries.measures.columns.spreads import Spread, spread
from queries.measures.counting.expressions import Sample
from tests.measures.conftest import write_parquet

EVEN = "i * 997 % 1000 / 1000.0"


def spread_of(
    folder: Path, open_log: Callable[[dict[str, Any]], Log], *sides: str
) -> Spread | None:
    """Spread 1,000 present values and 5,000 of a reference, each written as SQL over ``i``."""
    now, before = sides
    for name, sql, count in (("now", now, 1000), ("before", before, 5000)):
        write_parquet(f"SELECT {sql} AS x FROM range({count}) t(i)", folder / f"{name}.parquet")
    declared = {"files": "now.parquet", "undated": True, "roles": {"features": ["x"]}}
    log = open_log(declared | {"reference": {"files": "before.parquet"}})
    reference = Sample(Dataset.REFERENCE)
    bins = reference_bins(log, ["x"], reference)["x"]
    profile = numeric_profiles(log, ["x"])[()]["x"]
    assert profile.low is not None
    assert profile.high is not None
    return spread(log, "x", bins, Sample(), (profile.low, profile.high))


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (EVEN, EVEN),
        (f"{EVEN} + 2", EVEN),
        (f"{EVEN} - 3", EVEN),
        (f"{EVEN} * 1000", EVEN),
        (f"-1000 * {EVEN}", EVEN),
        (f"exp(8 * {EVEN})", f"exp(8 * {EVEN})"),
        ("7", EVEN),
        (EVEN, "7"),
        (f"7 + {EVEN}", "7"),
        ("i % 2", "i % 2"),
    ],
)
def test_nothing_is_lost(
    tmp_path: Path, open_log: Callable[[dict[str, Any]], Log], now: str, before: str
) -> None:
    """Both sides add up to 1 over at most 20 bins that ascend, whatever they hold."""
    found = spread_of(tmp_path, open_log, now, before)
    assert found is not None
    assert sum(found.now) == pytest.approx(1)
    assert sum(found.before) == pytest.approx(1)
    assert 1 <= len(found.now) == len(found.before) == len(found.edges) - 1 <= 20
    assert list(found.edges) == sorted(set(found.edges))


def test_alike_sides_look_alike_in_equal_bins(
    tmp_path: Path, open_log: Callable[[dict[str, Any]], Log]
) -> None:
    """Even values give even shares before and now, in bins of one width."""
    found = spread_of(tmp_path, open_log, EVEN, EVEN)
    assert found is not None
    assert found.now == pytest.approx(found.before, abs=0.01)
    width = found.edges[1] - found.edges[0]
    assert [high - low for low, high in zip(found.edges, found.edges[1:], strict=False)] == (
        pytest.approx([width] * len(found.now))
    )


def test_thin_ends_are_drawn_as_one(
    tmp_path: Path, open_log: Callable[[dict[str, Any]], Log]
) -> None:
    """A long tail that holds next to nothing doesn't take the room of the rest."""
    tailed = f"CASE WHEN i % 1000 = 0 THEN 900 ELSE {EVEN} END"
    found = spread_of(tmp_path, open_log, tailed, tailed)
    assert found is not None
    assert found.edges[-1] > 800
    assert len(found.now) <= 3


def test_one_number_alone_has_no_shape(
    tmp_path: Path, open_log: Callable[[dict[str, Any]], Log]
) -> None:
    """Where both sides hold the same number and no other, there is nothing to draw."""
    assert spread_of(tmp_path, open_log, "7", "7") is None


@pytest.mark.parametrize("now", [f"0.02 + 0.97 * ({EVEN})", f"({EVEN}) * ({EVEN})"])
def test_no_bin_of_probabilities_goes_beyond_0_or_1(
    tmp_path: Path, open_log: Callable[[dict[str, Any]], Log], now: str
) -> None:
    """Where all values lie within 0 to 1, so do all bins; else they go on as they are."""
    found = spread_of(tmp_path, open_log, now, f"0.05 + 0.94 * ({EVEN})")
    assert found is not None
    assert found.edges[0] >= 0
    assert found.edges[-1] <= 1
    assert sum(found.now) == pytest.approx(1)
    beyond = spread_of(tmp_path, open_log, f"1.3 * ({EVEN})", EVEN)
    assert beyond is not None
    assert beyond.edges[-1] > 1.25
