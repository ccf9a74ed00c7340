"""What is written above a plot: which colour is what, and what a line at a value means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.charts.labels import flags
from bot.charts.page import Page
from bot.charts.scales import Frame
from bot.charts.style import MARGIN, SMALL, SPAN_INK, WIDTH, Lettering

KEY_HEIGHT, LIMIT_HEIGHT = 54.0, 50.0

_LETTERING = Lettering(SMALL)
_SAMPLE, _SPACE = 44.0, 14.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What is drawn in a colour, as an area or as a line."""

    words: str
    colour: str
    line: bool = False


def draw_key(page: Page, y: float, samples: Sequence[Sample]) -> None:
    """Write a sample of each and its words beside it, in one row with ``y`` its baseline."""
    left, middle = MARGIN, y - SMALL * 0.36
    room = (WIDTH - 2 * MARGIN) / max(1, len(samples)) - _SAMPLE - 5 * _SPACE
    for sample in samples:
        ends = (left, left + _SAMPLE)
        if sample.line:
            page.line(ends, (middle, middle), colour=sample.colour, width=5, order=5)
        else:
            page.box(ends, (middle - 14, middle + 14), colour=sample.colour, order=3)
        words = page.shorten(sample.words, room, _LETTERING)
        page.write(ends[1] + _SPACE, y, words, _LETTERING)
        left = ends[1] + page.width_of(words, _LETTERING) + 5 * _SPACE


def draw_limit(page: Page, frame: Frame, x: float, words: str, left: float = MARGIN) -> None:
    """Put up a dashed line at a value, with its words above the plot, from ``left`` at least."""
    lettering = Lettering(SMALL, SPAN_INK)
    words = page.shorten(words, WIDTH / 2, lettering)
    width = page.width_of(words, lettering) + 24
    for flag in flags([x], [width], left, WIDTH - MARGIN, 1):
        if flag:
            start = flag.left + (12 if flag.left >= x else 0)
            page.write(start, frame.top - 24, words, lettering, boxed=True)
    ends = (frame.top - LIMIT_HEIGHT + 4, frame.bottom)
    page.line((x, x), ends, colour=SPAN_INK, width=3.5, order=6, dashed=True)
