"""Declared transformations in the order in which they are made: none before what it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from queries.core.formulas.text import read_formula
from queries.core.formulas.tree import Formula, columns


class Circular(ValueError):
    """Expressions that are made of themselves; ``names`` go round and end where they began."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(" → ".join(names))
        self.names = names


def transformations(declared: Mapping[str, str]) -> dict[str, Formula]:
    """Read every expression, in order. Raises BadFormula, Circular."""
    return in_order({name: read_formula(text) for name, text in declared.items()})


def in_order(formulas: Mapping[str, Formula]) -> dict[str, Formula]:
    """Put each after those that it is made of, otherwise as declared. Raises Circular."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, formula in formulas.items():
        sorter.add(name, *(each for each in columns(formula) if each in formulas))
    try:
        return {name: formulas[name] for name in sorter.static_order()}
    except CycleError as circle:
        # What each is made of comes before it: turned round, it reads “is made of”.
        raise Circular(tuple(reversed(circle.args[1]))) from None
