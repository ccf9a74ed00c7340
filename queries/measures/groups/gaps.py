"""Whether one side treats groups differently than the other side does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queries.core.crowds.suppression import withheld_groups
from queries.core.number import Number
from queries.core.value import Cell
from queries.measures.sides.cells import Counted
from queries.statistics.estimates import ENOUGH, LEVEL, cannot_say, z_quantile
from queries.statistics.stratified import UNKNOWN_DAYS, Within, within


@dataclass(frozen=True)
class GroupChange:
    """How much more often one group gets the favourable answer on the first side.

    ``here`` is that difference within strata. ``reference`` is the attribute's largest group and
    ``there`` its own difference; both are None for the reference itself.
    """

    attribute: str
    value: Cell
    here: Within
    reference: Cell = None
    there: Within | None = None

    @property
    def widens(self) -> bool:
        """Whether the group and the reference lie further apart on the first side."""
        if self.there is None:
            return False
        first, second = (self.here.means[side] - self.there.means[side] for side in (0, 1))
        return abs(first) > abs(second)

    @property
    def value_apart(self) -> float | None:
        """How much more the group's share changed than the reference's."""
        if self.there is None or self.here.value is None or self.there.value is None:
            return None
        return self.here.value - self.there.value

    @property
    def variance(self) -> float:
        """The variance of that."""
        return self.here.variance + (self.there.variance if self.there else 0.0)

    @property
    def units(self) -> float:
        """How many rows, evenly split, would tell as much of the whole comparison."""
        return self.here.units + (self.there.units if self.there else 0.0)

    @property
    def rows(self) -> int:
        """The rows of both groups that are compared."""
        return self.here.rows + (self.there.rows if self.there else 0)

    def apart(self, level: float = LEVEL) -> Number:
        """Give how much more the group's share changed than the reference's, with its interval."""
        value = self.value_apart
        if value is None or self.rows == 0:
            return cannot_say("there is no other group to compare with", self.here.rows, "share")
        if not math.isfinite(self.variance):
            return Number(value, self.rows, unit="share", why=UNKNOWN_DAYS)
        half = z_quantile(level) * math.sqrt(self.variance)
        return Number(value, self.rows, value - half, value + half, "share")

    def p(self) -> float | None:
        """Give the two-sided p value of both having changed alike."""
        value = self.value_apart
        if value is None or self.variance <= 0 or not math.isfinite(self.variance):
            return None
        return math.erfc(abs(value) / math.sqrt(2 * self.variance))


def group_changes(
    counted: Counted, metric: int, attributes: Sequence[str], effect: float, smallest: int
) -> tuple[GroupChange, ...]:
    """Compare both sides within each group, and each group with its attribute's largest.

    Groups with fewer than ``ENOUGH`` rows on either side, and rows without a group, are left out;
    so are groups of fewer than ``smallest`` rows, with others that would give them away.
    """
    found = []
    for attribute in attributes:
        of = {
            value: within(cells.strata(metric), share=True, effect=effect)
            for (name, value), cells in counted.groups.items()
            if name == attribute
        }
        hidden = _withheld(of, smallest)
        kept = {
            value: each
            for value, each in of.items()
            if value is not None and value not in hidden and min(each.n) >= ENOUGH
        }
        # One group alone has no other to be treated differently from.
        if len(kept) < 2:
            continue
        # The largest is known best: its own luck adds least to each of the differences.
        largest = max(kept, key=lambda value: (kept[value].rows, str(value)))
        found.append(GroupChange(attribute, largest, kept.pop(largest)))
        there = found[-1].here
        found += [
            GroupChange(attribute, value, here, largest, there)
            for value, here in sorted(kept.items(), key=lambda each: str(each[0]))
        ]
    return tuple(found)


def _withheld(groups: Mapping[Cell, Within], smallest: int) -> frozenset[Cell]:
    """Give the groups to withhold by their rows, and by those of them that are compared.

    A group without a counterpart is in no comparison, but what it lacks to the whole shows.
    """
    compared = {value: each.rows for value, each in groups.items()}
    everything = {value: each.rows + sum(each.apart) for value, each in groups.items()}
    return withheld_groups(compared, smallest) | withheld_groups(everything, smallest)
