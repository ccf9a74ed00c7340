"""One thing that two sides are compared by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from queries.core.value import ColumnType
from queries.measures.counting.expressions import Expression

Worse = Literal["higher", "lower", ""]


@dataclass(frozen=True, eq=False)
class Metric:
    """One thing that is averaged over requests.

    ``name`` is what is measured: errors, slow, right, off (by how much numbers were), value, or
    the output's role; ``value`` the class, the limit, or the value's column. ``expression`` is 1
    or 0 of a share, else the number; NULL where it isn't known. ``worse`` says which way is for
    the worse, nothing where neither is. ``matters`` is the smallest change worth acting on: of
    shares absolute, of numbers a part of what is compared with.
    """

    name: str
    expression: Expression
    worse: Worse
    matters: float
    value: str | float = ""
    share: bool = True

    @property
    def unit(self) -> ColumnType:
        """A share of requests, or a number of its own unit."""
        return "share" if self.share else "number"

    def least(self, before: float) -> float:
        """The smallest difference worth acting on, in the metric's own unit."""
        return self.matters if self.share else self.matters * abs(before)
