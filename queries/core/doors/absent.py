"""What is said of a column that a question needs and the log lacks: which one, and the nearest."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from queries.core.doors.rows import OUTCOMES, Dataset, Rows
from queries.core.formulas.text import read_formula
from queries.core.formulas.tokens import BadFormula
from queries.core.formulas.tree import columns
from queries.core.nearest import nearest
from queries.core.source import ROLES, Source, Visibility

_WHERE = {
    Dataset.PRODUCTION: "the log",
    Dataset.REFERENCE: "the reference set",
    OUTCOMES: "the file of outcomes",
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """A declared column that a place of the log doesn't hold, and the one there most like it.

    ``nested`` says that there is one, and that it holds objects, of which none is a value.
    """

    name: str
    column: str
    place: str
    nearest: str = ""
    nested: bool = False

    @property
    def sentence(self) -> str:
        """“There is no column “regoin” in the log; the nearest is “region”.”"""
        if self.nested:
            return (
                f"The column “{self.column}” in {_WHERE[self.place]} holds objects: name what in "
                f"them is meant, as in “{self.column}.name”."
            )
        near = f"; the nearest is “{self.nearest}”" if self.nearest else ""
        return f"There is no column “{self.column}” in {_WHERE[self.place]}{near}."


def lacking(source: Source, rows: Rows) -> Iterator[Lacking]:
    """Find the declared columns that no file, or not the table, holds."""
    declared = [(name, column, Dataset.PRODUCTION) for name, column in source.columns.items()]
    told = [*declared, *((n, c, OUTCOMES) for n, c in source.outcome_columns.items())]
    if source.reference is not None and source.reference.outcome:
        told.append(("outcome", source.reference.outcome, Dataset.REFERENCE))
    for name, column, place in told:
        dataset = Dataset.REFERENCE if place == Dataset.REFERENCE else Dataset.PRODUCTION
        if rows.field(name, dataset) is None:
            yield unheld(source, rows.names(place), name, column, place)
    yield from _named_apart(source, rows)


def _named_apart(source: Source, rows: Rows) -> Iterator[Lacking]:
    """Find what is no canonical column: the order of chunks, the id that outcomes are joined on."""
    if source.chunks is not None and rows.field("chunk", Dataset.PRODUCTION) is None:
        yield unheld(
            source,
            rows.names(Dataset.PRODUCTION),
            "chunks.order",
            source.chunks.order,
            Dataset.PRODUCTION,
        )
    if source.outcomes is not None:
        joined = source.outcomes.request_id
        if joined not in rows.names(OUTCOMES):
            yield unheld(source, rows.names(OUTCOMES), "outcomes.request_id", joined, OUTCOMES)


def unheld(source: Source, names: Collection[str], name: str, column: str, place: str) -> Lacking:
    """Tell of a column that a place doesn't hold what is there instead."""
    if column in names:
        return Lacking(name, column, place, nested=True)
    wrong = _wrong_in(column, names)
    return Lacking(name, wrong, place, _near(source, wrong, names))


def _wrong_in(column: str, names: Collection[str]) -> str:
    """Give which column of an expression isn't there; a column that is none itself."""
    try:
        parts = columns(read_formula(column))
    except BadFormula:
        return column
    wrong = [part for part in parts if part not in names]
    # A name with a minus in it, of which no part is a column, is no difference of two.
    return wrong[0] if wrong and len(wrong) < len(parts) else column


def _near(source: Source, column: str, names: Collection[str]) -> str:
    shown = [name for name in names if source.visible(name) is not Visibility.HIDDEN]
    return next(iter(nearest(column, shown, 1)), "")


def absent(source: Source, rows: Rows, name: str) -> str:
    """Say that a column that is asked for isn't there, and what to declare."""
    title, key = source.title, f"[sources.{source.name}.roles]"
    apart = name in source.outcome_columns
    if name in source.columns or apart:
        column = source.outcome_columns[name] if apart else source.columns[name]
        return _not_there(source, rows, name, column)
    if name == "failed":
        return _no_result(source, rows)
    if name == "chunk":
        chunks = f"[sources.{source.name}.chunks]"
        return f"{title} is not looked at in chunks. Declare {chunks}."
    if name in ROLES:
        return f"{title} has no column for “{name}”. Declare which one it is in {key}."
    near = nearest(name, source.columns, 1)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    return f"{title} has no column “{name}”.{hint} Columns are declared in {key}."


def _not_there(source: Source, rows: Rows, name: str, column: str) -> str:
    apart = name in source.outcome_columns
    place, table = (OUTCOMES, "outcomes") if apart else (Dataset.PRODUCTION, "roles")
    found = unheld(source, rows.names(place), name, column, place)
    if found.nested:
        return f"{source.title}: {found.sentence} Correct [sources.{source.name}.{table}]."
    near = f" The nearest it has is “{found.nearest}”." if found.nearest else ""
    whose = (
        f"The log of {source.title} has" if not apart else f"The outcomes of {source.title} have"
    )
    return (
        f"{whose} no column “{found.column}”, which its declaration names for “{name}”.{near} "
        f"Correct [sources.{source.name}.{table}] in plainlogs.toml, or log the column."
    )


def _no_result(source: Source, rows: Rows) -> str:
    """Say why it isn't known which requests failed."""
    for role in ("status", "error"):
        if role in source.columns:
            return _not_there(source, rows, role, source.columns[role])
    key = f"[sources.{source.name}.roles]"
    return f"{source.title} logs neither status nor error. Declare either in {key}."
