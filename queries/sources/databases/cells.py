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

from queries.sources.cells.paths import Step, paths_from
from queries.sources.cells.times import PLAIN, ZONED_TEXT, Form, as_iso
from queries.sources.moments import NUMBER
from queries.sources.shapes import EARLIEST, LATEST, PARTLY_ZONED, ZONED

Expression = sa.ColumnElement[Any]
Fetch = Callable[[Any], Sequence[Any]]
"""Runs a select and gives its rows."""

_FIRST = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """Where a path leads in one JSON, which may stand in text as base64 (``coded``)."""

    steps: tuple[str, ...]
    coded: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """How a column is got at: the type of its values, whether these are text, their times' form."""

    root: str
    type: str
    opened: tuple[Opened, ...] = ()
    is_json: bool = True
    text: bool = False
    form: str = PLAIN

    def of(self, raw: sa.FromClause) -> Expression:
        """Give the value in a row."""
        return inside(raw.c[self.root], self.opened, is_json=self.is_json)


@dataclass(frozen=True)
class Looked:
    """A table that is looked at: its columns' types, its rows, and what runs a select over them."""

    types: Mapping[str, str]
    rows: sa.FromClause
    fetch: Fetch


def inside(column: Expression, opened: Sequence[Opened], *, is_json: bool) -> Expression:
    """Give what a path leads to, as text, through JSON after JSON; of what is none nothing."""
    value = column
    for at, each in enumerate(opened):
        whole: Expression = sa.func.to_jsonb(value)
        if at or not is_json:
            text = decoded(value) if each.coded else value
            whole = sa.cast(sa.case((_is_json(text), text)), JSONB)
        value = sa.func.jsonb_extract_path_text(whole, *each.steps, type_=sa.String)
    return value


_BASE64 = r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_MORE = "[89ab][0-9a-f]"
_UTF8 = "|".join(
    (
        *("0[1-9a-f]", "[1-7][0-9a-f]", f"(c[2-9a-f]|d[0-9a-f]){_MORE}"),
        *(f"e0[ab][0-9a-f]{_MORE}", f"e[1-9a-cef]({_MORE}){{2}}", f"ed[89][0-9a-f]{_MORE}"),
        *(f"f0[9ab][0-9a-f]({_MORE}){{2}}", f"f[1-3]({_MORE}){{3}}", f"f48[0-9a-f]({_MORE}){{2}}"),
    )
)
"""What bytes of text are in hexadecimal (RFC 3629, section 4), without the one that ends none."""


def decoded(text: Expression) -> Expression:
    """Give the text that stands as base64; NULL where that is none, at which the engine fails."""
    raw = sa.func.decode(text, "base64")
    as_text: Expression = sa.func.convert_from(raw, "UTF8", type_=sa.String)
    readable = sa.func.encode(raw, "hex", type_=sa.String).regexp_match(f"^({_UTF8})*$")
    # One within the other, as both sides of an AND may be computed.
    return sa.case((text.regexp_match(_BASE64), sa.case((readable, as_text))))


def _is_json(text: Expression) -> sa.ColumnElement[bool]:
    return sa.UnaryExpression(text, modifier=custom_op("IS JSON"), type_=sa.Boolean())


def find(text: str, table: Looked, forms: Sequence[Form], *, look: bool) -> Cell | None:
    """Find what a declared text names among a table's columns; None where it is not there.

    What is text is looked at, in the first rows, if it lies in JSON, is asked to, or is to be a
    time: that has ``forms`` in which it may be written.
    """
    cell = _named(text, table)
    if cell is None or not (cell.opened or ((look or forms) and cell.type == "VARCHAR")):
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
        whole = Cell(path.root, "VARCHAR", (), is_json, text=True)
        if found := _through(whole, path.steps, table):
            return found
    return None


def _through(cell: Cell, steps: tuple[Step, ...], table: Looked) -> Cell | None:
    """Follow steps from what was reached, through text that holds more JSON or base64 of it."""
    plain_only = cell.is_json and not cell.opened
    for coded in (False,) if plain_only else (False, True):
        for cut in range(len(steps), 0, -1):
            reached = _reached(cell, steps[:cut], table, coded=coded)
            if reached is None:
                continue
            if cut == len(steps):
                return reached
            if deeper := _through(reached, steps[cut:], table):
                return deeper
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


def _reached(cell: Cell, steps: tuple[Step, ...], table: Looked, *, coded: bool) -> Cell | None:
    """Choose between a key with points in it and several keys, by what the first rows hold."""
    ways = [replace(cell, opened=(*cell.opened, Opened(way, coded=coded))) for way in _ways(steps)]
    read = [way.of(table.rows).label(f"w{i}") for i, way in enumerate(ways)]
    root = table.rows.c[cell.root]
    rows = sa.select(*read).where(root.is_not(None)).limit(_FIRST).subquery("first")
    (counts,) = table.fetch(sa.select(*(sa.func.count(column) for column in rows.c)))
    best = max(range(len(ways)), key=lambda i: counts[i])
    return ways[best] if counts[best] else None


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
