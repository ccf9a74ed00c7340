"""What a company declares about an experiment: its arms, and what is measured in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MetricKind = Literal["share", "mean", "ratio"]


@dataclass(frozen=True, slots=True)
class ExperimentMetric:
    """What is measured of each user.

    A share is of users who have ``value`` in ``column``, a mean is of each user's sum of
    ``column``, and a ratio is the sum of ``column`` over that of ``per``. ``matters`` is the
    smallest difference worth acting on.
    """

    name: str
    title: str
    kind: MetricKind
    column: str
    value: str | float | bool | None = None
    per: str = ""
    better: Literal["higher", "lower"] = "higher"
    guardrail: bool = False
    matters: float = 0.0

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the canonical columns that it reads."""
        return (self.column, self.per) if self.per else (self.column,)


@dataclass(frozen=True, slots=True)
class Experiment:
    """Arms by the share of users that each should get, and the metrics to judge them by.

    A user counts once ``window`` after the first exposure is over; at once without it. Nobody
    who is first exposed from ``ends`` on belongs to it; until then it is running. ``users`` are
    expected in all. ``unit`` is the column that says whom an arm was given to; the entity without.
    """

    name: str
    title: str
    split: Mapping[str, float]
    control: str
    metrics: Mapping[str, ExperimentMetric]
    main: str
    window: timedelta | None = None
    ends: datetime | None = None
    users: int = 10_000
    unit: str = ""

    @property
    def arms(self) -> tuple[str, ...]:
        """Give the arms, the control first."""
        return (self.control, *(arm for arm in self.split if arm != self.control))

    @property
    def shares(self) -> tuple[float, ...]:
        """Give the share of users that each of ``arms`` should get; they sum to 1."""
        total = sum(self.split.values())
        return tuple(self.split[arm] / total for arm in self.arms)
