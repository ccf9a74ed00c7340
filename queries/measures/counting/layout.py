"""Several periods read in one pass: which spans to read, and where what is counted stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from queries.core.times.spans import Span

NEARLY = 0.95
"""Periods that fill so much of the time from first to last are read as one span."""


def to_read(spans: Sequence[Span]) -> Sequence[Span]:
    """Give the spans to read for some periods: one, where they follow on each other nearly.

    One is tested faster than many. A row between two periods belongs to none (``log.period``).
    """
    whole = Span(origin(spans), max(span.end for span in spans))
    filled = sum((span.end - span.start for span in spans), timedelta())
    return (whole,) if filled >= NEARLY * (whole.end - whole.start) else spans


def origin(spans: Sequence[Span]) -> datetime:
    """Give the moment that buckets are counted from."""
    return min(span.start for span in spans)


@dataclass(frozen=True)
class Layout:
    """Where counted rows, each with ``period`` and ``bucket``, stand among periods and buckets.

    What a longer past holds beyond the present's length (a clock change, a longer month) counts
    in the last bucket.
    """

    periods: npt.NDArray[np.int64]
    buckets: npt.NDArray[np.int64]
    shape: tuple[int, int]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, int]], spans: Sequence[Span], seconds: int) -> Layout:
        """Find the places of rows."""
        width = max(1, -int(-(spans[0].end - spans[0].start).total_seconds() // seconds))
        late = np.array([(span.start - origin(spans)).total_seconds() for span in spans])
        periods = np.array([row["period"] for row in rows], np.int64)
        starts = np.array([row["bucket"] for row in rows], float) * seconds
        offsets = ((starts - late[periods]) // seconds).astype(np.int64)
        return cls(periods, np.clip(offsets, 0, width - 1), (len(spans), width))

    def placed(self, counts: Sequence[float]) -> npt.NDArray[np.float64]:
        """Give the rows' counts by period and bucket."""
        values = np.zeros(self.shape)
        # Several rows may share the last bucket; adding by index would keep one of them.
        np.add.at(values, (self.periods, self.buckets), np.asarray(counts, float))
        return values
