"""Where an axis has its ticks, and how its values are written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.ticker import MaxNLocator

from queries.core.value import ColumnType

_LARGEST = 1e100  # beyond it, and below its inverse, arithmetic could leave the floating range
SPACE = "\u00a0"  # keeps a number and its unit on one line


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the plot lies on the page and what its edges mean: ``x`` and ``y`` are its axes."""

    left: float
    top: float
    right: float
    bottom: float
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, value: float) -> float:
        """The page's x of a value on the horizontal axis."""
        low, high = self.x
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def down(self, value: float) -> float:
        """The page's y of a value on the vertical axis."""
        low, high = self.y
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)


def drawable(value: float | None) -> float:
    """The value, or NaN (which is drawn as a gap) where there is none that can be drawn."""
    if value is None or not abs(value) < _LARGEST:
        return math.nan
    return float(value) if abs(value) > 1 / _LARGEST else 0.0


def limits(values: Iterable[float], unit: ColumnType) -> tuple[float, float]:
    """The ends of a value axis: from zero where the values come near it, with some headroom.

    A share's axis does not pass 100 % by more than the headroom of a line's width.
    """
    seen = [value for value in values if math.isfinite(value)]
    if not seen:
        return 0.0, 1.0
    low, high = min(seen), max(seen)
    if low >= 0 and low <= 0.6 * high:
        low = 0.0
    if high <= 0 and high >= 0.6 * low:
        high = 0.0
    if high == low:
        high, low = (1.0, 0.0) if high == 0 else (max(0.0, high), min(0.0, low))
    room = (high - low) * 0.08
    low, high = (low if low == 0 else low - room), (high if high == 0 else high + room)
    if unit == "share" and max(seen) <= 1 < high:
        high = max(1.0, max(seen) + room / 4)
    return low, high


def ticks(low: float, high: float, unit: ColumnType, most: int = 5) -> list[float]:
    """Round values between the ends, at most ``most`` + 1 of them; whole ones for counts."""
    locator = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10], integer=unit == "integer")
    # Ticks are multiples of a step and off in their last digits: zero may come as 1e-17.
    slack = (high - low) * 1e-9
    found = (float(tick) for tick in locator.tick_values(low, high))
    return [
        0.0 if abs(tick) < slack else tick for tick in found if low - slack <= tick <= high + slack
    ]


def tick_labels(values: Sequence[float], unit: ColumnType) -> list[str]:
    """The ticks in words, all in one unit and with as many decimals as their step needs."""
    if not values:
        return []
    largest = max(abs(value) for value in values)
    factor, suffix = _scale(largest, unit)
    scaled = [value * factor for value in values]
    # A double is sure of 15 digits.
    if largest * factor >= 1e15:
        return [f"{value:.1e}" for value in values]
    step = min((b - a for a, b in pairwise(scaled)), default=1.0)
    places = _places(step)
    return [signed(f"{value:,.{places}f}") + suffix for value in scaled]


def edge_labels(edges: Sequence[float], unit: ColumnType) -> list[str]:
    """The edges of bins in words: as many decimals as tell each from the next, all alike.

    Rounding moves no edge by more than a twentieth of the narrower bin beside it. NaN gives an
    empty text: a bin may be open.
    """
    known = [edge for edge in edges if math.isfinite(edge)]
    largest = max(map(abs, known), default=0.0)
    factor, suffix = _scale(largest, unit)
    if largest * factor >= 1e15:
        return [signed(f"{edge:.1e}") if math.isfinite(edge) else "" for edge in edges]
    gaps = [(b - a) * factor for a, b in pairwise(known) if b > a]
    if not gaps:
        return written(edges, unit)
    slack = [min(sides) / 20 for sides in zip([*gaps[:1], *gaps], [*gaps, *gaps[-1:]], strict=True)]
    scaled = [edge * factor for edge in sorted(set(known))]
    places = next((n for n in range(9) if _near(scaled, slack, n)), 9)
    return [
        signed(f"{edge * factor:,.{places}f}") + suffix if math.isfinite(edge) else ""
        for edge in edges
    ]


def _near(values: Sequence[float], slack: Sequence[float], places: int) -> bool:
    return all(
        abs(round(value, places) - value) <= most
        for value, most in zip(values, slack, strict=False)
    )


def written(values: Sequence[float], unit: ColumnType) -> list[str]:
    """Values to be compared, in words: ``14.0 %``, ``250 ms``, ``1,204``, ``0.41``.

    All have the decimals that give the largest two digits; one that would read as zero and is
    not is written as below the smallest step: ``<0.01``. NaN gives an empty text.
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    factor, suffix = _scale(largest, unit)
    if largest * factor >= 1e15:
        return [signed(f"{value:.1e}") if math.isfinite(value) else "" for value in values]
    digits = 1 - math.floor(math.log10(largest * factor)) if largest else 0
    places = 0 if unit == "integer" and not suffix else min(9, max(int(unit == "share"), digits))
    return [_rounded(value * factor, places, suffix) for value in values]


def _rounded(value: float, places: int, suffix: str) -> str:
    if math.isnan(value):
        return ""
    smallest = 10.0**-places
    if 0 < abs(value) < smallest / 2:
        return f"{'<' if value > 0 else '>−'}{smallest:.{places}f}{suffix}"
    return signed(f"{value:,.{places}f}") + suffix


def signed(digits: str) -> str:
    """The number with a minus sign in place of a hyphen, and none before a zero."""
    if digits.startswith("-"):
        return digits[1:] if not digits.strip("-0.,") else "−" + digits[1:]
    return digits


def _places(step: float) -> int:
    for places in range(12):
        if abs(round(step, places) - step) < 1e-6 * abs(step):
            return places
    return 12


def _scale(largest: float, unit: ColumnType) -> tuple[float, str]:
    if unit == "share":
        return 100.0, f"{SPACE}%"
    if unit == "points":
        return 1.0, f"{SPACE}points"
    if unit == "milliseconds":
        # All of an axis in one unit: seconds only where milliseconds would have five digits.
        return (1e-3, f"{SPACE}s") if largest >= 10_000 else (1.0, f"{SPACE}ms")
    for size, suffix in ((1e9, "bn"), (1e6, "M")):
        if size <= largest < 1e15:
            return 1 / size, f"{SPACE}{suffix}"
    return 1.0, ""
