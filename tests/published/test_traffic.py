"""NannyML's counts of the car loans by month, as `traffic … all` answers them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from tests.published.conftest import Rows


@pytest.mark.parametrize(
    ("source", "period"), [("car_loan_before", "reference"), ("car_loan", "analysis")]
)
def test_requests_by_month(
    source: str,
    period: str,
    answered: Callable[[str], Mapping[str, Rows]],
    published: Callable[..., Rows],
) -> None:
    """The requests of each hour add up to those published for each month, all 21 of them."""
    found: Counter[str] = Counter()
    for row in answered(f"traffic {source} all")["Every 60 minutes"]:
        found[row["time"][:7]] += row["requests"]
    rows = published("nannyml_car_loan", "stats_count", period)
    assert found == {row["chunk.key"]: int(row["rows_count.value"]) for row in rows}
    assert len(found) >= 10
