"""Several periods read in one pass: which spans to read, and where what is counted stands."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from queries.core.times.spans import Past, Span, turns_within

_UTC = ZoneInfo("UTC")
NEARLY = 0.95
"""Periods that fill so much of the time from first to last are read as one span."""


def to_read(spans: Sequence[Span]) -> Sequence[Span]:
    """Give the spans to read for some periods: one, where they follow on each other nearly.

    One is tested faster than many. A row between two periods belongs to none (``log.period``).
    """
    whole = Span(origin(spans), max(span.end for span in spans))
    filled = sum((span.end - span.start for span in spans), timedelta())
    return (whole,) if filled >= NEARLY * (whole.end - whole.start) else spans


def lasting(span: Span, present: Span) -> float:
    """How many seconds of a period are laid out: as many as of the present, where clocks change."""
    laid = present if isinstance(span, Past) else span
    return (laid.end - laid.start).total_seconds()


def origin(spans: Sequence[Span]) -> datetime:
    """Give the moment that buckets are counted from."""
    return min(span.start for span in spans)


@dataclass(frozen=True)
class Layout:
    """Where counted rows, each with ``period`` and ``bucket``, stand among periods and buckets.

    What a longer past holds beyond the present's length (a longer month) counts in the last
    bucket; where clocks change, a past stands by the clock of the present.
    """

    periods: npt.NDArray[np.int64]
    buckets: npt.NDArray[np.int64]
    shape: tuple[int, int]
    sources: Mapping[int, npt.NDArray[np.int64]]
    """By period whose clock runs apart: the bucket of it that stands at each place."""
    repeats: Sequence[tuple[int, int, int, int]]
    """Of hours that come twice in the log's zone: the period, the first and the one after the
    last bucket of the second, and so many buckets before lies the first."""

    @classmethod
    def of(
        cls,
        rows: Sequence[Mapping[str, int]],
        spans: Sequence[Span],
        seconds: int,
        zone: ZoneInfo = _UTC,
    ) -> Layout:
        """Find the places of rows. ``zone`` is that of the log's times."""
        width = max(1, -int(-(spans[0].end - spans[0].start).total_seconds() // seconds))
        late = np.array([(span.start - origin(spans)).total_seconds() for span in spans])
        periods = np.array([row["period"] for row in rows], np.int64)
        starts = np.array([row["bucket"] for row in rows], float) * seconds
        offsets = ((starts - late[periods]) // seconds).astype(np.int64)
        sources = {
            at: _by_clock(span, width, seconds)
            for at, span in enumerate(spans)
            if isinstance(span, Past)
        }
        last = np.full(len(spans), width - 1)
        for at, every in sources.items():
            last[at] = every.max()
        return cls(
            periods=periods,
            buckets=np.clip(offsets, 0, last[periods]),
            shape=(len(spans), width),
            sources=sources,
            repeats=[
                each for at, span in enumerate(spans) for each in _repeats(at, span, seconds, zone)
            ],
        )

    def placed(self, counts: Sequence[float]) -> npt.NDArray[np.float64]:
        """Give the rows' counts by period and bucket."""
        periods, width = self.shape
        wide = max([width, *(int(every.max()) + 1 for every in self.sources.values())])
        values = np.zeros((periods, wide))
        # Several rows may share the last bucket; adding by index would keep one of them.
        np.add.at(values, (self.periods, self.buckets), np.asarray(counts, float))
        for period, first, after, back in self.repeats:
            _share_out(values[period], first, min(after, wide), back)
        laid = values[:, :width].copy()
        for at, every in self.sources.items():
            laid[at] = values[at, every]
        return laid


def _by_clock(past: Past, width: int, seconds: int) -> npt.NDArray[np.int64]:
    """Find which bucket of a past stands at each place: that of the same clock time, if any."""
    at = np.arange(width)
    moved = at + np.array(past.shifts(width, seconds))
    held = math.ceil((past.end - past.start) / timedelta(seconds=seconds))
    return np.where((moved >= 0) & (moved < held), moved, at)


def _repeats(
    period: int, span: Span, seconds: int, zone: ZoneInfo
) -> Iterator[tuple[int, int, int, int]]:
    """Find the buckets that lie whole within the second of two equal hours."""
    for turned, by in turns_within(span, zone):
        if by < timedelta():
            begun = (turned - span.start) / timedelta(seconds=seconds)
            back = round(-by.total_seconds() / seconds)
            yield period, math.ceil(begun), math.floor(begun + back), back


def _share_out(values: npt.NDArray[np.float64], first: int, after: int, back: int) -> None:
    """Give the first of two equal hours half of what the second has, if it has nothing itself.

    Engines read times without a zone as those of the second.
    """
    earlier = slice(first - back, after - back)
    if first < back or first >= after or values[earlier].any():
        return
    half = values[first:after] // 2
    values[earlier] = half
    values[first:after] -= half
