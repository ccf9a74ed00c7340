"""What every Excel sheet of ours shares: formats, limits, and texts that stay texts."""

from __future__ import annotations

from typing import Any

LONGEST_TEXT = 32_767
# Excel counts days from 1900 on and knows none before.
FIRST_YEAR = 1900
A4 = 9
FORMATS = {
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
    "share": {"num_format": "0.0 %"},
    "points": {"num_format": "+0.00;-0.00;0.00"},
    "integer": {"num_format": "#,##0"},
    "milliseconds": {"num_format": "#,##0.0"},
}
HEADER = {"bold": True, "bg_color": "#EEF1F5", "bottom": 1, "bottom_color": "#9AA4B0"}
# What a log holds is shown as it is: never run, opened, or taken for a number.
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


_LINE = 14.5
"""The height of a line of text, in points."""


def lines_of(text: str, width: float) -> int:
    """How many lines a wrapped text needs in a column so many characters wide."""
    # Excel measures columns in digits, and letters are narrower on average.
    return max(1, -(-len(text) // max(1, round(width * 1.08))))


def set_lines(sheet: Any, row: int, lines: float) -> None:
    """Make a row so many lines high: not every program does by itself what its text needs."""
    sheet.set_row(row, _LINE * lines)


def write_text(sheet: Any, row: int, column: int, text: str, look: Any) -> None:
    """Write a text as it is, whatever it holds."""
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for its own mark-up and would write it unescaped
        done(sheet.write_rich_string(row, column, text[:1], look, text[1:], look))
    else:
        done(sheet.write_string(row, column, text, look))


def done(code: int) -> None:
    """XlsxWriter says by a number alone that it did not write a cell."""
    if code:
        raise ValueError(f"XlsxWriter refused a cell with code {code}.")
