"""A declared value that never occurs: what it is, what occurs instead, and that in words."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core import words
from queries.core.nearest import nearest
from queries.core.source import Scalar

ENOUGH = 300
"""A value that did not occur in so many requests makes less than 1 % of them: by the rule of three
less than 3/n, 95 times in 100 (Hanley and Lippman-Hand 1983)."""

SHOWN = 4
"""So many of the values that do occur are named."""


@dataclass(frozen=True, slots=True)
class Never:
    """Declared values of which none occurs in any of some columns; or none is declared, and none
    that occurs says by itself what it means.

    ``rows`` have a value there. ``others`` are the values that do occur and aren't declared,
    commonest first, each with its rows; nothing where not everybody may see them. ``strange`` is
    how many of these there are, and ``least`` how many make it plain that others are meant: of two
    classes two others are all that there can be, while one may be all that came so far.
    """

    key: str
    values: tuple[Scalar, ...]
    columns: tuple[str, ...]
    rows: int
    others: tuple[tuple[str, int], ...]
    strange: int
    least: int

    @property
    def enough(self) -> bool:
        """Say whether that can't just be rare, so that no number is told of the values."""
        return not self.values or (self.rows >= ENOUGH and self.strange >= self.least)


def never_sentence(found: Never) -> str:
    """“`positive` is 1, which never occurs in prediction or outcome; there are “no” (61 %) …”."""
    if not found.values:
        return _undeclared(found)
    several = len(found.values) > 1
    value = words.listed([_value(each) for each in found.values], last="and")
    where = words.listed([f"“{name}”" for name in found.columns], last="or")
    rows = words.counted(found.rows, "value")
    which = "of which none occurs" if several else "which never occurs"
    return f"`{found.key}` is {value}, {which} among the {rows} of {where}{_instead(found)}."


def _undeclared(found: Never) -> str:
    """“`ok_status` isn't declared, and none of the 300 values of “status” says …; there are …”."""
    where = words.listed([f"“{name}”" for name in found.columns], last="or")
    of = f"none of the {words.counted(found.rows, 'value')} of {where}"
    means = "says by itself that a request went well"
    return f"`{found.key}` isn't declared, and {of} {means}{_instead(found)}."


def not_yet(found: Never) -> str:
    """“`positive` is 1, which hasn't occurred in 120 requests: at most 2.5 % are that”."""
    value = words.listed([_value(each) for each in found.values], last="and")
    # Hanley and Lippman-Hand's rule of three.
    most = words.share(min(1.0, 3 / max(found.rows, 1)))
    requests = words.counted(found.rows, "request")
    return (
        f"`{found.key}` is {value}, which hasn't occurred in {requests}{_instead(found)}. "
        f"It may just be rare: less than {most} are that, as far as so few can tell."
    )


def _instead(found: Never) -> str:
    if not found.others:
        return ""
    total = sum(n for _, n in found.others)
    close = [name for each in found.values for name in nearest(str(each), dict(found.others), 1)]
    ranked = sorted(found.others, key=lambda pair: pair[0] not in close)
    named = [f"{words.echoed(value)} ({words.share(n / total)})" for value, n in ranked[:SHOWN]]
    more = len(ranked) - SHOWN
    are = "is" if len(ranked) == 1 else "are"
    return f"; there {are} {words.listed([*named, *([f'{more} more'] if more > 0 else [])])}"


def _value(value: object) -> str:
    return f"“{value}”" if isinstance(value, str) else str(value).lower()
