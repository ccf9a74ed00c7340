"""A white page on which text and shapes are put, in units from its top left corner."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from bot.charts.legible import MORE, font, legible
from bot.charts.style import HEADLINE, LINE_HEIGHT, MARGIN, MEASURE, PLAIN, WIDTH, Lettering
from queries.core.words import unbroken

_INCHES = 10.0
POINTS = 72 * _INCHES / WIDTH  # points in a unit
FRONT = 10


class Page:
    """A white page 1,600 units wide. Texts are literal: no mathematics, no markup."""

    def __init__(self, size: tuple[int, int]) -> None:
        # White and opaque, as nobody knows the reader's theme; and no pyplot, whose state all would
        # share.
        self._figure = Figure(dpi=size[0] / _INCHES, facecolor="white")
        self._canvas = FigureCanvasAgg(self._figure)
        self._pixels = size[0] / WIDTH
        self._widths: dict[tuple[str, float, bool], float] = {}
        self._axes = self._figure.add_axes((0, 0, 1, 1), autoscale_on=False)
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)
        self.height = WIDTH * size[1] / size[0]
        self.crop(self.height)

    def crop(self, height: float) -> None:
        """Make the page less high, but not higher; what is on it keeps its place from the top."""
        self.height = min(self.height, height)
        self._figure.set_size_inches(_INCHES, _INCHES * self.height / WIDTH)
        self._axes.set_ylim(self.height, 0)

    def width_of(self, words: str, lettering: Lettering) -> float:
        """How wide a text will be, in units. Wrapping asks again and again: measured once."""
        asked = (words, lettering.size, lettering.bold)
        if asked not in self._widths:
            self._widths[asked] = self._measured(words, lettering)
        return self._widths[asked]

    def _measured(self, words: str, lettering: Lettering) -> float:
        properties = font(lettering.bold).copy()
        properties.set_size(lettering.size * POINTS)
        renderer: Any = self._canvas.get_renderer()  # type: ignore[no-untyped-call]  # not typed there
        pixels: float = renderer.get_text_width_height_descent(words, properties, False)[0]
        return pixels / self._pixels

    def shorten(self, words: str, width: float, lettering: Lettering) -> str:
        """The text in one legible line, its middle left out where it is too wide."""
        # A value of a log may be of any length, and is measured again and again below.
        words = legible(words[:400])
        kept, short, wide = len(words), words, self.width_of(words, lettering)
        if wide > 2 * width:  # begin where it may be about twice too wide
            kept = max(2, int(2 * width / wide * kept))
        while kept > 1 and wide > width:
            kept -= max(1, kept // 12)
            tail = kept // 3
            short = words[: kept - tail].rstrip() + MORE + words[len(words) - tail :].lstrip()
            wide = self.width_of(short, lettering)
        return short

    def wrap(self, words: str, width: float, lettering: Lettering, most: int) -> list[str]:
        """The text in as few lines as hold it, of like length; at most ``most``, the rest cut."""
        lines = self._filled(words, width, lettering, most)
        while len(lines) > 1:
            width *= 0.97
            closer = self._filled(words, width, lettering, most)
            if len(closer) > len(lines) or " ".join(closer) != " ".join(lines):
                break
            lines = closer
        return lines

    def _filled(self, words: str, width: float, lettering: Lettering, most: int) -> list[str]:
        lines: list[str] = [""]
        for word in unbroken(legible(words[:1000])).split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if self.width_of(longer, lettering) <= width:
                lines[-1] = longer
            elif not lines[-1]:
                lines[-1] = self.shorten(word, width, lettering)
            elif len(lines) < most:
                lines.append(self.shorten(word, width, lettering))
            else:
                lines[-1] = self._cut(lines[-1], width, lettering)
                break
        return lines

    def _cut(self, line: str, width: float, lettering: Lettering) -> str:
        """As many whole words as leave room for the sign that there is more."""
        while self.width_of(f"{line} {MORE}", lettering) > width:
            line = line.rpartition(" ")[0] or line[:-1]
        return f"{line} {MORE}"

    def head(self, title: str, axis: str) -> float:
        """Write the finding as the title and what is measured below it; return the end's y."""
        y = MARGIN + HEADLINE.size * 0.8
        for line in self.wrap(title, WIDTH - 2 * MARGIN, HEADLINE, 3):
            self.write(MARGIN, y, line, HEADLINE)
            y += HEADLINE.size * LINE_HEIGHT
        self.write(MARGIN, y - 4, self.shorten(axis, WIDTH - 2 * MARGIN, MEASURE), MEASURE)
        return y + 14

    def write(
        self,
        x: float,
        y: float,
        words: str,
        lettering: Lettering = PLAIN,
        *,
        across: Literal["left", "center", "right"] = "left",
        boxed: bool = False,
    ) -> None:
        """Put one line of legible text in front of all else, ``y`` its baseline; white if boxed."""
        self._axes.text(
            x,
            y,
            words,
            fontproperties=font(lettering.bold),
            fontsize=lettering.size * POINTS,
            color=lettering.colour,
            ha=across,
            va="baseline",
            # Dollar signs in a value would be taken for mathematics.
            parse_math=False,
            zorder=FRONT,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 5 * POINTS} if boxed else None,
        )

    def line(
        self,
        x: Sequence[float],
        y: Sequence[float],
        *,
        colour: str,
        width: float,
        order: float,
        dashed: bool = False,
    ) -> None:
        """Draw a line through points; it is broken where a coordinate is NaN."""
        self._axes.add_line(
            Line2D(
                x,
                y,
                color=colour,
                lw=width * POINTS,
                ls=(0, (4, 3)) if dashed else "-",
                solid_capstyle="round",
                solid_joinstyle="round",
                zorder=order,
            )
        )

    def dot(self, x: float, y: float, *, colour: str, width: float, order: float) -> None:
        """Draw a filled circle."""
        self._axes.add_line(
            Line2D([x], [y], color=colour, marker="o", ms=width * POINTS, mew=0, zorder=order)
        )

    def box(
        self,
        x: tuple[float, float],
        y: tuple[float, float],
        *,
        colour: str,
        order: float,
        hatched: bool = False,
    ) -> None:
        """Fill, or hatch, a rectangle between two corners."""
        self._axes.add_patch(
            Rectangle(
                (x[0], y[0]),
                x[1] - x[0],
                y[1] - y[0],
                facecolor="none" if hatched else colour,
                edgecolor=colour if hatched else "none",
                hatch="//" if hatched else None,
                lw=0,
                zorder=order,
            )
        )

    def area(
        self, x: Sequence[float], low: Sequence[float], high: Sequence[float], *, colour: str
    ) -> None:
        """Fill the area between two lines, behind everything but spans."""
        self._axes.fill_between(x, low, high, color=colour, lw=0, zorder=1)

    def png(self) -> bytes:
        """The page as the bytes of a PNG."""
        picture = io.BytesIO()
        # Without matplotlib's version in it, so that another one can draw the same bytes.
        self._canvas.print_png(picture, metadata={"Software": None})  # type: ignore[no-untyped-call]
        return picture.getvalue()
