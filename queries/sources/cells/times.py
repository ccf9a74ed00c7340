"""Times as programs write them, told apart by their form and turned into ISO 8601.

Where day and month may stand either way round, a value over 12 tells; where none does, the times
can't be read until the declaration says how they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.sources.moments import Parsed

Expression = sa.ColumnElement[Any]

ZONED_TEXT = (
    r"\d:\d\d.*(Z|z|[+-]\d\d(:?\d\d)?|\s[A-Z]{2,5}|\s[A-Z][a-z]+/[A-Za-z_]+(/[A-Za-z_]+)?)$"
)
"""How a text of a time ends that says its own zone."""

PLAIN, ISO = "", "iso"
"""The forms of what engines read as it stands, and of what only has an odd sign or zone in it."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What engines don't know: summer times, which only add an hour to a zone that they do know.
_SUMMER = {"CEST": "+02:00", "EEST": "+03:00", "WEST": "+01:00", "BST": "+01:00"} | {
    "EDT": "-04:00",
    "CDT": "-05:00",
    "MDT": "-06:00",
    "PDT": "-07:00",
}


@dataclass(frozen=True, slots=True)
class Form:
    """How times are written: how one begins, and what stands there instead in ISO 8601.

    ``twins`` are forms of the same look, in which day and month stand the other way round.
    """

    name: str
    begins: str
    iso: str
    named: bool = False
    twins: tuple[str, ...] = ()


_DIGITS = r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})"

FORMS = (
    Form(ISO, r"^\d{4}[-/]", ""),
    Form("day.month.year", r"^(\d{1,2})\.(\d{1,2})\.(\d{4})", r"\3-\2-\1"),
    Form(
        "day/month/year",
        r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})",
        r"\3-\2-\1",
        twins=("month/day/year",),
    ),
    Form(
        "month/day/year",
        r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})",
        r"\3-\1-\2",
        twins=("day/month/year",),
    ),
    Form("day/Mon/year", r"^(\d{1,2})[/-]([A-Z][a-z]{2})[/-](\d{4}):?", r"\3-\2-\1 ", named=True),
    Form(
        "day Mon year",
        r"^(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})",
        r"\3-\2-\1",
        named=True,
    ),
    Form(
        "Mon day year",
        r"^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2})[a-z]* (\d{1,2}), (\d{4})",
        r"\3-\1-\2",
        named=True,
    ),
    Form("compact", r"^\d{8}([T ]?\d{4}(\d\d)?)?(Z|[+-]|\s*$)", ""),
)
"""The forms that are known, the likeliest first."""

BY_NAME = {form.name: form for form in FORMS}


def forms_of(declared: str) -> Sequence[Form]:
    """Give the forms that times may have: the declared format, or all that are known."""
    return (Form(declared, "", ""),) if declared else FORMS


def as_iso(text: Expression, form: str) -> Expression:
    """Turn a time's text of a form, or in a declared format, into ISO 8601, which engines read."""
    text = sa.func.trim(text, type_=sa.String)
    if "%" in form:
        return Parsed(text, form)
    known = BY_NAME[form]
    if known.name == "compact":
        return _compact(text)
    if known.iso:
        text = sa.func.regexp_replace(text, known.begins, known.iso, type_=sa.String)
    if known.named:
        for number, name in enumerate(_MONTHS, 1):
            text = sa.func.replace(text, f"-{name}-", f"-{number:02}-", type_=sa.String)
    # Python's logging, and half the world, put a comma before fractions of a second.
    text = sa.func.regexp_replace(text, r"(:\d\d),(\d)", r"\1.\2", type_=sa.String)
    for name, offset in _SUMMER.items():
        text = sa.func.replace(text, f" {name}", offset, type_=sa.String)
    return sa.func.regexp_replace(text, r"\s+([+-]\d\d)", r"\1", type_=sa.String)


def _compact(text: Expression) -> Expression:
    day = sa.func.regexp_replace(text, r"^(\d{4})(\d\d)(\d\d)", r"\1-\2-\3 ", type_=sa.String)
    clock = sa.func.regexp_replace(day, r" [T ]?(\d\d)(\d\d)(\d\d)?", r" \1:\2:\3", type_=sa.String)
    # Without seconds the clock ends in a colon.
    full = sa.func.regexp_replace(clock, r":(Z|[+-]|$)", r":00\1", type_=sa.String)
    return sa.func.trim(full, type_=sa.String)
