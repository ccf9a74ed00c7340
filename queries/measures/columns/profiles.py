"""What a number looks like: how many are there, missing, infinite; range and mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from queries.core.log import Log
from queries.measures.counting.batches import each_in_batches, groups_in_batches
from queries.measures.counting.expressions import (
    EVERYTHING,
    Expression,
    Key,
    Sample,
    calm,
    count_where,
    finite,
)

_SMALL = 1e-50


@dataclass(frozen=True, slots=True)
class NumericProfile:
    """A numeric column over some rows.

    ``missing`` counts NULL and NaN, ``infinite`` ±infinity and magnitudes past 1e70; ``n`` are the
    others, which low, high and mean are of; these are None without any.
    """

    rows: int
    missing: int
    infinite: int
    n: int
    low: float | None
    high: float | None
    mean: float | None

    @property
    def constant(self) -> bool:
        """Say whether all values are the same."""
        return self.n > 0 and self.low == self.high


Profiles = dict[Key, dict[str, NumericProfile]]


def numeric_profiles(
    log: Log,
    names: Sequence[str],
    sample: Sample = EVERYTHING,
    by: Mapping[str, Expression] | None = None,
) -> Profiles:
    """Profile numeric columns, by group, in one pass for some at a time.

    Raises NotAnswerable where a column may only be split by: its range would show single values.
    """
    groups = dict(by or {})
    return groups_in_batches(names, lambda some: _profiles(log, some, sample, groups))


def _profiles(
    log: Log, names: Sequence[str], sample: Sample, groups: Mapping[str, Expression]
) -> Profiles:
    measures: dict[str, Expression] = {"n": sa.func.count()}
    for i, name in enumerate(names):
        value = finite(log.column(name))
        measures |= {
            f"missing{i}": count_where(log.missing(name)),
            f"n{i}": sa.func.count(value),
            f"low{i}": sa.func.min(value),
            f"high{i}": sa.func.max(value),
            f"mean{i}": sa.func.avg(value),
        }
    rows = log.aggregate(
        measures, by=groups, spans=sample.spans, where=sample.where, dataset=sample.dataset
    )
    return {
        tuple(row[key] for key in groups): {name: _profile(row, i) for i, name in enumerate(names)}
        for row in rows
    }


def skews(
    log: Log, profiles: Mapping[str, NumericProfile], sample: Sample = EVERYTHING
) -> dict[str, float]:
    """Give the moment coefficient of skewness m₃/m₂^1.5 of profiled columns.

    The moments are about the known mean, since raw third ones lose all digits; 0 where constant.
    """
    return each_in_batches(
        [*profiles], lambda some: _skews(log, {name: profiles[name] for name in some}, sample)
    )


def _skews(log: Log, profiles: Mapping[str, NumericProfile], sample: Sample) -> dict[str, float]:
    means = {name: each.mean for name, each in profiles.items() if each.mean is not None}
    measures: dict[str, Expression] = {}
    for i, (name, mean) in enumerate(means.items()):
        apart = finite(log.column(name)) - mean
        if abs(mean) < _SMALL:  # only two numbers so small can differ by too little
            apart = calm(apart)
        measures[f"second{i}"] = sa.func.avg(apart * apart)
        measures[f"third{i}"] = sa.func.avg(apart * apart * apart)
    found = dict.fromkeys(profiles, 0.0)
    if measures:
        row = log.aggregate(
            measures, spans=sample.spans, where=sample.where, dataset=sample.dataset
        )[0]
        for i, name in enumerate(means):
            # By its range: a mean's last digit would give a constant a tiny
            # spread, and so some skew.
            if not profiles[name].constant and row[f"second{i}"]:
                found[name] = row[f"third{i}"] / row[f"second{i}"] ** 1.5
    return found


def _profile(row: Mapping[str, Any], i: int) -> NumericProfile:
    rows, missing, n = int(row["n"]), int(row[f"missing{i}"]), int(row[f"n{i}"])
    low, high, mean = (row[f"{name}{i}"] for name in ("low", "high", "mean"))
    return NumericProfile(
        rows=rows, missing=missing, infinite=rows - missing - n, n=n, low=low, high=high, mean=mean
    )
