"""How rarely new values lie beyond all old ones: by hand, and by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from queries.statistics.exceedances import exceedance_p


def test_by_hand() -> None:
    """Of 1 old and 1 new value the new one is the larger half the time; two of them a third."""
    assert exceedance_p(1, 1, 0, 1) == pytest.approx(1.0)
    assert exceedance_p(1, 2, 0, 2) == pytest.approx(2 / 3)
    assert exceedance_p(9, 1, 1, 0) == pytest.approx(2 / 10)
    assert exceedance_p(100, 3, 3, 0) == pytest.approx(2 * 6 / (103 * 102 * 101))
    assert exceedance_p(0, 5, 5, 0) is None


@pytest.mark.parametrize(("before", "now"), [(50, 1000), (1000, 50), (400, 400)])
def test_it_alarms_no_more_often_than_it_says(before: int, now: int) -> None:
    """Of 4,000 unchanged pairs of samples, skewed or not, at most 5.7 % fall below p = 0.05."""
    rng = np.random.default_rng(11)
    for draw in (rng.normal, rng.exponential):
        false = 0
        for _ in range(2000):
            old, new = draw(size=before), draw(size=now)
            below, above = int((new < old.min()).sum()), int((new > old.max()).sum())
            p = exceedance_p(before, now, below, above)
            assert p is not None
            false += p <= 0.05
        assert false / 2000 <= 0.057
