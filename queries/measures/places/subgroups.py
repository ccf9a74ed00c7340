"""Slices by one dimension or two, counted now and in each comparable period."""

from __future__ import annotations

from dataclasses import dataclass

from queries.core.value import Cell
from queries.measures.places.slice import SliceCounts
from queries.statistics.rates import Count

OTHERS = "(all others)"
"""The slice of all values of a dimension that don't stand for themselves."""


@dataclass(frozen=True, slots=True)
class Subgroup:
    """The requests with one value of one dimension, or of two together: hits and trials.

    ``now`` are those of the present, ``past`` those of each comparable period.
    """

    dimensions: tuple[str, ...]
    values: tuple[Cell, ...]
    now: Count
    past: tuple[Count, ...] = ()

    @property
    def before(self) -> Count:
        """Hits and trials of all comparable periods together."""
        return sum(k for k, _ in self.past), sum(n for _, n in self.past)

    def as_slice(self) -> SliceCounts:
        """The same of a single dimension, for ranking what carries a change."""
        return SliceCounts(self.dimensions[0], self.values[0], self.now, self.past)


@dataclass(frozen=True)
class Subgroups:
    """Everything that was counted.

    ``total`` is all requests, ``single`` those by one dimension, ``pairs`` by two. ``lumped`` are
    the dimensions with more values than stand for themselves, ``unpaired`` how many pairs of
    dimensions had too many values to be counted.
    """

    total: Subgroup
    single: tuple[Subgroup, ...]
    pairs: tuple[Subgroup, ...]
    lumped: tuple[str, ...]
    unpaired: int

    def of(self, dimension: str) -> tuple[Subgroup, ...]:
        """The slices of one dimension; together they are all requests."""
        return tuple(each for each in self.single if each.dimensions == (dimension,))


NOTHING = Subgroups(Subgroup((), (), (0, 0)), (), (), (), 0)
