"""Declared sources: ``declare`` turns the ``sources`` table of plainlogs.toml into Sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args

from queries.core.errors import PlainError, Problem
from queries.core.nearest import nearest
from queries.core.source import (
    DERIVED,
    ROLES,
    Chunks,
    Direction,
    Matters,
    Outcomes,
    Place,
    Reference,
    Source,
    Task,
    Visibility,
)
from queries.sources.declaration.experiments import check_experiments, read_experiments
from queries.sources.declaration.formulas import check_formulas
from queries.sources.declaration.roles import read_roles, read_time_format, read_where
from queries.sources.declaration.sections import (
    read_chunks,
    read_matters,
    read_outcomes,
    read_place,
    read_reference,
    read_smallest_group,
    read_visibility,
)
from queries.sources.declaration.tables import Table
from queries.sources.patterns import fits, patterns

__all__ = [
    "ROLES",
    "BadDeclaration",
    "Chunks",
    "Matters",
    "Outcomes",
    "Place",
    "Reference",
    "Source",
    "Visibility",
    "declare",
]


class BadDeclaration(PlainError):
    """Declared sources that cannot be used; ``problems`` lists every mistake by its key."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(
            "\n".join(f"{problem.parameter}: {problem.message}" for problem in problems)
        )


def declare(raw: Mapping[str, Any], base: Path) -> tuple[Source, ...]:
    """Turn the ``sources`` table of plainlogs.toml into sources, in the order written.

    ``base`` is the folder that relative file patterns start from. Raises BadDeclaration
    with every mistake in all sources, each with its key and the nearest valid name.
    """
    problems: list[Problem] = []
    sources = []
    for name, table in raw.items():
        read = Table(f"sources.{name}", table, problems)
        if not re.fullmatch(r"[A-Za-z][\w-]*", name):
            read.problem(None, "a source's name starts with a letter and has no spaces or dots")
        sources.append(_source(name, read, base))
    if problems:
        raise BadDeclaration(tuple(problems))
    return tuple(sources)


def _source(name: str, table: Table, base: Path) -> Source:
    roles = table.sub("roles") or Table(f"{table.key}.roles", {}, table.problems)
    scores, zone, named = roles.texts("scores"), table.zone("zone"), read_roles(roles)
    listed = tuple(named.told("prediction", each) for each in table.scalars("classes"))
    classes = listed or tuple(scores)
    source = Source(
        name=name,
        title=table.text("title", name),
        about=table.text("about"),
        simulated=table.flag("simulated"),
        place=read_place(table, base),
        zone=zone,
        undated=table.flag("undated"),
        task=cast("Task", table.choice("task", get_args(Task), "none")),
        positive=named.told("prediction", cast("Any", table.scalar("positive", 1))),
        classes=classes,
        score_direction=cast(
            "Direction", table.choice("score_direction", get_args(Direction), "higher")
        ),
        favourable=named.told("decision", table.scalar("favourable", None)),
        decided=tuple(named.told("decision", each) for each in table.scalars("decided")),
        outcome_delay=table.span("outcome_delay"),
        ok_status=table.scalars("ok_status"),
        chunks=read_chunks(table),
        owner=table.text("owner"),
        matters=read_matters(table),
        smallest_group=read_smallest_group(table),
        dimensions=named.lists["dimensions"],
        protected=named.lists["protected"],
        features=named.lists["features"],
        attributions=named.lists["attributions"],
        metrics=named.lists["metrics"],
        transformed=roles.texts("transformed"),
        scores=scores,
        roles=named.roles,
        named=named.columns,
        labels=named.labels,
        made_of=named.made_of,
        missing=table.names("missing"),
        where=read_where(table),
        time_format=read_time_format(table),
        outcomes=read_outcomes(table, base),
        reference=read_reference(table, base),
        visibility=read_visibility(table),
        experiments=read_experiments(table, zone),
    )
    # After everything was taken: what nobody asked for by then is a misspelt key.
    roles.close()
    table.close()
    _check_together(source, table)
    return source


def _check_together(source: Source, table: Table) -> None:
    """Check what only shows when a source is seen whole."""
    check_formulas(source, table)
    if not source.undated and "time" not in source.roles:
        table.problem("roles.time", "is missing; a log without times says undated = true")
    if source.outcomes is not None and "request_id" not in source.roles:
        table.problem("roles.request_id", "is missing; outcomes are joined on it")
    if source.outcomes is not None and "outcome" in source.roles:
        table.problem("roles.outcome", "stands beside outcomes of their own; keep one of the two")
    places = [each.place for each in (source, source.outcomes, source.reference) if each]
    if len({place.url for place in places}) > 1:
        table.problem(None, "its log, outcomes and reference must all be files, or share one url")
    if source.task == "multiclass" and not source.classes:
        table.problem("classes", "is missing; a multiclass source names its classes")
    parts = {each for of in source.made_of.values() for each in of}
    wild = patterns(source)
    listed = {*source.columns.values(), *source.outcome_columns.values(), *source.named, *parts}
    for column, kind in source.visibility.items():
        # What no role names is never read; saying so of a column keeps it so, and may be said.
        if (
            column not in listed
            and not any(fits(each, column) for each in wild)
            and (kind is not Visibility.HIDDEN or nearest(column, listed, alike=80))
        ):
            message = "no role names this column"
            table.problem(f"visibility.{column}", message, nearest(column, listed))
    check_experiments(source, table)
    for name, column in source.columns.items():
        if name in DERIVED or (name in source.roles and name != column and name in _lists(source)):
            message = f"{name!r} is the name of a role and of another column; rename the column"
            table.problem(f"roles.{name}", message)


def _lists(source: Source) -> set[str]:
    lists = (source.dimensions, source.protected, source.features, source.transformed)
    return {name for names in (*lists, source.attributions, source.metrics) for name in names}
