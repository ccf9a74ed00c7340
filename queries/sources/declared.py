"""Declared sources: ``declare`` turns the ``sources`` table of plainlogs.toml into Sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from queries.core.errors import PlainError, Problem
from queries.core.nearest import nearest
from queries.sources.source import (
    DERIVED,
    ROLES,
    Chunks,
    Direction,
    Format,
    Matters,
    Outcomes,
    Place,
    Reference,
    Source,
    Task,
    Visibility,
)
from queries.sources.tables import Table

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

FORMATS: Mapping[str, Format] = {
    "parquet": "parquet",
    "csv": "csv",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "json": "jsonl",
}


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
    scores = roles.texts("scores")
    classes = table.scalars("classes") or tuple(scores)
    source = Source(
        name=name,
        title=table.text("title", name),
        about=table.text("about"),
        simulated=table.flag("simulated"),
        place=_place(table, base),
        zone=table.zone("zone"),
        undated=table.flag("undated"),
        task=cast("Task", table.choice("task", get_args(Task), "none")),
        positive=cast("Any", table.scalar("positive", 1)),
        classes=classes,
        score_direction=cast(
            "Direction", table.choice("score_direction", get_args(Direction), "higher")
        ),
        favourable=table.scalar("favourable", None),
        decided=table.scalars("decided"),
        outcome_delay=table.span("outcome_delay"),
        ok_status=table.scalars("ok_status"),
        chunks=_chunks(table),
        owner=table.text("owner"),
        matters=_matters(table),
        dimensions=roles.names("dimensions"),
        protected=roles.names("protected"),
        features=roles.names("features"),
        transformed=roles.texts("transformed"),
        attributions=roles.names("attributions"),
        metrics=roles.names("metrics"),
        scores=scores,
        roles={role: column for role in ROLES if (column := roles.text(role))},
        outcomes=_outcomes(table, base),
        reference=_reference(table, base),
        visibility=_visibility(table),
    )
    roles.close()
    table.close()
    _check_together(source, table)
    return source


def _place(table: Table, base: Path) -> Place:
    patterns, url, name = table.names("files"), table.text("url"), table.text("table")
    wanted = table.choice("format", tuple(FORMATS), "") if "format" in table.raw else ""
    table.taken.add("format")
    if bool(patterns) == bool(url):
        table.problem(None, "needs either files, or url and table")
        return Place()
    if url:
        if problem := _bad_url(url):
            table.problem("url", problem)
        if not name:
            table.problem("table", "is missing: name the table behind the url")
        return Place(url=url, table=name)
    inferred = next((form for pattern in patterns if (form := _format(pattern))), None)
    chosen = FORMATS[wanted] if wanted else inferred
    if chosen is None:
        table.problem("format", 'is needed: "parquet", "csv" or "jsonl" (no suffix tells it)')
    absolute = tuple(str(base.absolute() / pattern) for pattern in patterns)
    return Place(files=absolute, format=chosen or "parquet")


def _bad_url(url: str) -> str:
    """Say what is wrong with a database's URL, without repeating a password in it."""
    try:
        make_url(url).get_dialect()
    except NoSuchModuleError as error:
        return f"names a database that is not known ({error}); install its SQLAlchemy dialect"
    except ArgumentError:
        return 'is no database url; write it like "postgresql+psycopg://user@host/database"'
    return ""


def _format(pattern: str) -> Format | None:
    suffixes = [suffix.lstrip(".").lower() for suffix in Path(pattern).suffixes]
    return next((FORMATS[suffix] for suffix in reversed(suffixes) if suffix in FORMATS), None)


def _chunks(table: Table) -> Chunks | None:
    chunks = table.sub("chunks")
    if chunks is None:
        return None
    rows, order = chunks.number("rows", 0), chunks.text("order")
    if rows < 1 or rows != int(rows):
        chunks.problem("rows", "must be a whole number of at least 1")
    if not order:
        chunks.problem("order", "is missing: name the column that puts the rows in order")
    chunks.close()
    return Chunks(int(rows), order)


def _matters(table: Table) -> Matters:
    matters = table.sub("matters")
    if matters is None:
        return Matters()
    usual = Matters()
    names = ("error_rate", "latency", "performance", "drift", "missing")
    read = {name: matters.number(name, getattr(usual, name)) for name in names}
    matters.close()
    return Matters(**read)


def _outcomes(table: Table, base: Path) -> Outcomes | None:
    outcomes = table.sub("outcomes")
    if outcomes is None:
        return None
    place = _place(outcomes, base)
    request_id, outcome = outcomes.text("request_id"), outcomes.text("outcome")
    for key, value in (("request_id", request_id), ("outcome", outcome)):
        if not value:
            outcomes.problem(key, "is missing: name the column there")
    time = outcomes.text("outcome_time") or None
    outcomes.close()
    return Outcomes(place, request_id, outcome, time)


def _reference(table: Table, base: Path) -> Reference | None:
    reference = table.sub("reference")
    if reference is None:
        return None
    place, outcome = _place(reference, base), reference.text("outcome") or None
    reference.close()
    return Reference(place, outcome)


def _visibility(table: Table) -> dict[str, Visibility]:
    visibility = table.sub("visibility")
    if visibility is None:
        return {}
    valid = [kind.value for kind in Visibility]
    return {
        column: Visibility(visibility.choice(column, valid, "hidden")) for column in visibility.raw
    }


def _check_together(source: Source, table: Table) -> None:
    """Check what only shows when a source is seen whole."""
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
    listed = {*source.columns.values(), *source.outcome_columns.values()}
    for column, kind in source.visibility.items():
        # What no role names is never read; saying so of a column keeps it so, and may be said.
        if column not in listed and (
            kind is not Visibility.HIDDEN or nearest(column, listed, alike=80)
        ):
            message = "no role names this column"
            table.problem(f"visibility.{column}", message, nearest(column, listed))
    for name, column in source.columns.items():
        if name in DERIVED or (name in source.roles and name != column and name in _lists(source)):
            message = f"{name!r} is the name of a role and of another column; rename the column"
            table.problem(f"roles.{name}", message)


def _lists(source: Source) -> set[str]:
    lists = (source.dimensions, source.protected, source.features, source.transformed)
    return {name for names in (*lists, source.attributions, source.metrics) for name in names}
