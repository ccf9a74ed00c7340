"""What a source declares and its log doesn't hold, in words for who wrote the declaration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from queries.core import words
from queries.core.doors.absent import Lacking
from queries.core.doors.rows import OUTCOMES, Dataset
from queries.core.log import Log
from queries.core.source import Source
from queries.core.times.spans import Span
from queries.measures.columns.declared import correct, never_arms, never_favourable, never_ok
from queries.measures.columns.never import ENOUGH, Never, never_sentence, not_yet
from queries.measures.columns.occurring import lately_in, never, never_classes, never_positive
from queries.measures.counting.expressions import count_where


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that is declared and not found.

    ``about`` is the canonical name; ``is_sure`` says that it can't just be rare.
    """

    text: str
    about: str = ""
    is_sure: bool = True


def doubts(log: Log) -> Iterator[Doubt]:
    """Compare every declared column and value with the log. Raises LogUnreadable."""
    for each in log.lacking():
        yield Doubt(f"{each.sentence} Correct {_key(log.source, each)}.", each.name)
    yield from _empty(log)
    for found in _never(log):
        if found.enough:
            yield Doubt(f"{never_sentence(found)} {correct(log, found)}", found.key)
        else:
            yield Doubt(not_yet(found), found.key, is_sure=False)


def _empty(log: Log) -> Iterator[Doubt]:
    """Find columns that are there and hold nothing: at all, or in the newest days."""
    # Without a time nothing can be asked at all, which is told by itself.
    named = [name for name in log.source.columns if name != "time"]
    names = [name for name in named if log.has(name, Dataset.PRODUCTION)]
    lately = _filled(log, names, lately_in(log))
    gone = [name for name in names if lately["n"] and not lately[name]]
    if not gone:
        return
    ever = _filled(log, gone, None)
    for name in gone:
        column = log.source.columns[name]
        if not ever[name]:
            rows = words.counted(ever["n"], "row")
            text = f"The column “{column}” has no value in any of {rows}."
            yield Doubt(text, name, ever["n"] >= ENOUGH and name not in _RARE)
        elif name not in (*_RARE, "outcome", "outcome_time"):
            rows = words.counted(lately["n"], "row")
            text = f"The column “{column}” has no value in the newest {rows}, and had some before."
            yield Doubt(f"{text} Is it called otherwise now?", name, lately["n"] >= ENOUGH)


_RARE = ("error", "override", "override_reason")
"""Roles that need not have a value in any of many requests."""


def _filled(log: Log, names: Sequence[str], spans: Sequence[Span] | None) -> dict[str, int]:
    """Count the rows that have a value in each column, in one pass."""
    measures = {name: count_where(sa.not_(log.missing(name))) for name in names}
    return log.aggregate({"n": sa.func.count(), **measures}, spans=spans)[0]


def _never(log: Log) -> Iterator[Never]:
    source = log.source
    values = [never_positive(log), never_favourable(log), never_ok(log)]
    values.append(never(log, ("decision",), source.decided, "decided"))
    for test in source.experiments.values():
        values += never_arms(log, test)
    values += never_classes(log)
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
