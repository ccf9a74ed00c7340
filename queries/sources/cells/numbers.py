"""Numbers as people write them: a decimal comma, and signs that part thousands.

Which way a column is written is told by all its values together. Where it stays open, as “1,234”
alone leaves it, its values are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

Expression = sa.ColumnElement[Any]

# A space that no line breaks at, a thin one, and the two apostrophes of Switzerland.
_APART = " \u00a0\u202f'\u2019"


@dataclass(frozen=True, slots=True)
class Written:
    """A way of writing numbers: its name, what stands before decimals, what parts thousands."""

    name: str
    point: str
    parts: str

    @property
    def pattern(self) -> str:
        """A whole number that is written so, as a regular expression."""
        # A group of thousands begins with no zero: “0,134” is no 134.
        grouped = rf"[1-9]\d{{0,2}}([{self.parts}]\d{{3}})+"
        return rf"^\s*[-+]?(\d+|{grouped})({re.escape(self.point)}\d+)?([eE][-+]?\d+)?\s*$"


WRITTEN = (
    Written("decimal comma", ",", f".{_APART}"),
    Written("decimal point", ".", f",{_APART}"),
)
"""The ways that are known, besides the plain one that engines read."""

BY_NAME = {each.name: each for each in WRITTEN}


def is_like_number(value: str | None) -> bool:
    """Tell whether a value that engines don't read as a number may be one that is written so."""
    return value is not None and re.fullmatch(rf"\s*[-+]?\d[\d.,{_APART}]*\d\s*", value) is not None


def as_plain(text: Expression, form: str) -> Expression:
    """Give a number's text as engines read it; nothing where it is not written so."""
    written = BY_NAME[form]
    bare = sa.func.regexp_replace(text, f"[{written.parts}]", "", "g", type_=sa.String)
    plain = sa.func.replace(bare, written.point, ".", type_=sa.String)
    return sa.case((text.regexp_match(written.pattern), plain))
