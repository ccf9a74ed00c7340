"""What something is compared with, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.core import words
from queries.core.times.wall import Grain
from queries.measures.past.before import Before
from queries.statistics.usual import COMPARABLE

IN_REFERENCE = "in the reference set"

_UNITS = {
    "month": "in the month before",
    "quarter": "in the quarter before",
    "year": "in the year before",
}


def in_past(grain: Grain) -> str:
    """Name the comparable past of a kind of range: the unit before, or the weeks before."""
    return _UNITS.get(grain, "in the weeks before")


def than(before: Before, grain: Grain) -> str:
    """Name what is compared with: “in the reference set”, “in the weeks before”."""
    return IN_REFERENCE if before.is_reference else in_past(grain)


def compared_otherwise(before: Before) -> tuple[str, ...]:
    """Say where it is not quite what one would think: a wider reference, too little past."""
    if before.is_reference:
        return (whole_reference(before.lacking),) if before.lacking else ()
    return (few_periods(len(before.periods)),) if len(before.periods) < COMPARABLE else ()


def whole_reference(lacking: Sequence[str]) -> str:
    """Say that the reference set could not be narrowed by some columns."""
    named = words.listed([f"“{name}”" for name in lacking], last="or")
    return f"The reference set has no {named}, so that all of it is compared with."


def few_periods(periods: int) -> str:
    """Say that too little past is there to know what is usual."""
    had = words.counted(periods, "comparable time")
    return (
        f"Only {had} {'lies' if periods == 1 else 'lie'} before: how much this varies when nothing "
        f"is wrong is known from {COMPARABLE} on."
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the days of a picture: a value, and when it was so."""

    value: float
    than: str
