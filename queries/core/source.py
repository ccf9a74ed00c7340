"""What a company declares about a model's log: where it lies and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from queries.core.experiments import Experiment

Task = Literal["binary", "multiclass", "regression", "none"]
Format = Literal["parquet", "csv", "jsonl"]
Scalar = str | int | float | bool
Direction = Literal["higher", "lower"]

ROLES = (
    "time",
    "version",
    "request_id",
    "entity_id",
    "status",
    "error",
    "latency_ms",
    "prediction",
    "score",
    "threshold",
    "decision",
    "override",
    "override_reason",
    "outcome",
    "outcome_time",
    "value",
    "weight",
    "experiment",
    "variant",
    "exposed_at",
)
"""The roles that one column plays; each is also the name under which questions see it."""

DERIVED = ("failed", "chunk")
"""Names that the engine computes, so that no column may be declared under them."""


SMALLEST_GROUP = 10
"""A group of fewer requests is not shown by itself, unless a source says otherwise."""


class Visibility(StrEnum):
    """Who may see a column: anyone, nobody one by one, or nobody."""

    OPEN = "open"
    GROUPED = "grouped"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows lie: absolute file patterns of one format, or a table behind a URL.

    ``rows`` is a SELECT over them that makes the rows, where they are none themselves.
    """

    files: tuple[str, ...] = ()
    format: Format = "parquet"
    url: str = field(default="", repr=False)  # it may hold a password
    table: str = ""
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Chunks:
    """Rows are looked at in chunks of this many, in the order of this column of the log."""

    rows: int
    order: str


@dataclass(frozen=True, slots=True)
class Matters:
    """The smallest change worth acting on; units as commented in plainlogs.toml."""

    error_rate: float = 0.005
    latency: float = 0.10
    performance: float = 0.02
    drift: float = 0.1
    missing: float = 0.01
    decision_rate: float = 0.02
    output: float = 0.05


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Outcomes that lie apart, joined on the request id; names are columns there."""

    place: Place
    request_id: str
    outcome: str
    outcome_time: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A training or validation set with the log's own columns; ``outcome`` is its column."""

    place: Place
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One model's production log as declared. Mappings go from canonical name to column.

    A column is its name, a path into one, or an expression over several. ``named`` are the columns
    of listed names that aren't called so themselves, ``labels`` what is told for logged values, by
    canonical name; ``missing`` are words that mean that a value is missing, ``where`` the
    conditions on rows that count, ``time_format`` how times are written (strptime). ``made_of``
    tells of paths and expressions which columns they lead into and name.
    """

    name: str
    title: str
    place: Place
    roles: Mapping[str, str]
    about: str = ""
    simulated: bool = False
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    undated: bool = False
    task: Task = "none"
    positive: Scalar = 1
    classes: tuple[Scalar, ...] = ()
    score_direction: Direction = "higher"
    favourable: Scalar | None = None
    decided: tuple[Scalar, ...] = ()
    outcome_delay: timedelta = timedelta(0)
    ok_status: tuple[Scalar, ...] = ()
    chunks: Chunks | None = None
    owner: str = ""
    matters: Matters = field(default_factory=Matters)
    smallest_group: int = SMALLEST_GROUP
    dimensions: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    transformed: Mapping[str, str] = field(default_factory=dict)
    attributions: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    scores: Mapping[str, str] = field(default_factory=dict)
    visibility: Mapping[str, Visibility] = field(default_factory=dict)
    outcomes: Outcomes | None = None
    reference: Reference | None = None
    experiments: Mapping[str, Experiment] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    made_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    where: str = ""
    time_format: str = ""

    @property
    def columns(self) -> Mapping[str, str]:
        """Canonical name to column of the log, of everything that is declared to be in it."""
        listed = (
            *self.dimensions,
            *self.protected,
            *self.features,
            *self.transformed,
            *self.attributions,
            *self.metrics,
        )
        scores = {f"score:{label}": column for label, column in self.scores.items()}
        units = {each.unit: each.unit for each in self.experiments.values() if each.unit}
        places = {name: self.named.get(name, name) for name in listed}
        # Roles last: where another column bears a role's name, the role's own is meant.
        return {**units, **places, **scores, **self.roles}

    @property
    def outcome_columns(self) -> Mapping[str, str]:
        """Canonical name to column of outcomes that lie apart; nothing where they do not."""
        if self.outcomes is None:
            return {}
        columns = {"outcome": self.outcomes.outcome, "outcome_time": self.outcomes.outcome_time}
        return {name: column for name, column in columns.items() if column}

    @property
    def splits(self) -> tuple[str, ...]:
        """What to offer to split by: the version and the dimensions, as far as they are shown."""
        columns = {name: self.columns.get(name) for name in ("version", *self.dimensions)}
        return tuple(
            name
            for name, column in columns.items()
            if column and self.visible(column) is not Visibility.HIDDEN
        )

    def visible(self, column: str) -> Visibility:
        """Tell who may see a column of the log.

        Grouped by default are protected attributes, and whom experiments name in no role. What
        leads into a column or is made of it shows no more than that does, unless it says so itself.
        """
        called = (name for name, each in self.named.items() if each == column)
        for name in (column, *called):
            if name in self.visibility:
                return self.visibility[name]
        kinds = [
            self._usual(column),
            *(self.visible(each) for each in self.made_of.get(column, ())),
        ]
        return max(kinds, key=list(Visibility).index)

    def _usual(self, column: str) -> Visibility:
        """Tell who may see a column of which nothing is declared."""
        units = {each.unit for each in self.experiments.values()}
        listed = (*self.dimensions, *self.features, *self.metrics)
        named = {*self.roles.values(), *(self.named.get(name, name) for name in listed)}
        protected = {self.named.get(name, name) for name in self.protected}
        grouped = column in protected or (column in units and column not in named)
        return Visibility.GROUPED if grouped else Visibility.OPEN

    @property
    def closed(self) -> Mapping[str, Visibility]:
        """The columns of the log that are named here and not open; hidden ones by name alone."""
        named = dict.fromkeys((*self.columns.values(), *self.visibility))
        kinds = {name: self.visible(name) for name in named}
        return {name: kind for name, kind in kinds.items() if kind is not Visibility.OPEN}
