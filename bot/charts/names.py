"""Names beside the ends of lines, in place of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.charts.labels import spread
from bot.charts.page import Page
from bot.charts.scales import Frame
from bot.charts.style import NOTE, Lettering

_HEIGHT = 42.0
_SPACE = 30.0


@dataclass(frozen=True, slots=True)
class Name:
    """A name of one or two lines of text for what ends at ``x`` and ``y`` of the page."""

    lines: list[str]
    lettering: Lettering
    x: float
    y: float


def names_width(page: Page, names: Sequence[tuple[Sequence[str], Lettering]]) -> float:
    """How much room to the right of the plot the names take, and half a tick's label."""
    widths = [page.width_of(words, lettering) for lines, lettering in names for words in lines]
    return max(widths, default=0) + _SPACE + 10


def draw_names(page: Page, frame: Frame, names: Sequence[Name]) -> None:
    """Write the names beside the lines' ends, apart from each other; the strong ones for sure."""
    shown = _fitting([name for name in names if any(name.lines)], frame)
    heights = [len(name.lines) * _HEIGHT for name in shown]
    ends = (frame.top - 8, frame.bottom + _HEIGHT / 2)  # above stand the labels of marks
    places = spread([name.y for name in shown], heights, *ends)
    start = frame.right + _SPACE
    for name, height, y in zip(shown, heights, places, strict=True):
        # A name that had to move, or whose line ends early, is joined to it by a thin line.
        if abs(y - name.y) > 6 or frame.right - name.x > 6:
            across = (name.x + 8, start - 6)
            page.line(across, (name.y, y), colour=name.lettering.colour, width=2, order=3)
        for number, words in enumerate(name.lines):
            middle = y - height / 2 + (number + 0.5) * _HEIGHT
            page.write(start, middle + name.lettering.size * 0.36, words, name.lettering)


def _fitting(names: Sequence[Name], frame: Frame) -> list[Name]:
    """As many names as there is room for, and how many there are besides."""
    ranked = sorted(names, key=lambda name: (not name.lettering.bold, name.y))
    room = int((frame.bottom - frame.top) / _HEIGHT) + 1
    if sum(len(name.lines) for name in ranked) <= room:
        return ranked
    ends = accumulate(len(name.lines) for name in ranked)
    shown = [name for name, end in zip(ranked, ends, strict=True) if end < room]
    rest = [f"and {len(ranked) - len(shown)} more"]
    return [*shown, Name(rest, NOTE, frame.right, frame.bottom)]
