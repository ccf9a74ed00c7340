"""What is said where nothing, or not everything, can be told of groups of people."""

from __future__ import annotations

from collections.abc import Iterable

from queries.core.errors import NotAnswerable
from queries.core.source import Source

OTHERS = "other groups"
"""The value under which groups that are too small are counted together."""


class TooFew(NotAnswerable):
    """Nothing can be told by a column without telling of single people."""


def together(source: Source, name: str) -> str:
    """Say that some groups are counted together."""
    return (
        f"Groups of “{name}” of fewer than {source.smallest_group}, and those from which one would "
        f"follow, are counted together as “{OTHERS}”."
    )


def one_by_one(name: str, chosen_by: Iterable[str]) -> TooFew:
    """Refuse to split requests that are chosen one by one."""
    return TooFew(
        f"Requests that are chosen by {' and '.join(sorted(chosen_by))} can't be split by "
        f"“{name}”: that could tell of a single person. Ask without one of the two."
    )


def too_few(source: Source, name: str) -> TooFew:
    """Refuse to split so few requests."""
    return TooFew(
        f"Too few requests of {source.title} are left to split them by “{name}”: groups of fewer "
        f"than {source.smallest_group} could tell of single people. Ask about a longer time, with "
        f"fewer conditions, or without “{name}”."
    )


def too_near(source: Source, name: str) -> TooFew:
    """Refuse to split nearly the same requests as before."""
    return TooFew(
        f"Nearly the same requests of {source.title} were split by “{name}” before, and both "
        "answers together could tell of single people. Ask exactly as before, or about a time, or "
        "with conditions, that differ by more requests."
    )
