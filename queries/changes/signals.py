"""What may change around a moment, each as a rate: which requests count, out of which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import sqlalchemy as sa

from queries.changes.typical import Categories, Typical
from queries.core.doors.rows import Dataset
from queries.core.log import Log
from queries.core.source import Scalar
from queries.measures.columns.declared import is_left_out, never_favourable, never_ok
from queries.measures.columns.occurring import never_positive
from queries.measures.counting.expressions import Condition, finite
from queries.measures.predictions.scores import predicted_positive

TOLD_APART = 3
"""So many of a column's commonest values are followed one by one."""

SLOWER = 0.05
"""By how much the share of slow requests must grow: about as many again as are slow usually."""

BUSIER = 0.3
"""By which part of itself traffic must rise or drop."""


class Kind(StrEnum):
    """What a signal is about; causes first, then what people feel."""

    VERSION = "version"
    EMPTIED = "emptied"
    UNSEEN = "unseen"
    INPUT = "input"
    TRAFFIC = "traffic"
    ERRORS = "errors"
    LATENCY = "latency"
    SCORE = "score"
    DECISION = "decision"
    PREDICTION = "prediction"


CAUSES = (Kind.VERSION, Kind.EMPTIED, Kind.UNSEEN, Kind.INPUT, Kind.TRAFFIC)
SYMPTOMS = (Kind.ERRORS, Kind.LATENCY, Kind.SCORE, Kind.DECISION, Kind.PREDICTION)
_RISES_ONLY = (Kind.ERRORS, Kind.LATENCY, Kind.EMPTIED, Kind.UNSEEN)

Gauge = Literal["points", "shape", "pace"]


@dataclass(frozen=True, eq=False)
class Signal:
    """One rate to be followed: the rows that ``hit`` among those that are ``counted``.

    ``counted`` None counts every row. ``matters`` is the smallest change worth saying, by its
    ``gauge``: in shares of 1, as a Jensen-Shannon distance, or as a part of itself. ``value`` is
    the category or version that it follows, ``limit`` the number beyond which a row is a hit, on
    its ``side``.
    """

    kind: Kind
    column: str
    hit: Condition
    counted: Condition | None = None
    gauge: Gauge = "points"
    matters: float = 0.0
    value: Scalar | None = None
    limit: float | None = None
    side: Literal["above", "below"] = "above"

    @property
    def rises_only(self) -> bool:
        """Whether only more of it is worth saying."""
        return self.kind in _RISES_ONLY


def every_signal(log: Log, typical: Typical) -> tuple[Signal, ...]:
    """Give what can be followed in a log, judged against what is typical of its past."""
    return tuple(_every(log, typical))


def version_signal(log: Log, version: str) -> Signal:
    """Follow the share of requests that one version serves."""
    return Signal(Kind.VERSION, "version", log.equals("version", version), value=version)


def inputs_of(log: Log) -> list[str]:
    """The declared features that the log holds and anybody may know of."""
    return [name for name in log.source.features if log.has(name, Dataset.PRODUCTION)]


def _every(log: Log, typical: Typical) -> Iterator[Signal]:
    matters = log.source.matters
    yield Signal(Kind.TRAFFIC, "", sa.true(), gauge="pace", matters=BUSIER)
    if log.has("failed") and not is_left_out(log, never_ok(log)):
        failed = log.column("failed")
        yield Signal(
            kind=Kind.ERRORS,
            column="failed",
            hit=failed.is_(True),
            counted=failed.is_not(None),
            matters=matters.error_rate,
        )
    if typical.slow is not None:
        # Slower than that by as much as matters: at the usual p95 itself, 5 % are always slow.
        slow = typical.slow * (1 + matters.latency)
        took = finite(log.column("latency_ms"))
        yield Signal(
            kind=Kind.LATENCY,
            column="latency_ms",
            hit=took > slow,
            counted=took.is_not(None),
            gauge="points",
            matters=SLOWER,
            limit=slow,
        )
    for name in inputs_of(log):
        yield Signal(Kind.EMPTIED, name, log.missing(name), matters=matters.missing)
        if known := typical.categories.get(name):
            if unseen := _unseen(log, name, known):
                yield unseen
            yield from _shares(log, Kind.INPUT, name, known)
        yield from _beyond(log, Kind.INPUT, name, typical)
    yield from _outputs(log, typical)


def _outputs(log: Log, typical: Typical) -> Iterator[Signal]:
    yield from _beyond(log, Kind.SCORE, "score", typical)
    yield from _beyond(log, Kind.PREDICTION, "prediction", typical)
    binary = log.source.task == "binary" and log.has("prediction")
    if binary and not is_left_out(log, never_positive(log)):
        yes = predicted_positive(log)
        drift = log.source.matters.drift
        value = str(log.source.positive)
        present = sa.not_(log.missing("prediction"))
        yield Signal(
            kind=Kind.PREDICTION,
            column="prediction",
            hit=yes,
            counted=present,
            gauge="shape",
            matters=drift,
            value=value,
        )
    elif known := typical.categories.get("prediction"):
        yield from _shares(log, Kind.PREDICTION, "prediction", known)
    if known := typical.categories.get("decision"):
        favourable = log.source.favourable
        if is_left_out(log, never_favourable(log)):
            favourable = None
        yield from _shares(log, Kind.DECISION, "decision", known, favourable)


def _unseen(log: Log, name: str, known: Categories) -> Signal | None:
    """Values that the past never held; none where it held none, or too many to tell."""
    if not known.values or known.many:
        return None
    fresh = sa.and_(sa.not_(log.missing(name)), log.column(name).not_in(list(known.values)))
    return Signal(Kind.UNSEEN, name, fresh, matters=log.source.matters.missing)


def _shares(
    log: Log, kind: Kind, name: str, known: Categories, only: Scalar | None = None
) -> Iterator[Signal]:
    """The commonest values' shares; of two values one says all."""
    followed = [only] if only is not None else [*known.values][:TOLD_APART]
    # The other one's share is the rest.
    if len(known.values) <= 2:
        followed = followed[:1]
    for value in followed:
        if value is not None:
            hit, present = log.equals(name, value), sa.not_(log.missing(name))
            yield Signal(
                kind=kind,
                column=name,
                hit=hit,
                counted=present,
                gauge="shape",
                matters=log.source.matters.drift,
                value=value,
            )


def _beyond(log: Log, kind: Kind, name: str, typical: Typical) -> Iterator[Signal]:
    """Numbers beyond the past's quartiles, on either side."""
    if name not in typical.quartiles:
        return
    # Quartiles: a quarter lies beyond each, which is enough to count and
    # moves whichever way the numbers go.
    low, high = typical.quartiles[name]
    number, drift = finite(log.column(name)), log.source.matters.drift
    present = number.is_not(None)
    yield Signal(
        kind=kind,
        column=name,
        hit=number > high,
        counted=present,
        gauge="shape",
        matters=drift,
        limit=high,
    )
    yield Signal(
        kind=kind,
        column=name,
        hit=number < low,
        counted=present,
        gauge="shape",
        matters=drift,
        limit=low,
        side="below",
    )
