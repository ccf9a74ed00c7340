"""A rollout: who is served by which version, and what must not get worse, hour by hour."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from queries.core.kinds.pair import VERSION
from queries.core.log import Log
from queries.core.times.spans import Span
from queries.core.value import Cell
from queries.measures.counting.expressions import Condition
from queries.measures.groups.gaps import GroupChange
from queries.measures.sides.cells import DAY, HOUR, Cells
from queries.measures.sides.comparison import Comparison
from queries.measures.sides.judged import Compared
from queries.rollout.guardrails import (
    Guardrail,
    State,
    Verdict,
    level_for,
    of_group,
    of_metric,
    verdict,
)
from queries.statistics.stratified import within

MOMENTS = 30
"""At so many moments at most the rollout is looked at as of then."""


@dataclass(frozen=True)
class Traffic:
    """The requests of each version in equal stretches, and when each of these begins."""

    at: tuple[datetime, ...]
    versions: tuple[Cell, ...]
    rows: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Rollout:
    """What is known of a rollout.

    ``guardrails`` are ranked, the most urgent first, each with what was known of it at the
    ``moments`` before (``history``). ``pace`` is how many requests with a counterpart come a day,
    ``level`` that of every interval, so that all hold together and whenever they are read.
    """

    found: Comparison
    guardrails: tuple[Guardrail, ...]
    verdict: Verdict
    level: float
    pace: float
    moments: tuple[datetime, ...]
    history: tuple[tuple[Guardrail, ...], ...]
    traffic: Traffic

    def of(self, *states: State) -> list[int]:
        """The places of the guardrails in some states."""
        return [at for at, each in enumerate(self.guardrails) if each.state in states]

    def since(self, at: int) -> datetime | None:
        """When a guardrail was first, and from then on always, what it is now."""
        found = None
        for moment, past in zip(self.moments, self.history, strict=True):
            same = past[at].state is self.guardrails[at].state
            found = (found or moment) if same else None
        return found

    def days(self, at: int) -> float:
        """In how many days enough is known of a guardrail, at the pace of the last day."""
        each = self.guardrails[at]
        more = (each.factor - 1) * sum(self.found.counted.cells.matched)
        return more / self.pace if self.pace else math.inf

    def requests(self, at: int) -> float:
        """How many more requests that takes."""
        return (self.guardrails[at].factor - 1) * sum(self.found.counted.cells.matched)


def rollout_report(
    log: Log, found: Comparison, serving: Span, where: Sequence[Condition]
) -> Rollout:
    """Judge what must not get worse, now and at moments since both versions serve."""
    # Counted before any is judged: the level may not depend on what is found.
    level = level_for(sum(1 for _ in _guarded(found)))
    now = [_judge(found, each, level) for each in _guarded(found)]
    ranked = sorted(range(len(now)), key=lambda at: (list(State).index(now[at].state), at))
    step = _step(serving)
    moments = _moments(serving, step)
    guarded = [list(_guarded(found))[at] for at in ranked]
    guardrails = tuple(now[at] for at in ranked)
    # From cells that were counted once: looking back at thirty moments costs no statement.
    past = [_as_of(found, serving.start, moment) for moment in moments[:-1]]
    history = (*(tuple(_judge(then, each, level) for each in guarded) for then in past), guardrails)
    return Rollout(
        found=found,
        guardrails=guardrails,
        verdict=verdict(guardrails),
        level=level,
        pace=_pace(found, serving),
        moments=moments,
        history=history,
        traffic=traffic(log, serving, step, where),
    )


def traffic(log: Log, span: Span, seconds: int, where: Sequence[Condition]) -> Traffic:
    """Count the requests of each version over time."""
    rows = log.aggregate(
        {"n": sa.func.count()},
        by={"version": log.column(VERSION), "at": log.bucket(span.start, seconds)},
        spans=(span,),
        where=where,
    )
    length = (span.end - span.start).total_seconds()
    buckets = max(1, math.ceil(length / seconds))
    counts: dict[Cell, list[int]] = {}
    for row in rows:
        place = min(int(row["at"]), buckets - 1)
        counts.setdefault(row["version"], [0] * buckets)[place] += int(row["n"])
    ranked = sorted(counts, key=lambda version: (-sum(counts[version]), str(version)))
    at = tuple(span.start + timedelta(seconds=place * seconds) for place in range(buckets))
    return Traffic(at, tuple(ranked), tuple(tuple(counts[version]) for version in ranked))


Guarded = Compared | GroupChange


def _guarded(found: Comparison) -> Iterator[Guarded]:
    """What is watched: all that can get worse, the favourable answer, and every group."""
    for each in sorted(found.compared, key=lambda one: one.place):
        if each.metric.worse or each.metric is found.favourable:
            yield each
    yield from (each for each in found.groups if each.there is not None)


def _judge(found: Comparison, each: Guarded, level: float) -> Guardrail:
    counted = found.counted
    if isinstance(each, Compared):
        effect, share = found.effects[each.place], each.metric.share
        inside = within(counted.cells.strata(each.place), share=share, effect=effect)
        return of_metric(each.metric, inside, each.metric.least(inside.means[1]), level)
    favourable = next(one for one in found.compared if one.metric is found.favourable)
    effect = found.effects[favourable.place]
    here, there = (
        within(
            counted.groups[each.attribute, value].strata(favourable.place),
            share=True,
            effect=effect,
        )
        for value in (each.value, each.reference)
    )
    return of_group(favourable.metric, replace(each, here=here, there=there), level)


def _as_of(found: Comparison, origin: datetime, moment: datetime) -> Comparison:
    """A comparison as it was at a moment: only stretches that had ended."""
    counted, seconds = found.counted, round((moment - origin).total_seconds())

    def cut(cells: Cells) -> Cells:
        return cells.until(counted.ends(cells, origin), seconds)

    groups = {key: cut(cells) for key, cells in counted.groups.items()}
    return replace(found, counted=replace(counted, cells=cut(counted.cells), groups=groups))


def _step(serving: Span) -> int:
    """An hour or more between moments: whole days for longer rollouts."""
    hours = (serving.end - serving.start).total_seconds() / HOUR
    step = max(1, math.ceil(hours / MOMENTS))
    return HOUR * (24 * math.ceil(step / 24) if step > 12 else step)


def _moments(serving: Span, step: int) -> tuple[datetime, ...]:
    """Moments a step apart; the last is when the log ends."""
    length = (serving.end - serving.start).total_seconds()
    whole = int(length // step)
    before = (serving.start + timedelta(seconds=place * step) for place in range(1, whole))
    return (*before, serving.end)


def _pace(found: Comparison, serving: Span) -> float:
    """How many requests with a counterpart came a day, over the last day."""
    cells, length = found.counted.cells, (serving.end - serving.start).total_seconds()
    if not found.counted.begun or not length:
        return 0.0
    ends = found.counted.ends(cells, serving.start)
    until = length - DAY
    earlier = sum(cells.until(ends, round(until)).matched) if until > 0 else 0
    return (sum(cells.matched) - earlier) / min(length, DAY) * DAY
