"""Performance as a picture: by slice where the question is split, else over time."""

from __future__ import annotations

from queries.core import words
from queries.core.charts import Chart
from queries.wording.performance.charts import BARS, bars, over_time
from queries.wording.performance.told import Told


def chart(told: Told, title: str) -> Chart | None:
    """Draw slices where the question is split, else days, else chunks."""
    if told.by and told.report.parts:
        parts = [(words.value(part.value), part.metrics) for part in told.report.parts]
        by = told.by.replace("_", " ")
        return bars(told.report, told.metric, parts[:BARS], by, title)
    return over_time(told.report, told.metric, told.asked.reading.zone, told.behind, title)
