"""Which slices carry a change: planted ones are ranked first, even rises have none."""

from __future__ import annotations

import numpy as np
import pytest

from queries.measures.failures.carriers import carriers
from queries.measures.places.slice import SliceCounts
from tests.measures.simulations import SHARES, day_of_slices, sliced, slices_found


def test_planted_slice_is_in_the_top_three() -> None:
    """A slice of 5 % going from 10 to 15 % is in the top three of 30 in 27 of 30 runs."""
    assert slices_found(30) >= 0.9


def test_even_rise_has_no_carrier() -> None:
    """When every slice fails three times as often, none is said to carry it in 38 of 40 runs."""
    rng = np.random.default_rng(4)
    clean = 0
    for _ in range(40):
        past = [day_of_slices(rng, 0.05) for _ in range(2)]
        clean += not any(each.carries for each in carriers(sliced(day_of_slices(rng, 0.15), past)))
    assert clean >= 38


def incident() -> list[SliceCounts]:
    """EMEA fails ten times as often; channels share it evenly."""
    return [
        SliceCounts("region", "emea", (420, 3000), ((42, 3000),) * 4),
        SliceCounts("region", "apac", (60, 4310), ((60, 4300),) * 4),
        SliceCounts("region", "amer", (71, 5000), ((70, 5000),) * 4),
        SliceCounts("channel", "app", (280, 6200), ((87, 6200),) * 4),
        SliceCounts("channel", "web", (271, 6110), ((85, 6100),) * 4),
    ]


def test_one_region_carries_it() -> None:
    """The failing region carries nearly all extra failures; channels that contain it carry none."""
    found = carriers(incident())
    assert [(each.value, each.carries) for each in found[:1]] == [("emea", True)]
    emea = found[0]
    assert emea.share.value == pytest.approx(1.0, abs=0.02)
    assert emea.share.low is not None
    assert 0.8 < emea.share.low < 0.98
    assert emea.extra.value == pytest.approx(378)
    assert emea.traffic == pytest.approx(3000 / 12_310)
    assert emea.here.unusual is True
    assert emea.elsewhere.unusual is False
    assert [each.value for each in found if each.carries] == ["emea"]


def test_without_a_past_slices_are_compared_with_each_other() -> None:
    """A log without comparable weeks still says which slice fails more, and no share of extra."""
    now = [SliceCounts(each.dimension, each.value, each.now) for each in incident()]
    emea = carriers(now)[0]
    assert (emea.value, emea.carries) == ("emea", True)
    assert emea.share.value is None
    assert emea.apart.value == pytest.approx((420 / 3000) / (131 / 9310), rel=0.01)


@pytest.mark.parametrize(
    "slices",
    [
        [],
        [SliceCounts("region", "only", (5, 100), ((4, 100),) * 4)],
        [SliceCounts("region", v, (0, 0), ((0, 0),) * 4) for v in "ab"],
        [SliceCounts("region", v, (0, 10), ((0, 10),) * 4) for v in "ab"],
        [SliceCounts("region", v, (10, 10), ((0, 0),) * 4) for v in "ab"],
        [
            SliceCounts("region", "new", (50, 500), ((0, 0),) * 4),
            SliceCounts("region", None, (5, 500), ((5, 500),) * 4),
        ],
    ],
)
def test_edges(slices: list[SliceCounts]) -> None:
    """No slices, one slice, empty ones, ones that never fail and new ones don't crash."""
    found = carriers(slices)
    assert len(found) == len(slices)
    assert [each.value for each in found if each.carries] in ([], ["new"])


def test_dimensions_that_vary_by_themselves() -> None:
    """Slices that wander by 20 % from day to day carry something in at most 6 of 60 runs."""
    rng = np.random.default_rng(5)
    counts = (SHARES * 20_000).astype(int)
    carried = 0
    for _ in range(60):
        slices = []
        for dimension in range(3):
            wander = 0.2 if dimension == 0 else 0.0
            rates = np.clip(0.1 * (1 + wander * rng.standard_normal((5, 5))), 0.001, 1)
            hits = rng.binomial(counts, rates).tolist()
            pairs = [list(zip(row, counts.tolist(), strict=True)) for row in hits]
            slices += [
                SliceCounts(f"d{dimension}", v, pairs[4][v], tuple(pairs[i][v] for i in range(4)))
                for v in range(5)
            ]
        carried += any(each.carries for each in carriers(slices))
    assert carried <= 6
