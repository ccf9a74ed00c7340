"""What a table's columns hold: their types, and what paths into JSON lead to.

JSON has no types of its own, and text may hold anything: the first rows tell what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.operators import custom_op

from queries.sources.cells.paths import Path, Step, paths_from
from queries.sources.cells.times import PLAIN, ZONED_TEXT, Form, as_iso
from queries.sources.moments import NUMBER
from queries.sources.shapes import EARLIEST, LATEST, PARTLY_ZONED, ZONED

Expression = sa.ColumnElement[Any]
Fetch = Callable[[Any], Sequence[Any]]
"""Runs a select and gives its rows."""

_FIRST = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """How a column is got at: the type of its values, whether these are text, their times' form."""

    root: str
    type: str
    steps: tuple[str, ...] = ()
    is_json: bool = True
    text: bool = False
    form: str = PLAIN

    def of(self, raw: sa.FromClause) -> Expression:
        """Give the value in a row."""
        column: Expression = raw.c[self.root]
        return inside(column, self.steps, is_json=self.is_json) if self.steps else column


@dataclass(frozen=True)
class Looked:
    """A table that is looked at: its columns' types, its rows, and what runs a select over them."""

    types: Mapping[str, str]
    rows: sa.FromClause
    fetch: Fetch


def inside(column: Expression, steps: Sequence[str], *, is_json: bool) -> Expression:
    """Give what a path leads to, as text; of a text that is no JSON nothing."""
    whole: Expression = sa.func.to_jsonb(column)
    if not is_json:
        whole = sa.cast(sa.case((_is_json(column), column)), JSONB)
    return sa.func.jsonb_extract_path_text(whole, *steps, type_=sa.String)


def _is_json(text: Expression) -> sa.ColumnElement[bool]:
    return sa.UnaryExpression(text, modifier=custom_op("IS JSON"), type_=sa.Boolean())


def find(text: str, table: Looked, forms: Sequence[Form], *, look: bool) -> Cell | None:
    """Find what a declared text names among a table's columns; None where it is not there.

    What is text is looked at, in the first rows, if it lies in JSON, is asked to, or is to be a
    time: that has ``forms`` in which it may be written.
    """
    cell = _named(text, table)
    if cell is None or not (cell.steps or ((look or forms) and cell.type == "VARCHAR")):
        return cell
    value = cell.of(table.rows)
    rows = sa.select(value.label("x")).where(value.is_not(None)).limit(_FIRST).subquery("first")
    seen = _seen(rows.c["x"], table.fetch)
    declared = len(forms) == 1
    told = _formed(rows.c["x"], table.fetch, forms) if declared or seen == "VARCHAR" else None
    type_, form = told or (seen, PLAIN)
    return replace(cell, type=type_, form=form, text=True)


def _named(text: str, table: Looked) -> Cell | None:
    types = table.types
    if text in types:
        return Cell(text, types[text])
    for path in paths_from(text, types):
        is_json = types[path.root] != "VARCHAR"
        if steps := _steps(path, is_json, table):
            return Cell(path.root, "VARCHAR", steps, is_json, text=True)
    return None


def _seen(x: Expression, fetch: Fetch) -> str:
    """Tell DuckDB's type for values that are text: what all of them read as."""
    tests = {
        "BIGINT": x.regexp_match(r"^[-+]?(0|[1-9]\d{0,17})$"),
        "DOUBLE": sa.and_(x.regexp_match(NUMBER), sa.not_(x.regexp_match(r"^[-+]?0\d"))),
        "BOOLEAN": sa.func.lower(x).in_(("true", "false")),
        "STRUCT": x.regexp_match(r"^\s*[\[{]"),
        ZONED: sa.and_(_reads(x), x.regexp_match(ZONED_TEXT)),
        "TIMESTAMP": sa.and_(_reads(x), sa.not_(x.regexp_match(ZONED_TEXT))),
        PARTLY_ZONED: _reads(x),
    }
    counts = [sa.func.count().filter(test) for test in tests.values()]
    ((present, *found),) = fetch(sa.select(sa.func.count(x), *counts))
    whole = [name for name, count in zip(tests, found, strict=True) if count == present]
    return whole[0] if present and whole else "VARCHAR"


def _formed(x: Expression, fetch: Fetch, forms: Sequence[Form]) -> tuple[str, str] | None:
    """Tell the type and the form of times, where all of them have one and it is sure."""
    counts: list[Expression] = [sa.func.count(x)]
    for form in forms:
        iso = sa.case((x.regexp_match(form.begins), as_iso(x, form.name)))
        zoned = sa.and_(_reads(iso), iso.regexp_match(ZONED_TEXT))
        counts += [sa.func.count().filter(_reads(iso)), sa.func.count().filter(zoned)]
    ((present, *found),) = fetch(sa.select(*counts))
    read = {form.name: found[2 * i] for i, form in enumerate(forms)}
    for at, form in enumerate(forms):
        if read[form.name] == present and all(read.get(twin, 0) < present for twin in form.twins):
            zones = found[2 * at + 1]
            some = PARTLY_ZONED if zones else "TIMESTAMP"
            return (ZONED if zones == present else some), form.name
    return None


def _reads(text: Expression) -> sa.ColumnElement[bool]:
    bounds = (EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None))
    return sa.and_(
        text.regexp_match(r"^\d{4}[-/]"), sa.try_cast(text, sa.DateTime).between(*bounds)
    )


def _steps(path: Path, is_json: bool, table: Looked) -> tuple[str, ...]:
    """Choose between a key with points in it and several keys, by what the first rows hold."""
    ways = list(_ways(path.steps))
    root = table.rows.c[path.root]
    read = [inside(root, way, is_json=is_json).label(f"w{i}") for i, way in enumerate(ways)]
    rows = sa.select(*read).where(root.is_not(None)).limit(_FIRST).subquery("first")
    (counts,) = table.fetch(sa.select(*(sa.func.count(column) for column in rows.c)))
    best = max(range(len(ways)), key=lambda i: counts[i])
    return ways[best] if counts[best] else ()


def _ways(steps: tuple[Step, ...]) -> list[tuple[str, ...]]:
    """All readings of steps: each key alone, or joined with those after it by points."""
    if not steps:
        return [()]
    found: list[tuple[str, ...]] = [(str(steps[0]), *rest) for rest in _ways(steps[1:])]
    for count in range(2, len(steps) + 1):
        if all(isinstance(step, str) for step in steps[:count]):
            joined = ".".join(map(str, steps[:count]))
            found += [(joined, *rest) for rest in _ways(steps[count:])]
    return found[:16]
