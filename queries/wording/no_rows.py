"""When nothing matched: whether a value that was asked for exists at all, and what is nearest."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from queries.core import words
from queries.core.answer import Answer, Severity
from queries.core.filters import Filter
from queries.core.log import Log
from queries.core.nearest import nearest
from queries.wording.asked import Asked

MOST = 8
_IDS = ("request_id", "entity_id")  # near misses among ids are nobody's mistake


def no_rows(log: Log, asked: Asked) -> Answer:
    """Say that no request matched, and of each value that was never logged, what is nearest."""
    sentences = [said for each in asked.where if (said := _unknown_values(log, asked, each))]
    if not sentences and asked.where:
        sentences = ["Each condition may match on its own; together they match nothing."]
    return Answer(
        Severity.UNKNOWN,
        f"{asked.name}: no requests {asked.reading.text}",
        " ".join(sentences),
    )


def _unknown_values(log: Log, asked: Asked, condition: Filter) -> str:
    if condition.op == "contains":
        return _contained_nowhere(log, asked, condition)
    if condition.op not in ("=", "in") or log.kind(condition.column) != "text":
        return ""
    # Asked for by name: a rare value need not be among the thousand commonest.
    logged = _values(log, asked, condition.column, among=condition.values)
    wrong = [value for value in condition.values if value not in logged]
    if not wrong:
        return ""
    column = condition.column.replace("_", " ")
    missing = words.listed([words.echoed(value) for value in wrong], last="or")
    if condition.column in _IDS:
        return f"No {column} in this time is {missing}."
    known = _values(log, asked, condition.column)
    if not known:
        return f"No {column} was logged in this time."
    close = [name for value in wrong for name in nearest(value, known)] or known[:MOST]
    there = words.listed([words.echoed(name) for name in dict.fromkeys(close)], last="or")
    return f"No {column} in this time is {missing}. Did you mean {there}?"


def _contained_nowhere(log: Log, asked: Asked, condition: Filter) -> str:
    found = log.aggregate(
        {"n": sa.func.count()}, spans=asked.reading.spans, where=log.matches([condition])
    )
    if found[0]["n"]:
        return ""
    parts = words.listed([words.echoed(value) for value in condition.values], last="or")
    return f"No {condition.column.replace('_', ' ')} in this time contains {parts}."


def _values(log: Log, asked: Asked, column: str, among: Sequence[str] = ()) -> list[str]:
    """The commonest values of a column in the time asked for, at most a thousand."""
    relation = log.relation({"value": log.column(column)}, spans=asked.reading.spans)
    counted = sa.func.count().label("n")
    rows = log.run(
        sa.select(relation.c.value, counted)
        .where(relation.c.value.in_(among) if among else relation.c.value.is_not(None))
        .group_by(relation.c.value)
        .order_by(counted.desc(), relation.c.value)
        .limit(1000)
    )
    return [str(row["value"]) for row in rows]
