"""The one column of NannyML's ranking that is no input: the outcome, through the measures alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from queries.core.doors.rows import Dataset
from queries.measures.columns.numbers import numeric_drift, reference_bins
from queries.measures.counting.expressions import Sample
from queries.statistics.drift import nannyml_band
from tests.asking import NOW, asking
from tests.published.conftest import Rows


def test_alerts_of_the_outcome(
    published_data: Callable[[str], Path],
    sources: Mapping[str, Mapping[str, Any]],
    published: Callable[..., Rows],
) -> None:
    """Whether loans were repaid drifted beyond NannyML's band in as many chunks as published."""
    folder = published_data("nannyml_car_loan").parent
    ranking = published("nannyml_car_loan", "alert_count_ranking")
    (expected,) = [row["number_of_alerts"] for row in ranking if row["column_name"] == "repaid"]
    with asking({"car_loan": sources["car_loan"]}, folder) as house:
        log = house.services.logs(now=NOW, zone=ZoneInfo("UTC")).of("car_loan")
        reference = Sample(Dataset.REFERENCE)
        bins = reference_bins(log, ["outcome"], reference)
        before, now = (
            numeric_drift(log, bins, reference, sample, {"chunk": log.column("chunk")})
            for sample in (reference, Sample())
        )
    high = nannyml_band([each["outcome"].jensen_shannon or 0.0 for each in before.values()]).high
    assert high is not None
    alerts = sum((each["outcome"].jensen_shannon or 0.0) > high for each in now.values())
    assert alerts == int(expected)
