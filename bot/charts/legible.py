"""Text made fit to be drawn: one line, and nothing in it that the font cannot show."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

_FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")
_REGULAR, _BOLD = _FONTS / "DejaVuSans.ttf", _FONTS / "DejaVuSans-Bold.ttf"
# Variation selectors and skin tones, which change the pictograph before them.
_MODIFIERS = frozenset(chr(point) for point in (*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)))
MORE = "…"


@cache
def font(bold: bool) -> FontProperties:
    """The typeface that ships with matplotlib, so that every machine draws the same picture."""
    return FontProperties(fname=str(_BOLD if bold else _REGULAR))


@cache
def _drawable() -> frozenset[int]:
    """Code points that both weights have a glyph for."""
    regular, bold = (FT2Font(str(path)).get_charmap() for path in (_REGULAR, _BOLD))
    return frozenset(regular) & frozenset(bold)


def legible(text: str) -> str:
    """One line of text in drawable characters.

    Control and joining characters are dropped, pictographs become their names in brackets, and
    letters of scripts that the font lacks become their code points: an unreadable label is still
    told from another one, where empty boxes would not be.
    """
    spelled = "".join(_spell(character) for character in unicodedata.normalize("NFC", text))
    return " ".join(word for word in spelled.split(" ") if word)


def _spell(character: str) -> str:
    if character.isspace():
        return "\u00a0" if character in "\u00a0\u202f" else " "
    category = unicodedata.category(character)
    if category in {"Cc", "Cf"} or character in _MODIFIERS:
        return ""
    if ord(character) in _drawable():
        return character
    if category == "So":
        return f"({unicodedata.name(character, 'symbol').lower()})"
    return f"\\u{ord(character):04x}"
