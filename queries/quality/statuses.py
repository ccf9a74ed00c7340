"""Statuses that don't tell how a request went: missing ones, and those that may mean either."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from queries.core import statuses
from queries.core.doors.rows import Dataset
from queries.core.filters import as_typed
from queries.core.log import Log
from queries.core.number import Number
from queries.core.source import Visibility
from queries.measures.counting.expressions import Condition, Expression, Sample, count_where
from queries.measures.failures.results import is_known
from queries.statistics.rates import difference, wilson

_MOST = 0.5
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Untold:
    """The requests of which nobody knows whether they failed.

    ``missing`` have no status, ``unclear`` one that says neither; ``named`` are the commonest of
    these where everybody may see them. ``change`` is the share now less ``before``: None where what
    is compared with has no status at all. ``declared`` says that the good ones are.
    """

    column: str
    share: Number
    before: Number | None
    change: Number | None
    missing: int
    unclear: int
    named: tuple[tuple[str, int], ...]
    declared: bool

    def matters(self, least: float) -> bool:
        """Say whether that is most requests, or clearly and notably more than before."""
        if self.change is None or self.change.value is None:
            return (self.share.value or 0.0) >= _MOST
        return self.change.value >= least and (self.change.low or 0.0) > 0


def untold_statuses(log: Log, was: Sample, now: Sample) -> Untold | None:
    """Count what of the statuses says nothing, now and before; None where all of them tell."""
    if not log.has("status", Dataset.PRODUCTION):
        return None
    count, rows, unclear = _counted(log, now)
    if not count:
        return None
    there = log.has("status", was.dataset)
    past, past_rows, _ = _counted(log, was) if there else (0, 0, 0)
    shown = unclear and log.visibility("status") is Visibility.OPEN
    return Untold(
        column=log.source.roles["status"],
        share=wilson(count, rows),
        before=wilson(past, past_rows) if past_rows else None,
        change=difference(count, rows, past, past_rows) if past_rows else None,
        missing=count - unclear,
        unclear=unclear,
        named=_commonest(log, now) if shown else (),
        declared=bool(log.source.ok_status),
    )


def _counted(log: Log, sample: Sample) -> tuple[int, int, int]:
    """Count the requests that aren't known to have failed or not, all, and those with a status."""
    unknown = sa.not_(is_known())
    row = log.aggregate(
        {
            "n": sa.func.count(),
            "unknown": count_where(unknown),
            "unclear": count_where(sa.and_(unknown, _is_there(log))),
        },
        spans=sample.spans,
        where=sample.where,
        dataset=sample.dataset,
    )[0]
    return int(row["unknown"]), int(row["n"]), int(row["unclear"])


def _is_there(log: Log) -> Condition:
    there = sa.not_(log.missing("status"))
    if log.kind("status") != "text":
        return there
    word = sa.func.lower(sa.func.trim(log.column("status")))
    return sa.and_(there, word.not_in(statuses.NONE))


def _commonest(log: Log, sample: Sample) -> tuple[tuple[str, int], ...]:
    status: Expression = log.column("status")
    silent = (*sample.where, sa.not_(is_known()), _is_there(log))
    rows = log.relation({"status": status}, spans=sample.spans, where=silent)
    count = sa.func.count().label("n")
    select = (
        sa.select(rows.c["status"], count)
        .group_by(rows.c["status"])
        .order_by(count.desc(), rows.c["status"])
        .limit(_NAMED)
    )
    return tuple((as_typed(row["status"]), int(row["n"])) for row in log.run(select))
