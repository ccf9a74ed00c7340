"""What a source declares and its log doesn't hold, in words for who wrote the declaration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from queries.core.doors.absent import Lacking
from queries.core.doors.rows import OUTCOMES, Dataset
from queries.core.log import Log
from queries.core.source import Source
from queries.measures.columns.declared import correct, never_arms, never_favourable, never_ok
from queries.measures.columns.never import Never, never_sentence, not_yet
from queries.measures.columns.occurring import never, never_positive


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that is declared and not found.

    ``about`` is the canonical name; ``is_sure`` says that it can't just be rare.
    """

    text: str
    about: str = ""
    is_sure: bool = True


_SAID = ("prediction", "outcome")


def doubts(log: Log) -> Iterator[Doubt]:
    """Compare every declared column and value with the log. Raises LogUnreadable."""
    for each in log.lacking():
        yield Doubt(f"{each.sentence} Correct {_key(log.source, each)}.", each.name)
    for found in _never(log):
        if found.enough:
            yield Doubt(f"{never_sentence(found)} {correct(log, found)}", found.key)
        else:
            yield Doubt(not_yet(found), found.key, is_sure=False)


def _never(log: Log) -> Iterator[Never]:
    source = log.source
    values = [never_positive(log), never_favourable(log), never_ok(log)]
    values.append(never(log, ("decision",), source.decided, "decided"))
    for test in source.experiments.values():
        values += never_arms(log, test)
    if source.task == "multiclass":
        values += (
            never(log, _SAID, (each,), "classes", known=source.classes, least=1)
            for each in source.classes
        )
    yield from (each for each in values if each)


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
