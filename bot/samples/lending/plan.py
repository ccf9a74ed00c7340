"""What is simulated: how much, from when to when, and when the planted things happen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np

from bot.samples.chance import Booleans, Floats, Integers

REGIONS = ("EMEA", "AMER", "APAC", "LATAM")
EMEA, LATAM = REGIONS.index("EMEA"), REGIONS.index("LATAM")
MINUTES_A_DAY = 24 * 60

# In minutes: within the last day, so that “last 24 hours” shows it beside what was before.
FAILURE_BEFORE_AT = 6 * 60
CACHE_LASTS = 2
FAILURE_LASTS = 30 * 60
# So near that the version looks guilty; both versions fail alike.
ARRIVAL_BEFORE_FAILURE = 10
# Over before the last 24 hours begin, which are the failure's.
MISLOGGING_BEFORE_AT = 30 * 60
MISLOGGING_LASTS = 4 * 60

_DAY = MINUTES_A_DAY
_ROLLOUT: Mapping[str, tuple[tuple[int, float], ...]] = MappingProxyType(
    {
        "EMEA": (
            (-FAILURE_BEFORE_AT - ARRIVAL_BEFORE_FAILURE, 0.30),
            (3 * _DAY, 0.50),
            (7 * _DAY, 1.0),
        ),
        "AMER": ((-5 * _DAY, 0.10), (-2 * _DAY, 0.25), (2 * _DAY, 0.50), (6 * _DAY, 1.0)),
        "APAC": ((-14 * _DAY, 0.25), (-7 * _DAY, 0.50), (4 * _DAY, 1.0)),
        # First where loans earn least, for what ``compare`` shows: worse in all, better in each
        # region.
        "LATAM": ((-21 * _DAY, 0.25), (-17 * _DAY, 0.50), (-12 * _DAY, 1.0)),
    }
)
"""Per region: minutes after ``at`` and the share of customers on version 2.3 from then on."""

_DRIFT_BEGINS = -35 * _DAY
_DRIFT_A_DAY = 0.0026
_DRIFT_AT_MOST = 0.16
_EXPERIMENT_BEGINS = -28 * _DAY


@dataclass(frozen=True, slots=True)
class Plan:
    """One simulation. ``at`` is the minute (UTC) at which the history ends; times are minutes.

    Times as integers are whole minutes since 1970-01-01 00:00 UTC.
    """

    seed: int
    at: datetime
    rows_per_day: int = 25_000
    days: int = 60

    @property
    def end(self) -> int:
        """The first minute after the history."""
        return minute_of(self.at)

    @property
    def first(self) -> int:
        """The first minute of the history: the midnight that begins its first whole day."""
        return self.end // _DAY * _DAY - self.days * _DAY

    @property
    def failure(self) -> int:
        """When the upstream failure empties ``income_band`` in EMEA."""
        return self.end - FAILURE_BEFORE_AT

    def failing(self, minute: Integers) -> Booleans:
        """Say for each minute whether the upstream failure lasts in it."""
        return (minute >= self.failure) & (minute < self.failure + FAILURE_LASTS)

    def mislogging(self, minute: Integers) -> Booleans:
        """Say for each minute whether version 2.3 logs ``instalment_share`` wrongly in LATAM."""
        since = minute - (self.end - MISLOGGING_BEFORE_AT)
        return (since >= 0) & (since < MISLOGGING_LASTS)

    def share_on_new_version(self, minute: Integers, region: Integers) -> Floats:
        """Give the share of customers who are served by version 2.3, by minute and region."""
        share = np.zeros(np.broadcast(minute, region).shape)
        for code, name in enumerate(REGIONS):
            for after, stage in _ROLLOUT[name]:
                share[(region == code) & (minute >= self.end + after)] = stage
        return share

    def debt_ratio_drift(self, minute: Integers) -> Floats:
        """Give what has crept onto the mean ``debt_ratio`` by each minute: the slow drift."""
        days = (minute - self.end - _DRIFT_BEGINS) / _DAY
        return np.clip(days * _DRIFT_A_DAY, 0.0, _DRIFT_AT_MOST)

    def in_experiment(self, minute: Integers) -> Booleans:
        """Say for each minute whether the experiment runs in it."""
        return minute >= self.end + _EXPERIMENT_BEGINS

    def save(self, path: Path) -> None:
        """Write the plan as JSON, for the simulation to be continued from."""
        kept = {
            "note": "What the simulator of the lending sample needs in order to go on.",
            "seed": self.seed,
            "at": self.at.isoformat(),
            "rows_per_day": self.rows_per_day,
            "days": self.days,
        }
        path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Plan:
        """Read a plan that ``save`` wrote; raises OSError, KeyError or ValueError if it did not."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(kept["at"])
        return cls(kept["seed"], at, kept["rows_per_day"], kept["days"])


def minute_of(moment: datetime) -> int:
    """Give the minute that a timezone-aware moment lies in."""
    return (moment - _EPOCH) // timedelta(minutes=1)


def moment_of(minute: int) -> datetime:
    """Give the moment (UTC) at which a minute begins."""
    return _EPOCH + timedelta(minutes=minute)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
