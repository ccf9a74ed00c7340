"""From a source's columns to the canonical ones: roles, joined outcomes, what is derived.

Works on any engine: it is given a way to scan the source's places and builds on that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from queries.core import statuses
from queries.core.catalog import ColumnKind
from queries.core.doors.constructs import Missing
from queries.core.doors.rows import Dataset, Field
from queries.core.source import Scalar, Source
from queries.core.times.spans import Span, naive

Expression = sa.ColumnElement[Any]
OUTCOME = ("outcome", "outcome_time")
ORDER = "chunk order"
"""Name inside a select of the column that chunks are ordered by."""

FIXED: Mapping[str, ColumnKind] = {
    "time": "time",
    "outcome_time": "time",
    "exposed_at": "time",
    "latency_ms": "number",
    "score": "number",
    "threshold": "number",
    "value": "number",
    "weight": "number",
}
"""Roles whose kind is known whatever the log holds them in."""

AS_WRITTEN = ("request_id", "entity_id", "version", "variant", "experiment")
"""Roles that only tell one thing from another: in files of text they are text as it was written,
so that 1.10 stays apart from 1.1, and twenty digits from twenty others."""

WORDED = ("request_id", "status", "error")
"""Roles whose words are all kept: an id is what it is, and “none” is how some log no error."""

_FAILING = ("status", "error")
_NO_ERROR = (
    *(*statuses.NONE, "no", "false", "0", "ok"),
    *("no error", "success"),
)
"""What stands in a column of errors where there is none; programs write their own word for it."""


def fixed_kind(source: Source, name: str) -> ColumnKind | None:
    """Tell what a canonical column must hold by its role, or None where the log decides."""
    if name in source.metrics or name in source.attributions or name.startswith("score:"):
        return "number"
    if source.task == "regression" and name in ("prediction", "outcome"):
        return "number"
    return FIXED.get(name)


def is_measured(source: Source, name: str) -> bool:
    """Tell whether numbers of a column are measured (as doubles), not only told apart."""
    return fixed_kind(source, name) == "number" or name in (*source.features, *source.transformed)


class Scanner(Protocol):
    """How an engine reads one of a source's places."""

    def rows(
        self, dataset: Dataset, names: Collection[str], spans: Sequence[Span] | None
    ) -> sa.Select[Any]:
        """Give the rows of the log or the reference set with these canonical columns."""

    def outcomes(self, names: Collection[str]) -> sa.Select[Any]:
        """Give one row a request of the outcomes that lie apart: the latest, with its id."""


@dataclass(frozen=True)
class Canonical:
    """Builds the select behind every question about one source."""

    source: Source
    scanner: Scanner
    field: Callable[[str, Dataset], Field | None]

    def select(
        self, names: Collection[str], spans: Sequence[Span] | None, dataset: Dataset
    ) -> sa.Select[Any]:
        """Give the rows of some spans with these columns, each under its canonical name."""
        wanted = set(names)
        joined = self._joins(wanted, dataset)
        chunked = "chunk" in wanted
        below = self._below(wanted, joined, dataset)
        if chunked and spans is not None:
            below.add("time")
        # Chunks are numbered over the whole log, so that a time is cut out of it afterwards.
        inner = self.scanner.rows(dataset, sorted(below), None if chunked else spans)
        if not joined and not wanted & {"failed", "chunk"}:
            return inner
        rows = inner.subquery("logged")
        columns: dict[str, Expression] = {name: rows.c[name] for name in below}
        source: sa.FromClause = rows
        if joined:
            source = self._join(rows, columns, wanted)
        if "failed" in wanted:
            columns["failed"] = self._failed(columns, dataset)
        if chunked:
            columns["chunk"] = self._chunk(columns)
        listed = [columns[name].label(name) for name in sorted(wanted)]
        if not chunked or spans is None:
            return sa.select(*listed).select_from(source)
        numbered = sa.select(columns["time"].label("at"), *listed).select_from(source)
        return _within(numbered.subquery("numbered"), sorted(wanted), spans)

    def with_outcomes(self, rows: sa.Subquery, names: Collection[str]) -> sa.Select[Any]:
        """Give rows, which have their ``request_id``, with columns of outcomes that lie apart."""
        columns: dict[str, Expression] = {column.name: column for column in rows.c}
        source = self._join(rows, columns, set(names))
        return sa.select(*(each.label(name) for name, each in columns.items())).select_from(source)

    def _joins(self, wanted: set[str], dataset: Dataset) -> bool:
        apart = dataset is Dataset.PRODUCTION and self.source.outcomes is not None
        return apart and bool(wanted & set(OUTCOME))

    def _below(self, wanted: set[str], joined: bool, dataset: Dataset) -> set[str]:
        """Tell which columns of the log itself are needed for the wanted ones."""
        below = wanted - {"failed", "chunk"}
        if joined:
            below = (below - set(OUTCOME)) | {"request_id"}
        if "failed" in wanted:
            below |= {name for name in _FAILING if self.field(name, dataset) is not None}
        if "chunk" in wanted:
            below.add(ORDER)
        return below

    def _join(
        self, rows: sa.Subquery, columns: dict[str, Expression], wanted: set[str]
    ) -> sa.FromClause:
        taken = sorted(wanted & set(OUTCOME))
        outcomes = self.scanner.outcomes(taken).subquery("outcomes")
        columns.update({name: outcomes.c[name] for name in taken})
        same = rows.c["request_id"] == outcomes.c["request_id"]
        # Outer, as a request without an outcome is one whose outcome is still to come.
        return rows.outerjoin(outcomes, same)

    def _failed(self, columns: Mapping[str, Expression], dataset: Dataset) -> Expression:
        """Say whether a request failed: it names an error, or its status is not a good one.

        NULL where it isn't known: a log that has statuses says nothing of a request without one.
        """
        reasons: list[sa.ColumnElement[bool]] = []
        if "error" in columns and (error := self.field("error", dataset)):
            reasons.append(_is_error(columns["error"], error))
        if "status" not in columns or not (status := self.field("status", dataset)):
            # A CASE, as engines test it faster than COALESCEs.
            return sa.case((sa.or_(*reasons), sa.true()), else_=sa.false())
        told = self._is_told(columns["status"], status)
        reasons.append(sa.and_(told, self._is_bad(columns["status"], status)))
        return sa.case((sa.or_(*reasons), sa.true()), (told, sa.false()))

    def _is_told(self, status: Expression, field: Field) -> sa.ColumnElement[bool]:
        """Tell whether there is a status that says how it went; many programs write one for none.

        A number that HTTP doesn't have says nothing, unless the good ones are declared.
        """
        if field.kind != "text":
            there = sa.not_(Missing(sa.type_coerce(status, field.sql_type)))
            if field.kind != "number" or self.source.ok_status:
                return there
            return sa.and_(there, status >= statuses.FIRST, status <= statuses.LAST)
        word = _word(status)
        there = word.not_in(statuses.NONE)
        if self.source.ok_status:
            return there
        number = sa.func.substr(word, 1, 1).in_(statuses.NUMERIC)
        return sa.and_(there, sa.or_(sa.not_(number), _is_http(word, "12345")))

    def _is_bad(self, status: Expression, field: Field) -> sa.ColumnElement[bool]:
        if self.source.ok_status:
            return status.not_in(_fitted(field, self.source.ok_status))
        if field.kind == "number":
            return status >= statuses.OK_BELOW
        if field.kind == "boolean":
            return sa.not_(status)
        # Any other word is a bad one, as programs have few words for good and many for bad; a log
        # without a single good one is refused (``check_ok_status``).
        word = _word(status)
        return sa.not_(sa.or_(word.in_(statuses.GOOD_WORDS), _is_http(word, "123")))

    def _chunk(self, columns: Mapping[str, Expression]) -> Expression:
        chunks = self.source.chunks
        assert chunks is not None  # noqa: S101 - there is no field "chunk" without
        number = sa.func.row_number().over(order_by=columns[ORDER])
        return (number - 1) // chunks.rows


def _fitted(field: Field, values: Sequence[Scalar]) -> list[Scalar]:
    """Write declared values as a column holds them, without those that it can't ever hold."""
    found: list[Scalar] = []
    for value in values:
        with suppress(ValueError):
            found.append(field.fitted(value))
    return found


def _word(status: Expression) -> Expression:
    return sa.func.lower(sa.func.trim(status))


def _is_http(word: Expression, classes: str) -> sa.ColumnElement[bool]:
    """Tell whether a text is a code of HTTP, which is often logged so: “200” and “200 OK” alike."""
    return sa.or_(*(word.like(f"{digit}__{rest}") for digit in classes for rest in ("", " %")))


def _is_error(error: Expression, field: Field) -> sa.ColumnElement[bool]:
    if field.kind == "text":
        return sa.func.lower(sa.func.trim(error)).not_in(_NO_ERROR)
    if field.kind == "boolean":
        return error
    return error != 0 if field.kind == "number" else error.is_not(None)


def _within(numbered: sa.Subquery, names: Sequence[str], spans: Sequence[Span]) -> sa.Select[Any]:
    at = numbered.c["at"]
    inside = [sa.and_(at >= naive(span.start), at < naive(span.end)) for span in spans]
    listed = [numbered.c[name] for name in names]
    # Of no spans no rows: an empty OR would let all of them in.
    return sa.select(*listed).where(sa.or_(sa.false(), *inside))
