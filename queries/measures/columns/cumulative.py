"""Distances between cumulative shares, walked along in the engine; two numbers come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from queries.core.doors.constructs import Bin
from queries.core.log import Log
from queries.measures.columns.profiles import NumericProfile
from queries.measures.counting.expressions import Expression, Key, Sample, finite

FINE = 10_000
"""Bins of the reference's range, as NannyML takes them."""

Distances = dict[Key, tuple[float | None, float | None]]
"""By group: Kolmogorov-Smirnov, and Wasserstein in the column's own unit."""


def cumulative_distances(
    log: Log,
    name: str,
    profile: NumericProfile,
    reference_sample: Sample,
    current: Sample,
    by: Mapping[str, Expression] | None,
) -> Distances:
    """Give the Kolmogorov-Smirnov and Wasserstein distances by group, in one statement.

    ``profile`` is that of the column in the reference. On ``FINE`` bins of its range where it has
    at least as many rows (as NannyML), else exact. A bin stands at the mean of the values in it,
    also beyond the range. A group without values doesn't appear. Uses relations: cumulative
    shares need windows.
    """
    if not profile.n or profile.low is None or profile.high is None:
        return {}
    groups = list(by or {})
    labelled = {f"g{i}": (by or {})[group] for i, group in enumerate(groups)}
    step = (profile.high - profile.low) / FINE if profile.n >= FINE else 0.0
    seen = _stacked(log, name, current, labelled, (profile.low, step))
    before = _stacked(log, name, reference_sample, {}, (profile.low, step))
    keys = [seen.c[label] for label in labelled]
    zero = sa.literal(0.0, sa.Double)
    # Every group walks along all of the reference, which is counted once and joined to each.
    distinct = sa.select(*keys, sa.literal(1).label("any")).distinct().subquery()
    both = sa.union_all(
        sa.select(*keys, seen.c.place, seen.c.n, zero.label("m"), seen.c.sum),
        sa.select(
            *(distinct.c[label] for label in labelled),
            before.c.place,
            zero.label("n"),
            before.c.n.label("m"),
            before.c.sum,
        ).select_from(distinct.join(before, sa.true())),
    ).subquery()
    return _walk(log, both, list(labelled))


def _stacked(
    log: Log, name: str, sample: Sample, by: Mapping[str, Expression], fine: tuple[float, float]
) -> sa.Subquery:
    """Give rows and sum of values by group and place: a fine bin, or the value itself."""
    low, step = fine
    rows = log.relation(
        {**by, "x": finite(log.column(name))},
        spans=sample.spans,
        where=sample.where,
        dataset=sample.dataset,
    )
    place: Expression = rows.c.x
    if step > 0:
        above = sa.case(
            (rows.c.x > low + step * FINE, FINE + 1), else_=1 + Bin(rows.c.x, low, step, FINE)
        )
        place = sa.case((rows.c.x < low, 0), else_=above)
    keys = [rows.c[label] for label in by]
    placed = (
        sa.select(*keys, place.label("place"), rows.c.x).where(rows.c.x.is_not(None)).subquery()
    )
    keys = [placed.c[label] for label in by]
    return (
        sa.select(
            *keys,
            placed.c.place,
            # As doubles, since shares follow: PostgreSQL cuts the fraction off
            # where it divides integers.
            sa.cast(sa.func.count(), sa.Double).label("n"),
            sa.func.sum(placed.c.x).label("sum"),
        )
        .group_by(*keys, placed.c.place)
        .subquery()
    )


def _walk(log: Log, both: sa.Subquery, keys: Sequence[str]) -> Distances:
    """Walk along the places, keeping the cumulative shares of both samples."""
    places = (
        sa.select(
            *(both.c[key] for key in keys),
            both.c.place,
            sa.func.sum(both.c.n).label("n"),
            sa.func.sum(both.c.m).label("m"),
            (sa.func.sum(both.c.sum) / sa.func.sum(both.c.n + both.c.m)).label("at"),
        )
        .group_by(*(both.c[key] for key in keys), both.c.place)
        .subquery()
    )
    group = [places.c[key] for key in keys]

    def share(column: Expression) -> Expression:
        # A group whose present holds no value has no shares: NULL, not a division by zero.
        so_far = sa.func.sum(column).over(partition_by=group, order_by=places.c.place)
        return so_far / sa.func.nullif(sa.func.sum(column).over(partition_by=group), 0)

    apart = (
        sa.select(
            *group,
            sa.func.abs(share(places.c.n) - share(places.c.m)).label("gap"),
            (
                sa.func.lead(places.c.at).over(partition_by=group, order_by=places.c.place)
                - places.c.at
            ).label("width"),
        )
    ).subquery()
    found = log.run(
        sa.select(
            *(apart.c[key] for key in keys),
            sa.func.max(apart.c.gap).label("ks"),
            sa.func.sum(apart.c.gap * apart.c.width).label("moved"),
        ).group_by(*(apart.c[key] for key in keys))
    )
    return {tuple(row[key] for key in keys): (row["ks"], row["moved"]) for row in found}
