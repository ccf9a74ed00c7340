"""Two sides by slice and stretch of time, as arrays: what strata, days and groups are read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from queries.core.value import Cell
from queries.statistics.stratified import Strata

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

HOUR, DAY = 3600, 86_400


@dataclass(frozen=True, eq=False)
class Cells:
    """Both sides by slice and stretch of time: arrays of sides by cells by metrics.

    ``slices`` and ``at`` say of each cell in which slice and stretch it lies, ``rows`` how many
    rows a side has there. Where the sides don't serve ``together``, stretches are days, and a
    stratum is a slice.
    """

    slices: Places
    at: Places
    together: bool
    rows: Array
    n: Array
    total: Array
    squares: Array

    @property
    def matched(self) -> tuple[int, int]:
        """How many rows of either side lie in a stratum in which the other has some as well."""
        rows = self._strata(self.rows)
        both = (rows > 0).all(axis=0)
        return int(rows[0, both].sum()), int(rows[1, both].sum())

    def strata(self, metric: int, slice_: int | None = None) -> Strata:
        """Give one metric's strata, all or those of a slice."""
        of = np.ones(len(self.slices), bool) if slice_ is None else self.slices == slice_
        n, total_, squares = (
            self._strata(each[:, :, metric], of) for each in (self.n, self.total, self.squares)
        )
        return Strata((n[0], n[1]), (total_[0], total_[1]), (squares[0], squares[1]))

    def until(self, ends: Places, moment: int) -> Cells:
        """The cells whose stretches end by a moment, given when each ends."""
        kept = ends <= moment
        return Cells(
            slices=self.slices[kept],
            at=self.at[kept],
            together=self.together,
            rows=self.rows[:, kept],
            n=self.n[:, kept],
            total=self.total[:, kept],
            squares=self.squares[:, kept],
        )

    def days(self, metric: int) -> Strata:
        """Give one metric's stretches over all slices: days, where the sides aren't together."""
        n, total_, squares = (
            _added(each[:, :, metric], self.at) for each in (self.n, self.total, self.squares)
        )
        return Strata((n[0], n[1]), (total_[0], total_[1]), (squares[0], squares[1]))

    def _strata(self, values: Array, of: npt.NDArray[np.bool_] | None = None) -> Array:
        kept = slice(None) if of is None else of
        if self.together:
            return values[:, kept]
        return _added(values[:, kept], self.slices[kept])


def _added(values: Array, places: Places) -> Array:
    """Add up cells that are of the same place."""
    kinds, place = np.unique(places, return_inverse=True)
    summed = np.zeros((2, len(kinds)))
    np.add.at(summed.T, place, values.T)
    return summed


@dataclass(frozen=True)
class Counted:
    """Both sides by stratum, for all requests and for each group.

    ``slices`` are the values of ``dimension`` in which both sides serve; None alone where there
    is nothing to compare within, and ``begun`` when both began to. A stretch is ``seconds`` long,
    None where the sides don't serve at the same time. ``groups`` are those of each attribute that
    was asked for.
    """

    dimension: str
    slices: tuple[Cell, ...]
    begun: tuple[datetime | None, ...]
    seconds: int | None
    cells: Cells
    groups: Mapping[tuple[str, Cell], Cells]

    def ends(self, cells: Cells, origin: datetime) -> Places:
        """When each cell's stretch ends, in seconds after an origin."""
        begun = [(each - origin).total_seconds() if each else 0.0 for each in self.begun]
        starts = np.array(begun, dtype=np.int64)[cells.slices] if begun else cells.at
        return np.asarray(starts + (cells.at + 1) * (self.seconds or 0), dtype=np.int64)
