"""Declared expressions: what a role, or the choice of rows, is computed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from queries.core.catalog import ColumnKind
from queries.core.formulas.sql import layered, named
from queries.core.formulas.text import read_conditions, read_formula
from queries.core.formulas.tokens import BadFormula
from queries.core.formulas.tree import Condition, Formula, If, Name, Num, columns
from queries.sources.cells.paths import read_path
from queries.sources.moments import Millis

Expression = sa.ColumnElement[Any]


@cache
def formula_of(text: str) -> Formula | None:
    """Read what is declared for a role as an expression; None where it only names a column."""
    if text.isidentifier() or read_path(text) is not None:
        return None
    try:
        formula = read_formula(text)
    except BadFormula:
        return None
    return None if isinstance(formula, Name) or not columns(formula) else formula


def columns_named(texts: Iterable[str], where: str = "") -> tuple[str, ...]:
    """Give all columns that declared texts may mean: their own names, and those in expressions."""
    found: dict[str, None] = {}
    for text in texts:
        found[text] = None
        if (formula := formula_of(text)) is not None:
            found |= dict.fromkeys(columns(formula))
    found |= dict.fromkeys(columns(_asked(where))) if where else {}
    return tuple(found)


def _asked(where: str) -> Formula:
    """Make one expression of the conditions on rows, to see what is in them."""
    whole: Formula = Num(1.0)
    for each in read_conditions(where):
        whole = If(each, whole, Num(0.0))
    return whole


@dataclass(frozen=True)
class Made:
    """What is computed over a place's rows: expressions by canonical name, and conditions.

    ``kinds`` tell what each column that they name holds.
    """

    formulas: Mapping[str, Formula]
    conditions: tuple[Condition, ...]
    kinds: Mapping[str, ColumnKind]

    @property
    def below(self) -> dict[tuple[str, ColumnKind], str]:
        """The columns to read, each with what it is to be, and the label to read it under."""
        numbers, texts = named([*self.formulas.values(), *self._tests])
        found: dict[tuple[str, ColumnKind], str] = {}
        for name in numbers:
            kind: ColumnKind = "time" if self.kinds[name] == "time" else "number"
            found[name, kind] = f"{kind} of {name}"
        return found | {(name, "text"): f"text {name}" for name in texts}

    @property
    def _tests(self) -> list[Formula]:
        return [If(each, Num(1.0), Num(0.0)) for each in self.conditions]

    def over(self, rows: sa.FromClause, plain: Iterable[str]) -> sa.Select[Any]:
        """Compute all over rows that have the columns below, beside those that stay as they are."""
        plain = list(plain)
        listed = [rows.c[name].label(name) for name in plain]
        for (name, kind), label in self.below.items():
            if kind == "time":
                # A difference of times is one in milliseconds.
                listed.append(Millis(rows.c[label]).label(f"number {name}"))
            elif kind == "number":
                listed.append(sa.cast(rows.c[label], sa.Double).label(f"number {name}"))
            else:
                listed.append(rows.c[label].label(label))
        operands = sa.select(*listed).select_from(rows).subquery("operands")
        layers = layered(operands, [*self.formulas.values(), *self._tests])
        columns_ = [layers.top.c[name].label(name) for name in plain]
        columns_ += [layers.value(each).label(name) for name, each in self.formulas.items()]
        one: Any = sa.literal_column("1").label("present")
        select = sa.select(*columns_ or [one]).select_from(layers.top)
        return select.where(*(layers.condition(each) for each in self.conditions))
