"""Reads which column plays which role: a name, a path, an expression, or a table with more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from queries.core.formulas.text import read_conditions
from queries.core.formulas.tokens import BadFormula
from queries.core.formulas.tree import columns
from queries.core.source import ROLES
from queries.sources.cells.expressions import formula_of
from queries.sources.cells.paths import read_path
from queries.sources.declaration.tables import Table
from queries.sources.moments import TIME_CODES
from queries.sources.patterns import LISTS, is_pattern

T = TypeVar("T")

DURATIONS = {
    "ms": "",
    "s": " * 1000",
    "min": " * 60000",
    "h": " * 3600000",
    "us": " / 1000",
    "ns": " / 1000000",
}
"""What makes milliseconds of a duration in each unit."""


@dataclass(frozen=True, slots=True)
class Named:
    """Columns by role and by listed name, and what is told for their values."""

    roles: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def made_of(self) -> dict[str, tuple[str, ...]]:
        """Tell of each path and expression which columns it leads into and names."""
        found = {}
        for column in (*self.roles.values(), *self.columns.values()):
            if parts := _parts(column):
                found[column] = parts
            # What an expression names may be paths in turn.
            found |= {part: inner for part in parts if (inner := _parts(part))}
        return found

    def told(self, role: str, value: T) -> T | str:
        """Give a declared value as it is told: by its label, where it was given as it is logged."""
        labels = self.labels.get(role) or self.labels.get("prediction", {})
        return labels.get(str(value), value)


def read_roles(table: Table) -> Named:
    """Read the roles that one column plays each, and the lists of columns."""
    roles: dict[str, str] = {}
    labels: dict[str, Mapping[str, str]] = {}
    for role in ROLES:
        column, told = _role(table, role)
        if column:
            roles[role] = column
        if told:
            labels[role] = told
    # What the model says and what happened are the same things: one table of labels does.
    if "prediction" in labels:
        labels.setdefault("outcome", labels["prediction"])
    lists: dict[str, tuple[str, ...]] = {}
    columns: dict[str, str] = {}
    for key in LISTS:
        named = _list(table, key)
        lists[key] = tuple(named)
        columns |= {name: column for name, column in named.items() if name != column}
    return Named(roles, lists, columns, labels)


def _role(table: Table, role: str) -> tuple[str, Mapping[str, str]]:
    """Read one role: its column, made into milliseconds where it says a unit, and its labels."""
    if not isinstance(table.raw.get(role), Mapping):
        return table.text(role), {}
    more = table.sub(role)
    assert more is not None  # noqa: S101 - it is a table, as was just seen
    column, labels = more.text("column"), more.texts("labels")
    if not column:
        more.problem("column", "is missing: name the column")
    unit = more.choice("unit", tuple(DURATIONS), "ms") if "unit" in more.raw else "ms"
    if "unit" in more.raw and role != "latency_ms":
        more.problem("unit", "is only known of latency_ms")
    more.close()
    return (f"{_operand(column)}{DURATIONS[unit]}" if DURATIONS[unit] else column), labels


def _parts(column: str) -> tuple[str, ...]:
    """Give what a column is made of: of a path all that it leads through, of an expression all."""
    if (formula := formula_of(column)) is not None:
        return tuple(each for each in columns(formula) if each != column)
    if (path := read_path(column)) is None:
        return ()
    ways = [path.root]
    for step in path.steps[:-1]:
        ways.append(f"{ways[-1]}[{step}]" if isinstance(step, int) else f"{ways[-1]}.{step}")
    return tuple(ways)


def _operand(column: str) -> str:
    if formula_of(column) is not None:
        return f"({column})"
    if column.isidentifier() or read_path(column) is not None:
        return column
    return '"' + column.replace('"', '""') + '"'


def _list(table: Table, key: str) -> dict[str, str]:
    """Read a list of columns; a table gives each a name of its own, as a path's last key does."""
    if isinstance(table.raw.get(key), Mapping):
        return table.texts(key)
    found: dict[str, str] = {}
    for column in table.names(key):
        name = _short(column)
        found[column if name in found else name] = column
    return found


def _short(column: str) -> str:
    """Give the name that people ask by: of a path its last key."""
    if is_pattern(column):
        return column
    path = read_path(column)
    keys = [step for step in path.steps if isinstance(step, str)] if path else []
    return keys[-1] if keys else column


def read_time_format(table: Table) -> str:
    """Read how times are written, in strptime's codes."""
    written = table.text("time_format")
    unknown = [code for code in re.findall("%.?", written) if code not in TIME_CODES]
    if unknown:
        message = f"has {unknown[0]}, which means nothing here; known are "
        table.problem("time_format", message + ", ".join(sorted(TIME_CODES)))
        return ""
    if written and "%d" not in written and "%j" not in written:
        table.problem("time_format", 'names no day; write it like "%d.%m.%Y %H:%M:%S"')
    return written


def read_where(table: Table) -> str:
    """Read the conditions on the rows that count."""
    where = table.text("where")
    if where:
        try:
            read_conditions(where)
        except BadFormula as bad:
            table.problem("where", f'"{where}" {bad.message}', bad.nearest)
            return ""
    return where
