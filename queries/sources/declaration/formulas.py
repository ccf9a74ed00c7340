"""Checks declared expressions: each can be read, names what is declared, goes in no circle."""

from __future__ import annotations

from queries.core.formulas.order import Circular, in_order
from queries.core.formulas.text import read_formula
from queries.core.formulas.tokens import BadFormula
from queries.core.formulas.tree import Formula, columns
from queries.core.nearest import nearest
from queries.core.source import Source
from queries.sources.declaration.tables import Table
from queries.sources.patterns import fits, patterns


def check_formulas(source: Source, table: Table) -> None:
    """Keep every mistake in a source's transformations with its key."""
    known = dict.fromkeys(
        (
            *source.features,
            *source.transformed,
            *source.dimensions,
            *source.protected,
            *source.metrics,
        )
    )
    read: dict[str, Formula] = {}
    wild = patterns(source)
    for name, text in source.transformed.items():
        key = f"roles.transformed.{name}"
        try:
            read[name] = read_formula(text)
        except BadFormula as bad:
            table.problem(key, f'"{text}" {bad.message}', bad.nearest)
            continue
        for each in columns(read[name]):
            if each not in known and not any(fits(one, each) for one in wild):
                message = f"names {each!r}, which is no declared feature, dimension or metric"
                table.problem(key, message, nearest(each, known))
    try:
        in_order(read)
    except Circular as circle:
        key = f"roles.transformed.{circle.names[0]}"
        table.problem(key, f"is made of itself: {circle}")
