"""Names that every spreadsheet and every file system accepts."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 31  # Excel's limit, which Google's is above
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_FILES = re.compile(r'[<>:"/\\|?*\x00-\x1f\ud800-\udfff\ufffe\uffff]')
ABOUT = "About"


def sheet_titles(titles: Iterable[str]) -> list[str]:
    """Titles for the tabs of one spreadsheet: allowed, short enough, and no two alike.

    ``About`` is kept for the tab of that name, and ``History`` is Excel's own.
    """
    taken = {ABOUT.casefold(), "history"}
    found = []
    for title in titles:
        # Excel takes no title that begins or ends with an apostrophe.
        plain = " ".join(_FORBIDDEN.sub(" ", title).split()).strip("' ") or "Sheet"
        number, unique = 1, _short(plain, "")
        # Excel takes titles that differ in case alone for the same.
        while unique.casefold() in taken:
            number += 1
            unique = _short(plain, f" ({number})")
        taken.add(unique.casefold())
        found.append(unique)
    return found


def file_stem(title: str, run: str) -> str:
    """A file's name without its ending: the title and the run, readable on any system."""
    plain = " ".join(_NOT_IN_FILES.sub(" ", f"{title} (run {run})").split()).strip(". ")
    return plain if len(plain) <= 120 else f"{plain[:100].rstrip()} (run {run[:16]})"


def _short(plain: str, ending: str) -> str:
    """The title cut so that it fits with the ending, counted as Excel counts, in UTF-16 units."""
    room = (_LONGEST - len(ending)) * 2
    kept = plain.encode("utf-16-le")[:room].decode("utf-16-le", "ignore")
    return kept.strip("' ") + ending
