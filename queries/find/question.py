"""Show me the records: requests that meet conditions, to the asker alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core import words
from queries.core.answer import Answer, Column, FollowUp, RowStream, Severity, Table
from queries.core.filters import Filter
from queries.core.kinds.ordering import ENDS, NAMED, InOrder, Order
from queries.core.log import Log
from queries.core.logs import Logs
from queries.core.params import Whole
from queries.core.question import Question, param
from queries.core.takes import only_where, which_model, which_time
from queries.core.times.reading import nothing, read
from queries.core.times.when import Window
from queries.core.value import Cell, ColumnType
from queries.find.steps import next_steps
from queries.measures.columns.open import as_sorted, open_columns
from queries.wording.asked import Asked
from queries.wording.no_rows import no_rows
from queries.wording.not_shown import not_shown

IN_CHANNEL = ("time", "request_id", "status", "error", "latency_ms", "decision")
MOST_IN_CHANNEL = 9
_IDS = ("request_id", "entity_id")


class Find(Question):
    """Which records meet conditions."""

    name, title = "find", "Show me the records"
    about = "The requests that meet your conditions, one a row, to you alone."
    asked_as = ("record", "records", "show", "list", "rows")
    rank = 90
    private = True
    examples = (
        "find {model} last 24 hours where failed = yes",
        "find {model} today slowest limit 20",
        "find {model} last 24 hours order score desc where error contains timeout",
        "find {model} last 7 days where request_id = r-123",
    )

    model: str = which_model()
    window: Window = which_time("last 24 hours")
    where: tuple[Filter, ...] = only_where()
    order: Order = param(InOrder(), "Which first", default="newest")
    limit: int = param(
        Whole(1, 100), "How many to show", default="10", hint="All of them are in the spreadsheet."
    )

    def answer(self, logs: Logs) -> Answer:
        """Count the records and show the first; all of them are in the spreadsheet."""
        log = logs.of(self.model)
        reading = read(log, self.window, logs)
        if empty := nothing(log, reading):
            return empty
        asked = Asked(log.source, reading, self.where)
        where = log.matches(self.where)
        logs.progress("Looking for the records", None)
        # Counted in the engine: the rows themselves may be millions, of which a page is read.
        total = log.aggregate({"n": sa.func.count()}, spans=reading.spans, where=where)[0]["n"]
        if not total:
            return no_rows(log, asked)
        listing = _listing(log)
        order = _order(log, self.order, listing)
        rows = log.records(
            listing.names, spans=reading.spans, where=where, order=order, limit=self.limit
        )
        shown = tuple(listing.row(row.values()) for row in rows)

        def batches() -> Iterator[Sequence[tuple[Cell, ...]]]:
            for batch in log.stream(listing.names, spans=reading.spans, where=where, order=order):
                yield [listing.row(row) for row in batch]

        first = _first(log, self.order, rows)
        matching = words.counted(total, "record")
        few = len(shown) < total
        return Answer(
            severity=Severity.NOTE,
            headline=f"{asked.name}: {matching} {reading.text}",
            summary=f"Here are {len(shown)} of them, {first}. The spreadsheet has all of them."
            if few
            else f"Here are all of them, {first}.",
            tables=(
                Table(
                    "Records",
                    listing.columns,
                    shown,
                    channel=_in_channel(listing, self.order, self.where),
                    channel_rows=self.limit,
                ),
            ),
            caveats=not_shown(log.source),
            follow_ups=(*next_steps(asked, rows), *_follow_ups(log, asked)),
            every_row=RowStream("Records", listing.columns, total, batches, as_logged=True),
        )


@dataclass(frozen=True)
class _Listing:
    """The columns that a record may show, and how its values become cells."""

    names: tuple[str, ...]
    columns: tuple[Column, ...]

    def row(self, values: Iterable[Cell]) -> tuple[Cell, ...]:
        """Give one record; an id is text, however it is stored."""
        return tuple(
            str(value) if column.type == "text" and value is not None else value
            for column, value in zip(self.columns, values, strict=True)
        )


def _listing(log: Log) -> _Listing:
    names = open_columns(log)
    columns = tuple(
        Column(name, name.removesuffix("_ms").replace("_", " "), _type(log, name)) for name in names
    )
    return _Listing(names, columns)


def _type(log: Log, name: str) -> ColumnType:
    if name in _IDS:
        return "text"
    if name == "latency_ms":
        return "milliseconds"
    return log.kind(name)


def _in_channel(listing: _Listing, order: Order, where: Sequence[Filter]) -> tuple[str, ...]:
    """The columns that a chat shows: the usual ones, and those that were asked about."""
    asked = (order.column, *(each.column for each in where))
    names = (*IN_CHANNEL, *asked)
    return tuple(name for name in dict.fromkeys(names) if name in listing.names)[:MOST_IN_CHANNEL]


def _order(log: Log, order: Order, listing: _Listing) -> list[sa.ColumnElement[Any]]:
    """Order as asked, ties by id or else by everything, so that a page and the whole agree.

    Records without a value come last.
    """
    ids = [name for name in ("request_id",) if name in listing.names]
    tie = [as_sorted(log, name) for name in ids or listing.names]
    if log.source.undated and order.column == "time":
        return tie
    column = as_sorted(log, order.column)
    turned = column.desc() if order.falling else column.asc()
    # By missing first: to an engine NaN is larger than any number, and no NULL.
    return [log.missing(order.column), turned.nulls_last(), *tie]


def _first(log: Log, order: Order, rows: Sequence[Mapping[str, Cell]]) -> str:
    """Which records come first, in words: “newest first”, or that none has what orders them."""
    if rows and _is_missing(rows[0].get(order.column, "")):  # those without come last
        return f"in no particular order, as none of them has a value for “{order.column}”"
    if order in NAMED.values():
        return f"{order} first"
    end = ENDS[log.kind(order.column)][order.falling]
    return f"by {order.column.replace('_', ' ')}, {end}"


def _is_missing(value: Cell) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _follow_ups(log: Log, asked: Asked) -> tuple[FollowUp, ...]:
    if not log.has("failed") or log.source.undated:
        return ()
    others = tuple(each for each in asked.where if each.column not in ("failed", "error", "status"))
    text = Asked(asked.source, asked.reading, others).next("errors")
    return (FollowUp("Are failures unusual there?", text),)
