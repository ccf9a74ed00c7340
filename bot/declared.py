"""What a source declares and its log doesn't hold, in words for who wrote the declaration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from queries.core.doors.absent import Lacking
from queries.core.doors.rows import OUTCOMES, Dataset
from queries.core.log import Log
from queries.core.source import Source


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that is declared and not found.

    ``about`` is the canonical name; ``is_sure`` says that it can't just be rare.
    """

    text: str
    about: str = ""
    is_sure: bool = True


def doubts(log: Log) -> Iterator[Doubt]:
    """Compare every declared column with the log. Raises LogUnreadable."""
    for each in log.lacking():
        yield Doubt(f"{each.sentence} Correct {_key(log.source, each)}.", each.name)


def _key(source: Source, each: Lacking) -> str:
    """Name the key under which a column is declared, and the table that it stands in."""
    table = f"sources.{source.name}"
    if each.place == OUTCOMES:
        key = {"outcome": "outcome", "outcome_time": "outcome_time"}.get(each.name, "request_id")
        return f"`{key}` under [{table}.outcomes]"
    if each.place == Dataset.REFERENCE:
        return f"`outcome` under [{table}.reference]"
    if each.name == "chunks.order":
        return f"`order` under [{table}.chunks]"
    if each.name in source.roles:
        return f"`{each.name}` under [{table}.roles]"
    if label := each.name.removeprefix("score:") if each.name.startswith("score:") else "":
        return f"`{label}` under [{table}.roles.scores]"
    if each.name in source.transformed:
        return f"`{each.name}` under [{table}.roles.transformed]"
    for key in ("dimensions", "protected", "features", "attributions", "metrics"):
        if each.name in getattr(source, key):
            return f"`{key}` under [{table}.roles]"
    tests = (name for name, one in source.experiments.items() if one.unit == each.column)
    return f"`unit` under [{table}.experiments.{next(tests, '')}]"
