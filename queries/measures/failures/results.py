"""Of how many requests it is known whether they failed: of those without a status it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queries.core import statuses
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.spans import Span
from queries.measures.counting.expressions import Condition, count_where
from queries.measures.counting.layout import to_read
from queries.statistics.usual import Usual, usual_rate

MOST = 0.5
"""Where the results of fewer than so many requests are known, they say nothing of the others."""


@dataclass(frozen=True, slots=True)
class Results:
    """How many requests there were and of how many the result is known, in the present and before.

    ``column`` is the one that tells it; ``last`` when it last did, where it doesn't now;
    ``unclear`` whether any status is there that says nothing by itself.
    """

    column: str
    requests: int
    known: int
    past: tuple[tuple[int, int], ...]
    last: datetime | None = None
    unclear: bool = False

    @property
    def none(self) -> bool:
        """Say that there were requests, and that of none of them the result is known."""
        return bool(self.requests) and not self.known

    @property
    def some_unknown(self) -> bool:
        """Say whether any result isn't known, now or before."""
        return self.known < self.requests or any(known < n for known, n in self.past)

    @property
    def unknown(self) -> Number:
        """The share of requests whose result isn't known."""
        return self.usual.now

    @property
    def usual(self) -> Usual:
        """The share of unknown results against its usual."""
        return usual_rate(
            [(n - known, n) for known, n in self.past], (self.requests - self.known, self.requests)
        )

    def hide(self, matters: float) -> bool:
        """Say whether failures that matter could hide among the results that aren't known.

        So they can where most aren't, or where clearly more aren't than usual.
        """
        if not self.requests or self.known == self.requests:
            return False
        usual = self.usual
        gained = (usual.now.value or 0.0) - (usual.usual.value or 0.0)
        risen = usual.unusual is not False and usual.higher is not False and gained >= matters
        return self.known < MOST * self.requests or risen


def results(log: Log, spans: Sequence[Span], where: Sequence[Condition]) -> Results:
    """Count in the present (the first span) and in the comparable past (the others).

    Without spans, in the whole log.
    """
    rows = log.aggregate(
        {"n": sa.func.count(), "known": known(), "failed": count_where(_failed())},
        by={"period": log.period(spans) if spans else sa.literal(0)},
        spans=to_read(spans) if spans else None,
        where=where,
    )
    found = {row["period"]: (int(row["known"]), int(row["n"])) for row in rows}
    counts = [found.get(at, (0, 0)) for at in range(max(1, len(spans)))]
    return results_of(log, counts, where, failed=any(row["failed"] for row in rows))


def _failed() -> Condition:
    return sa.column("failed", sa.Boolean()).is_(True)


def is_known() -> Condition:
    """Whether it is known if a request failed."""
    return sa.column("failed", sa.Boolean()).is_not(None)


def known() -> sa.ColumnElement[Any]:
    """Count the rows of which it is known whether they failed."""
    return sa.func.count(sa.column("failed", sa.Boolean()))


def results_of(
    log: Log,
    counts: Sequence[tuple[int, int]],
    where: Sequence[Condition] = (),
    *,
    failed: bool,
) -> Results:
    """Tell of counted periods, the present first, of how many requests the result is known.

    ``failed`` says whether any of them failed.
    """
    if not failed and not log.has("status") and not _ever_failed(log):
        # Errors that were never logged, ever: maybe none happened, maybe they stand elsewhere.
        counts = [(0, n) for _, n in counts]
    roles = log.source.roles
    column = roles["status"] if log.has("status") else roles.get("error", "status")
    (known, requests), *past = counts
    last = _last(log, where) if requests and not known else None
    unclear = any(n < all_ for n, all_ in counts) and _unclear(log, where)
    return Results(column, requests, known, tuple(past), last=last, unclear=unclear)


def _unclear(log: Log, where: Sequence[Condition]) -> bool:
    """Tell whether statuses are there that say nothing; a pass, made where any is unknown."""
    if not log.has("status"):
        return False
    silent = [*where, sa.not_(is_known()), sa.not_(log.missing("status"))]
    if log.kind("status") == "text":
        word = sa.func.lower(sa.func.trim(log.column("status")))
        silent.append(word.not_in(statuses.NONE))
    return bool(log.aggregate({"n": sa.func.count()}, where=silent)[0]["n"])


def _ever_failed(log: Log) -> bool:
    """Tell whether an error was ever logged; a pass over the log, made where none was lately."""
    return bool(log.aggregate({"n": count_where(_failed())})[0]["n"])


def _last(log: Log, where: Sequence[Condition]) -> datetime | None:
    """When a request's result was last known; a pass over the log, made where none is now."""
    if not log.has("time"):
        return None
    if not log.has("status"):
        return None
    told = [*where, is_known()]
    found = log.aggregate({"at": sa.func.max(log.column("time"))}, where=told)[0]["at"]
    return found if isinstance(found, datetime) else None
