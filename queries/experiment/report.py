"""Everything that an answer about an experiment tells, measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from queries.core.experiments import Experiment
from queries.core.log import Log
from queries.core.number import Number
from queries.core.times.reading import Reading
from queries.core.times.spans import midnight
from queries.experiment.arms import Against, Compared, Effect, compare, moments_of
from queries.experiment.arms import unit_of as unit_of_metric
from queries.experiment.enrolment import Group, Period, Standing, enrolment, period_of
from queries.experiment.missing import Missing, missing_from
from queries.experiment.split import Split, split_check
from queries.measures.counting.expressions import Condition
from queries.statistics.anytime import ENOUGH_UNITS, anytime_difference
from queries.statistics.estimates import LEVEL
from queries.statistics.moments import Sums

_ASSIGNED = (Standing.FINISHED, Standing.OPEN, Standing.CROSSED)
"""Standings of users whose first exposure tells their arm."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a reading at a moment would have told of an arm's effect."""

    at: datetime
    users: int
    effect: Number


@dataclass(frozen=True)
class ExperimentReport:
    """One experiment. ``main`` is the metric that decides, ``others`` are all further ones.

    ``over_time`` are readings of the arm that is told first, by the main metric.
    """

    experiment: Experiment
    running: bool
    groups: tuple[Group, ...]
    split: Split
    main: Compared
    others: tuple[Compared, ...]
    over_time: tuple[Reached, ...]
    missing: Missing

    def users(self, standing: Standing, arm: int | None = None) -> int:
        """Count users of a standing, in all or of one arm."""
        return sum(
            each.users
            for each in self.groups
            if each.standing is standing and arm in (None, each.arm)
        )

    def rows(self, standing: Standing) -> int:
        """Count the rows of users of a standing."""
        return sum(each.rows for each in self.groups if each.standing is standing)

    def known(self, metric: str) -> int:
        """Count the finished users of whom a metric's column is known."""
        return _known(self.groups, metric)

    @property
    def lead(self) -> Against:
        """The arm to tell first: the best of those that won, else the one furthest off."""
        return leading(self.main)

    @property
    def harmed(self) -> tuple[tuple[Compared, Against], ...]:
        """Guardrails that an arm made worse."""
        guardrails = (each for each in (self.main, *self.others) if each.metric.guardrail)
        return tuple(
            (each, one) for each in guardrails for one in each.against if one.effect is Effect.WORSE
        )


def experiment_report(
    log: Log,
    experiment: Experiment,
    reading: Reading,
    where: Sequence[Condition] = (),
) -> ExperimentReport:
    """Measure an experiment: one pass over the log.

    A metric whose column is empty for everybody is measured of nobody.
    """
    groups = enrolment(log, experiment, reading, where)
    period = period_of(experiment, reading)
    running = is_running(experiment, period)
    arms = range(len(experiment.arms))
    assigned = [
        sum(each.users for each in groups if each.standing in _ASSIGNED and each.arm == arm)
        for arm in arms
    ]
    finished = [each for each in groups if each.standing is Standing.FINISHED]
    known = {name: _known(finished, name) for name in experiment.metrics}
    compared = {
        name: compare(
            metric,
            [
                _added(each.sums[name] for each in finished if each.arm == arm and known[name])
                for arm in arms
            ],
            experiment.users,
            running=running,
        )
        for name, metric in experiment.metrics.items()
    }
    main = compared.pop(experiment.main)
    return ExperimentReport(
        experiment=experiment,
        running=running,
        groups=groups,
        split=split_check(assigned, experiment.shares, running=running),
        main=main,
        others=tuple(compared.values()),
        missing=missing_from(
            [_known((g for g in finished if g.arm == arm), experiment.main) for arm in arms],
            [sum(g.users for g in finished if g.arm == arm) for arm in arms],
        ),
        over_time=_over_time(experiment, main, finished, period, reading) if running else (),
    )


def _known(groups: Iterable[Group], metric: str) -> int:
    finished = (each for each in groups if each.standing is Standing.FINISHED)
    return sum(each.known[metric] for each in finished)


def is_running(experiment: Experiment, period: Period) -> bool:
    """Say whether users are still to come, or windows to close, at the end of what was read."""
    if period.closed is None:
        return False
    return experiment.ends is None or period.closed < experiment.ends


def leading(compared: Compared) -> Against:
    """Give the arm to tell first."""
    higher = 1 if compared.metric.better == "higher" else -1
    order = {Effect.BETTER: 0, Effect.WORSE: 1, Effect.SMALL: 2, Effect.NONE: 3, Effect.FEW: 4}
    return min(
        compared.against,
        key=lambda each: (order[each.effect], -higher * (each.change.value or 0.0)),
    )


def _over_time(
    experiment: Experiment,
    main: Compared,
    finished: Sequence[Group],
    period: Period,
    reading: Reading,
) -> tuple[Reached, ...]:
    """Give a reading at the end of each day on which users finished."""
    arm, metric = leading(main).arm, main.metric
    if period.first is None or period.closed is None:
        return ()
    level = 1 - (1 - LEVEL) / max(1, len(experiment.arms) - 1)
    window, found = experiment.window or timedelta(0), []
    so_far = {0: Sums(0, 0.0, 0.0), arm: Sums(0, 0.0, 0.0)}
    for day in sorted({each.day for each in finished if each.day is not None}):
        for each in finished:
            if each.day == day and each.arm in so_far:
                so_far[each.arm] = _added((so_far[each.arm], each.sums[metric.name]))
        # The sequences hold only from there on; earlier readings would be
        # false alarms in the picture.
        if min(each.n for each in so_far.values()) < ENOUGH_UNITS:
            continue
        control, treated = (moments_of(metric, so_far[each]) for each in (0, arm))
        if control is None or treated is None:
            continue
        effect = anytime_difference(
            treated, control, experiment.users, level, unit_of_metric(metric)
        )
        ends = midnight(period.first + timedelta(days=day + 1), reading.zone)
        at = min(ends, period.closed) + window
        found.append(Reached(at, control.n + treated.n, effect))
    return tuple(found)


def _added(sums: Iterable[Sums]) -> Sums:
    listed = list(sums)
    return Sums(
        sum(each.n for each in listed),
        *(sum(getattr(each, name) for each in listed) for name in ("y", "yy", "x", "xx", "xy")),
    )


def decided_by(experiment: Experiment, metric: str | None) -> Experiment:
    """Give the experiment with another metric as the one that decides."""
    return experiment if metric is None else replace(experiment, main=metric)
