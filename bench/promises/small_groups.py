"""What is promised to small groups of people."""

from __future__ import annotations

from bench.promise import Goal, Promise
from tests.measures.withheld_counts import tables_exposed

ALARMS = (
    Promise(
        "In a table of 2 to 5 groups by 2 to 5 others with its margins, the count of a group of "
        "fewer than 10 is shown, or can be solved for from the counts that are (linear algebra).",
        2000,
        tables_exposed,
        Goal(high=0.0),
    ),
)
