"""What is known without touching a log: sources, their columns, and values seen lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

ColumnKind = Literal["text", "number", "boolean", "time"]
Closed = Literal["grouped", "hidden"]

# Read-only, as all cards without any of their own share these.
_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_NOTHING_CLOSED: Mapping[str, Closed] = MappingProxyType({})
_SAME_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SourceCard:
    """One source as forms and grammar see it.

    ``columns`` are the canonical names that a person may filter by, each with its kind;
    ``dimensions`` are those to split by, each with the values seen lately, commonest first.
    ``experiments`` are the declared ones, each with the names of its metrics. ``closed`` are the
    names that can't be filtered by, each with whether its groups may be shown; ``called`` is the
    canonical name of a column that plays a role.
    """

    name: str
    title: str
    task: str
    simulated: bool
    undated: bool
    roles: frozenset[str]
    columns: Mapping[str, ColumnKind]
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    versions: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    experiments: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    protected: tuple[str, ...] = ()
    closed: Mapping[str, Closed] = field(default_factory=lambda: _NOTHING_CLOSED)
    called: Mapping[str, str] = field(default_factory=lambda: _SAME_NAMES)
    first: datetime | None = None
    data_through: datetime | None = None

    @property
    def unread(self) -> bool:
        """Say whether the log could not be looked at yet, so that its columns are not known."""
        return not self.columns


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every source's card by name. Binding a question reads this and does no I/O."""

    sources: Mapping[str, SourceCard]

    def source(self, name: str) -> SourceCard | None:
        """Give the card of a source, or None where there is no such source."""
        return self.sources.get(name)
