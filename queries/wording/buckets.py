"""How wide the buckets of a picture over time are: few enough to be seen apart."""

from __future__ import annotations

import math

from queries.measures.counting.over_time import OverTime

POINTS = 48
"""The most buckets that a picture shows."""


def chart_seconds(timeline: OverTime) -> int:
    """How wide a picture's buckets are: a multiple of the timeline's, at most 48 of them."""
    return int(timeline.seconds * math.ceil(timeline.hits.shape[1] / POINTS))
