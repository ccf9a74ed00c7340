"""The look of every chart: sizes in 1,600ths of the picture's width, and colours on white."""

from __future__ import annotations

from dataclasses import dataclass

# A phone shows a picture about 360 pixels wide, so that 29 units are 6.5 pixels.
WIDTH = 1600.0
MARGIN = 44.0

TITLE, AXIS, LABEL, SMALL = 46.0, 31.0, 33.0, 29.0
LINE_HEIGHT = 1.24

INK, QUIET, GRID = "#1B1F24", "#57606A", "#D5D9DF"
BAND, BAND_INK = "#D9E2EE", "#4A6079"
SPAN, SPAN_INK = "#FDEBCF", "#7A4D00"
HATCH = "#C9CED6"

# Okabe and Ito's colour-blind-safe hues, darkened until text in each has a contrast of 4.5 on white
_VERMILION, _BLUE, _GREEN, _PURPLE, _AMBER, _SLATE = (
    "#BF4A00", "#0067A6", "#00755A", "#97498A", "#8A6100", "#30506E",
)  # fmt: skip
STRONG = (_VERMILION, _BLUE, _GREEN, _PURPLE, _AMBER, _SLATE)
CALM = (_BLUE, _VERMILION, _GREEN, _PURPLE, _AMBER, _SLATE)
# Greys of a hue each, so that receding lines can be told apart; all have a contrast of at least 4.8
# on white.
MUTED = ("#68727E", "#7F6F60", "#5A7469", "#786985")
BAR, BAR_STRONG = "#8FA1B5", _VERMILION


@dataclass(frozen=True, slots=True)
class Lettering:
    """How a text is set: the height of its letters' body in units, its colour and weight."""

    size: float = LABEL
    colour: str = INK
    bold: bool = False


HEADLINE = Lettering(TITLE, bold=True)
MEASURE = Lettering(AXIS, QUIET)
PLAIN = Lettering()
STRONG_LABEL = Lettering(bold=True)
CALM_LABEL = Lettering(colour=QUIET)
NOTE = Lettering(SMALL, QUIET)
