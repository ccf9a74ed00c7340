"""Pearson's chi-square: how far counts lie from those expected (Pearson 1900)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc


def pearson(seen: npt.ArrayLike, expected: npt.ArrayLike, df: int) -> tuple[float, float]:
    """Give the statistic and its p value."""
    known = np.asarray(expected, float)
    statistic = float(((np.asarray(seen, float) - known) ** 2 / known).sum())
    return statistic, float(chdtrc(df, statistic))


def independence(table: npt.NDArray[np.float64], *, yates: bool = False) -> tuple[float, float]:
    """Test that two rows of counts are spread alike over columns, of which none is empty.

    ``yates`` moves every count up to a half towards what is expected (Yates 1934).
    """
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    off = expected - table
    seen = table + np.clip(off, -0.5, 0.5) if yates else table
    return pearson(seen, expected, table.shape[1] - 1)
